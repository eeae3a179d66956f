import type { Finding } from '../../../../shared/goal/vocabulary.ts';
import type { ChangedCode } from './changed-code.ts';
import { remark } from './finding.ts';
import { scan } from './scan.ts';
import type { Language } from './scan.ts';

/** So many lines that say something, in a row and the same: shorter ones are idioms. */
const WINDOW = 8;
const MIN_CHARACTERS = 240;

/** Code that did not change, to find copies of: neighbours of changed files. */
export type Neighbour = { readonly path: string; readonly language: Language; readonly text: string };

type Line = { readonly number: number; readonly text: string };
type Window = {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  readonly added: boolean;
};

/** Lines the change wrote that are there already, in a changed file or in one beside it, or that it wrote twice. */
export function findDuplicates(files: readonly ChangedCode[], neighbours: readonly Neighbour[]): Finding[] {
  const known = new Map<string, Window[]>();
  const remember = (key: string, window: Window): void => {
    const others = known.get(key);
    if (others) others.push(window);
    else known.set(key, [window]);
  };
  for (const { path, language, text } of neighbours) {
    if (files.some((file) => file.path === path)) continue;
    const lines = telling(scan(text, language).text.split('\n'));
    for (const [key, window] of windows(path, lines, null)) remember(key, window);
  }
  const changed = files.map((file) => ({
    file,
    windows: windows(file.path, telling(file.lines.text), file.added),
  }));
  for (const { windows: own } of changed) for (const [key, window] of own) remember(key, window);
  return changed.flatMap(({ file, windows: own }) => copies(file.path, own, known));
}

function copies(
  path: string,
  own: readonly (readonly [string, Window])[],
  known: ReadonlyMap<string, readonly Window[]>,
): Finding[] {
  const findings: Finding[] = [];
  let open: { first: number; last: number; of: Window } | null = null;
  const close = (): void => {
    if (open === null) return;
    const where = open.of.path === path ? 'this file' : open.of.path;
    findings.push(
      remark(
        'warning',
        'slop.duplicate',
        path,
        open.first,
        `Lines ${open.first}–${open.last} are the same as in ${where} from line ${open.of.first} on.`,
      ),
    );
    open = null;
  };
  for (const [key, window] of own) {
    const twin = window.added ? known.get(key)?.find((one) => isOriginal(one, window)) : undefined;
    if (!twin) continue;
    if (open !== null && window.first <= open.last) open.last = window.last;
    else {
      close();
      open = { first: window.first, last: window.last, of: twin };
    }
  }
  close();
  return findings;
}

/** What stood there before, or of two new copies the first. */
function isOriginal(one: Window, copy: Window): boolean {
  if (one.path === copy.path) return one.last < copy.first;
  return !one.added || one.path < copy.path;
}

function windows(
  path: string,
  lines: readonly Line[],
  added: ReadonlySet<number> | null,
): (readonly [string, Window])[] {
  const found: (readonly [string, Window])[] = [];
  for (let at = 0; at + WINDOW <= lines.length; at += 1) {
    const part = lines.slice(at, at + WINDOW);
    const key = part.map((line) => line.text).join('\n');
    const [first, last] = [part[0], part.at(-1)];
    if (key.length < MIN_CHARACTERS || first === undefined || last === undefined) continue;
    // Eight lines that say one thing eight times are a table.
    if (new Set(part.map((line) => line.text)).size <= WINDOW / 2) continue;
    found.push([
      key,
      {
        path,
        first: first.number,
        last: last.number,
        added: added !== null && part.every((line) => added.has(line.number)),
      },
    ]);
  }
  return found;
}

/** Without imports and without lines of brackets only. */
function telling(lines: readonly string[]): Line[] {
  let importing = false;
  return lines.flatMap((raw, index): Line[] => {
    const text = raw.trim().replace(/\s+/g, ' ');
    const starts = /^(?:import\b|from\b.*\bimport\b|use\b|export\b.*\bfrom\b|const\b.*\brequire\()/.test(
      text,
    );
    if (starts) importing = /[{(]$/.test(text) || (/[{(]/.test(text) && !/[})]/.test(text));
    const skip = starts || importing || !/\w.*\w/.test(text);
    if (importing && /[})]/.test(text) && !starts) importing = false;
    return skip ? [] : [{ number: index + 1, text }];
  });
}
