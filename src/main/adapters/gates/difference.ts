import { diffArrays } from 'diff';
import { inert, inertLine } from '../../../shared/safe-text.ts';

const CONTEXT = 3;
const MAX_LINES = 200;
const MAX_LINE = 400;
/** Beyond so many lines that came or went, all is shown as replaced: no more than `MAX_LINES` are shown anyway. */
const MAX_EDITS = 2_000;

type Step = readonly [' ' | '-' | '+', string];

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Where two different pieces of bytes part: by line where both are text, else by byte. */
export function firstDifference(expected: Uint8Array, observed: Uint8Array): string {
  const [was, is] = [textOf(expected), textOf(observed)];
  if (was === null || is === null) return `at byte ${firstByte(expected, observed) + 1}`;
  const [before, after] = [linesOf(was), linesOf(is)];
  const at = before.findIndex((line, index) => line !== after[index]);
  const line = at === -1 ? before.length : at;
  return `at line ${line + 1}: ${quoted(after[line])} instead of ${quoted(before[line])}`;
}

const quoted = (line: string | undefined): string =>
  line === undefined ? 'its end' : `"${cut(inertLine(line), 70)}"`;

/** A unified difference, bounded; where one side is not text, what the bytes are at the first place that differs. */
export function difference(expected: Uint8Array, observed: Uint8Array): string {
  const [was, is] = [textOf(expected), textOf(observed)];
  if (was === null || is === null) {
    const at = firstByte(expected, observed);
    return [
      `Not text: ${expected.length} bytes expected, ${observed.length} observed; they part at byte ${at + 1}.`,
      `-${hex(expected, at)}`,
      `+${hex(observed, at)}`,
    ].join('\n');
  }
  const lines = hunks(steps(linesOf(was), linesOf(is)));
  const shown = lines.slice(0, MAX_LINES);
  if (lines.length > MAX_LINES) shown.push(`[… ${lines.length - MAX_LINES} more lines differ …]`);
  return shown.join('\n');
}

function hunks(all: readonly Step[]): string[] {
  const lines: string[] = [];
  const near = new Set<number>();
  for (const [index, [sign]] of all.entries())
    if (sign !== ' ')
      for (let i = Math.max(0, index - CONTEXT); i <= index + CONTEXT && i < all.length; i += 1) near.add(i);
  let [before, after, last] = [1, 1, -1];
  for (const [index, [sign, line]] of all.entries()) {
    if (near.has(index)) {
      if (last === -1 || last < index - 1) lines.push(`@@ -${before} +${after} @@`);
      lines.push(sign + cut(inert(line), MAX_LINE));
      last = index;
    }
    if (sign !== '+') before += 1;
    if (sign !== '-') after += 1;
  }
  return lines;
}

/** Line by line; as replaced as a whole where that would take too long. */
function steps(a: readonly string[], b: readonly string[]): Step[] {
  const parts = diffArrays([...a], [...b], { maxEditLength: MAX_EDITS }) ?? [
    { removed: true, added: false, value: [...a] },
    { removed: false, added: true, value: [...b] },
  ];
  return parts.flatMap(({ removed, added, value }) => {
    const sign = removed ? '-' : added ? '+' : ' ';
    return value.map((line): Step => [sign, line]);
  });
}

/** A last line without its end is another line than one with it. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null; // not UTF-8: shown as bytes
  }
}

function firstByte(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at === -1 ? a.length : at;
}

const hex = (bytes: Uint8Array, from: number): string =>
  [...bytes.subarray(from, from + 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
const cut = (line: string, max: number): string =>
  line.length > max ? `${line.slice(0, max)}… (${line.length - max} more characters)` : line;
