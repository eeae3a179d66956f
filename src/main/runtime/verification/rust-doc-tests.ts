export type DocTest = { readonly item: string; readonly body: string };

const LINE = /^\s*\/\/[/!] ?(?!\/)(.*)$/;
const BLOCK = /\/\*[*!](?![*/])([\s\S]*?)\*\//g;
const FENCE = /^\s*(`{3,}|~{3,})\s*(.*)$/;
const ITEM =
  /\b(?:fn|struct|enum|union|trait|mod|type|const(?!\s+(?:unsafe\s+)?fn)|static|macro_rules!|impl)\s+(\w+)/;
/** Words after a fence with which rustdoc still runs the block. */
const RUN = /^(?:rust|should_panic|no_run|compile_fail|test_harness|standalone_crate|edition\d{4}|E\d{4})$/;

/**
 * The examples in documentation comments that `cargo test` runs, with the item they belong to ('' for a file's own). They are
 * tests and lie in comments of product files, so nothing else compares them. White space aside.
 */
export function rustDocTests(text: string): DocTest[] {
  const lines = text.replaceAll(BLOCK, asLines).split(/\r?\n/);
  const tests: DocTest[] = [];
  let bodies: string[] = [];
  let fence: { readonly mark: string; readonly run: boolean; readonly code: string[] } | null = null;
  for (const line of lines) {
    const doc = LINE.exec(line)?.[1];
    if (doc !== undefined) {
      const found = FENCE.exec(doc);
      const mark = found?.[1] ?? '';
      if (fence === null && found !== null) fence = { mark, run: isRun(found[2] ?? ''), code: [] };
      else if (fence !== null && mark.startsWith(fence.mark) && (found?.[2] ?? '') === '') {
        if (fence.run) bodies.push(fence.code.join(' ').replaceAll(/\s+/g, ' ').trim());
        fence = null;
      } else fence?.code.push(doc);
      continue;
    }
    fence = null;
    // Attributes and blank lines stand between a comment and its item.
    if (bodies.length === 0 || /^\s*(?:#|$)/.test(line)) continue;
    const item = ITEM.exec(line)?.[1] ?? '';
    for (const body of bodies) tests.push({ item, body });
    bodies = [];
  }
  for (const body of bodies) tests.push({ item: '', body });
  return tests;
}

const isRun = (info: string): boolean =>
  info
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .every((word) => RUN.test(word));

const asLines = (_: string, inside: string): string =>
  inside
    .split('\n')
    .map((line) => `/// ${line.replace(/^\s*\* ?/, '')}`)
    .join('\n');
