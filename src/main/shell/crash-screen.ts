import { APP_ORIGIN } from '../../shared/desktop.ts';

/** The only page the shell writes itself: for when there is no host to show anything else. It has no script at all. */

export const CRASH_PATH = '/crash';
/** Always of our own scheme: also when the page comes from a development server. */
export const CRASH_URL = `${APP_ORIGIN}${CRASH_PATH}`;

export type Crash = {
  readonly title: string;
  /** What is so, what is safe, what to do. */
  readonly message: string;
  /** The last phase of the start that was finished. */
  readonly phase: string | null;
  /** Where details were written. */
  readonly file: string | null;
};

/** Links that the shell acts on instead of following them. */
export const crashActions = {
  retry: `${CRASH_URL}/retry`,
  logs: `${CRASH_URL}/logs`,
  quit: `${CRASH_URL}/quit`,
};

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

export function crashPage(crash: Crash): string {
  const fact = (name: string, value: string | null): string =>
    value === null ? '' : `<dt>${name}</dt><dd>${escape(value)}</dd>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>omk</title>
<style>
  body { font: 13px/20px system-ui, sans-serif; margin: 0; color: light-dark(#1a1c21, #e8eaef); background: light-dark(#fcfcfd, #191a1f); }
  main { max-width: 560px; margin: 12vh auto 0; padding: 0 24px; }
  h1 { font-size: 18px; line-height: 26px; font-weight: 600; margin: 0 0 8px; }
  p { white-space: pre-wrap; overflow-wrap: anywhere; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; color: light-dark(#4d535f, #abb1bd); }
  dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; font-size: 12px; }
  nav { display: flex; gap: 16px; margin-top: 20px; }
  a { color: light-dark(#2857cc, #8caaff); }
  a:focus-visible { outline: 2px solid currentcolor; outline-offset: 2px; }
</style>
</head>
<body>
<main>
<h1>${escape(crash.title)}</h1>
<p>${escape(crash.message)}</p>
<dl>${fact('Last step done', crash.phase)}${fact('Details', crash.file)}</dl>
<nav aria-label="What to do">
<a href="${crashActions.retry}">Try again</a>
<a href="${crashActions.logs}">Show the logs</a>
<a href="${crashActions.quit}">Quit</a>
</nav>
</main>
</body>
</html>
`;
}
