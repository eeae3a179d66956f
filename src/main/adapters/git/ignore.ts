import { nameOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { compileWildmatch } from './wildmatch.ts';
import type { Wildmatch } from './wildmatch.ts';

type Rule = {
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** Patterns without a slash look at the last name only. */
  readonly byName: boolean;
  readonly matches: Wildmatch;
};

/** The rules of one ignore file. `dir` is the folder they are relative to. */
export type IgnoreFile = { readonly dir: BytePath; readonly rules: readonly Rule[] };

/** Rules are bounded: a repository's ignore file is data of somebody else. */
const maxRules = 20_000;

/** Reads an ignore file as git does (gitignore(5)), on bytes. */
export function parseIgnoreFile(dir: BytePath, bytes: Buffer): IgnoreFile {
  const start = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const rules: Rule[] = [];
  for (const raw of bytes.toString('latin1', start).split('\n')) {
    if (rules.length >= maxRules) break;
    const rule = parseRule(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
    if (rule) rules.push(rule);
  }
  return { dir, rules };
}

function parseRule(raw: string): Rule | null {
  let text = trimTrailingSpaces(raw);
  if (text === '' || text.startsWith('#')) return null;
  const negated = text.startsWith('!');
  if (negated) text = text.slice(1);
  const foldersOnly = text.endsWith('/');
  if (foldersOnly) text = text.slice(0, -1);
  const byName = !text.includes('/');
  if (text.startsWith('/')) text = text.slice(1);
  if (text === '') return null;
  const matches = compileWildmatch(text);
  return matches && { negated, foldersOnly, byName, matches };
}

/** Trailing spaces do not count unless the first of them is escaped. */
function trimTrailingSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === ' ') {
    let backslashes = 0;
    while (text[end - 2 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 1) break;
    end--;
  }
  return text.slice(0, end);
}

/**
 * Whether these files, the strongest last, ignore a path. Its folders must have been asked before: git never looks inside an
 * ignored folder, so a rule cannot bring back what lies in one.
 */
export function isIgnored(files: readonly IgnoreFile[], path: BytePath, isFolder: boolean): boolean {
  const name = nameOf(path);
  for (let at = files.length - 1; at >= 0; at--) {
    const file = files[at];
    if (file === undefined) continue;
    const inside = file.dir === '' ? path : path.slice(file.dir.length + 1);
    const rule = file.rules.findLast(
      (each) => (isFolder || !each.foldersOnly) && each.matches(each.byName ? name : inside),
    );
    if (rule) return !rule.negated;
  }
  return false;
}
