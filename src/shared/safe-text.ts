/**
 * Text of agents and repositories, made inert for a screen: escape sequences out, control and direction-changing
 * characters replaced by a visible mark, so that what is read is what is there.
 */

export type TextPart = {
  readonly text: string;
  /** Set when `text` stands for a character that must not act: its name, such as `U+202E`. */
  readonly mark: string | null;
};

// C0 but tab and newline, DEL, C1, bidi controls, invisible spaces and joiners that no script needs, line separators,
// interlinear and tag characters. ZWNJ and ZWJ stay: Persian and emoji need them.
const CONTROL =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

// CSI, then OSC/DCS/SOS/PM/APC that really end (one that never ends must not swallow what follows), then two-byte
// escapes. Bounded, so that hostile input cannot make matching quadratic.
const ESCAPES =
  // eslint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c\n]{0,4096}(?:\u0007|\u001b\\|\u009c)|\u001b(?![[\]PX^_])[ -/]{0,8}[0-~]/g;

/** `U+202E` for U+202E. */
function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Splits text into plain runs and marked characters; joined plain runs and marks are the whole text. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(CONTROL)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), mark: null });
    parts.push({ text: `⟨${nameOf(match[0])}⟩`, mark: nameOf(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), mark: null });
  return parts;
}

/** The same as one string, for places that take no markup: titles, tooltips, diffs. */
export function inert(text: string): string {
  return text.replace(CONTROL, (character) => `⟨${nameOf(character)}⟩`);
}

/** On one line: line breaks and tabs become spaces. */
export function inertLine(text: string): string {
  return inert(text.replace(/[\r\n\t]+/g, ' '));
}

/** Program output without escape sequences. A carriage return starts a line: nothing that was printed is overwritten. */
export function terminalText(raw: string): string {
  return raw.replace(/\r\n?/g, '\n').replace(ESCAPES, '');
}

export type TerminalLine = { readonly text: string; readonly cut: number };

/** Lines of program output for a list; a line over `limit` characters is cut and says by how many. */
export function terminalLines(raw: string, limit = 2_000): TerminalLine[] {
  const lines = terminalText(raw).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) =>
    line.length <= limit
      ? { text: inert(line), cut: 0 }
      : { text: inert(line.slice(0, limit)), cut: line.length - limit },
  );
}
