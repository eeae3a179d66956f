import { reportedFiles } from '../../runtime/verification/base-result.ts';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import { isCode, lockClass, manifestKind, supportFile } from '../../runtime/verification/locked.ts';
import { reliedOn } from '../../runtime/verification/relied-on.ts';
import { languageOf, readTestSource } from '../../runtime/verification/test-source.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';

const MAX_FILES = 4_000;
const MAX_TEXT = 512 * 1024;

export type FurtherLocked = {
  /** Oracle by what base showed or says, whatever their name: files that reported tests, data only tests read, sourced scripts. */
  readonly locked: ReadonlySet<string>;
  /** Changed code with assertions that only tests import. */
  readonly helpers: readonly string[];
};

/** Looks only at files that the change touches, and reads others only if one of them could matter. */
export async function furtherLocked(o: {
  readonly base: TreeReader;
  readonly baseEntries: readonly TreeEntry[];
  readonly theirEntries: readonly TreeEntry[];
  readonly called: ReadonlySet<string>;
  readonly gates: readonly GateBase[];
}): Promise<FurtherLocked> {
  const is = new Map(o.theirEntries.map((entry) => [entry.path, entry.oid]));
  const free = (path: string): boolean =>
    lockClass(path, o.called) === null && supportFile(path) === null && manifestKind(path) === null;
  const plain = o.baseEntries.filter((entry) => entry.mode === '100644' || entry.mode === '100755');
  const touched = plain.filter((entry) => is.get(entry.path) !== entry.oid && free(entry.path));
  const reported = reportedFiles(o.gates);

  const locked = new Set<string>();
  const changed = new Map<string, string>();
  for (const { path } of touched.slice(0, MAX_FILES)) {
    const text = (await textOf(o.base, path)) ?? '';
    if (reported.has(path) && isTests(path, text)) locked.add(path);
    else changed.set(path, text);
  }
  const matters = [...changed].some(
    ([path, text]) => !isCode(path) || /assert|expect|test/i.test(text) || path.endsWith('.sh'),
  );
  if (!matters) return { locked, helpers: [] };

  const judges = new Map<string, string>();
  const product = new Map<string, string>();
  for (const { path } of plain.filter((entry) => isCode(entry.path)).slice(0, MAX_FILES)) {
    const text = await textOf(o.base, path);
    if (text === null) continue;
    (free(path) && !locked.has(path) ? product : judges).set(path, text);
  }
  const helpers: string[] = [];
  for (const [path, why] of reliedOn({ changed, judges, product }))
    if (why === 'helper') helpers.push(path);
    else locked.add(path);
  return { locked, helpers };
}

/** Product files may hold tests of their own (Rust, Vitest in source); those are compared by body instead. */
const isTests = (path: string, text: string): boolean =>
  languageOf(path) !== 'rs' &&
  !/\bimport\.meta\.vitest\b/.test(text) &&
  readTestSource(path, text).titles.length > 0;

async function textOf(tree: TreeReader, path: string): Promise<string | null> {
  const bytes = await tree.read(path, MAX_TEXT);
  return bytes === null || bytes.subarray(0, 8_000).includes(0) ? null : new TextDecoder().decode(bytes);
}
