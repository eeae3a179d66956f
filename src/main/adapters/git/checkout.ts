import { statSync } from 'node:fs';
import { join } from 'node:path';
import { onDisk, rootPath } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { parseIgnoreFile } from './ignore.ts';
import type { IgnoreFile } from './ignore.ts';
import { isUntouched, parseIndex } from './index-file.ts';
import type { IndexEntry } from './index-file.ts';
import { hashFile, hashObject, oidOf, readLinked, readSmall, zeroOid } from './object-id.ts';
import type { Blob, Entries } from './object-id.ts';
import { createPace } from '../process/pace.ts';
import type { Repository } from './repository.ts';
import { isWithin, readLink, trackedPaths, walk } from './walk.ts';
import type { FoundFile, OddPath } from './walk.ts';

/** How a person's working folder differs from its index. */
export type Checkout = {
  readonly index: ReadonlyMap<BytePath, IndexEntry>;
  /** Tracked paths whose bytes, kind or mode differ; `null`: deleted. */
  readonly changed: ReadonlyMap<BytePath, FoundFile | null>;
  readonly untracked: readonly FoundFile[];
  readonly odd: readonly OddPath[];
  /** Time ran out, or the index could not be understood and HEAD stood in for it. */
  readonly approximate: boolean;
};

const maxIndex = 1024 * 1024 * 1024;
const maxText = 8 * 1024 * 1024;

/**
 * Compares by the index's memory of size and time, and reads a file only where that differs: filters never run, and a file
 * that a filter or an end-of-line rule made is taken for what the index says as long as it was not touched.
 */
export async function readCheckout(
  repository: Repository,
  head: Entries,
  o: { readonly excludes: readonly IgnoreFile[]; readonly until?: number; readonly signal?: AbortSignal },
): Promise<Checkout> {
  const { index, writtenMs, understood } = readIndex(repository, head);
  const { topLevel, settings } = repository;
  const seen = await walk({
    root: topLevel,
    tracked: trackedPaths(index),
    excludes: o.excludes,
    ...(o.until === undefined ? {} : { until: o.until }),
    signal: o.signal,
  });
  const changed = new Map<BytePath, FoundFile | null>();
  const untracked: FoundFile[] = [];
  const found = new Set<BytePath>();
  const pace = createPace();
  let inTime = true;
  for (const file of seen.files) {
    const rest = pace();
    if (rest) await rest;
    const entry = index.get(file.path);
    found.add(file.path);
    if (entry === undefined) untracked.push(file);
    else if (entry.skipped || isUntouched(entry, file.stat, writtenMs, settings.trustsModes)) continue;
    else if (o.until !== undefined && performance.now() > o.until) inTime = false;
    else if (!sameBytes(topLevel, file, entry, settings.trustsModes)) changed.set(file.path, file);
  }
  const closed = new Set(seen.closed);
  if (seen.complete)
    for (const [path, entry] of index)
      if (!found.has(path) && !entry.skipped && entry.mode !== '160000' && !isWithin(path, closed))
        changed.set(path, null);
  return { index, changed, untracked, odd: seen.odd, approximate: !understood || !seen.complete || !inTime };
}

function readIndex(
  { gitDir }: Repository,
  head: Entries,
): { readonly index: Map<BytePath, IndexEntry>; readonly writtenMs: number; readonly understood: boolean } {
  const place = join(gitDir, 'index');
  const writtenMs = statSync(place, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const index = new Map<BytePath, IndexEntry>();
  const bytes = readSmall(place, maxIndex);
  const parsed = bytes === null && writtenMs === 0 ? [] : bytes && parseIndex(bytes);
  for (const entry of parsed ?? Array.from(head, ([path, blob]) => unknownEntry(path, blob)))
    // A path in an unfinished merge has several rows, and none of them is what the folder has.
    index.set(
      entry.path,
      entry.stage === 0 ? entry : unknownEntry(entry.path, { ...entry, oid: oidOf(zeroOid) }),
    );
  return { index, writtenMs, understood: parsed !== null };
}

const unknownEntry = (path: BytePath, { mode, oid }: Blob): IndexEntry => ({
  path,
  mode,
  oid,
  size: -1,
  mtimeSeconds: 0,
  mtimeNanos: 0,
  stage: 0,
  skipped: false,
});

function sameBytes(root: string, file: FoundFile, entry: IndexEntry, trustsModes: boolean): boolean {
  if (file.isLink !== (entry.mode === '120000')) return false;
  const place = onDisk(root, file.path);
  if (file.isLink) {
    const target = readLink(place);
    return target !== null && hashObject('blob', target) === entry.oid;
  }
  if (trustsModes && file.executable !== (entry.mode === '100755')) return false;
  try {
    if (hashFile(place) === entry.oid) return true;
  } catch {
    // Unreadable: whether it differs cannot be known, and saying so is the safe side.
    return false;
  }
  // Checked out with CRLF and only touched: the bytes git keeps have LF.
  const text = readSmall(place, maxText);
  if (text === null || !text.includes('\r\n')) return false;
  return (
    hashObject('blob', Buffer.from(text.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')) === entry.oid
  );
}

/** The person's own ignore rules and the repository's private ones, weakest first. */
export function excludesOf(commonDir: string, personal: readonly string[]): readonly IgnoreFile[] {
  return [...personal, join(commonDir, 'info/exclude')].flatMap((place) => {
    const bytes = readLinked(place, 1_000_000);
    return bytes ? [parseIgnoreFile(rootPath, bytes)] : [];
  });
}
