import { join } from 'node:path';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { Oid } from '../../../shared/kernel/ids.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { bytePathOfText, nameOf, onDisk, rootPath, textOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import type { TreeChanges } from './commit-tree.ts';
import { freeBytes } from './disk.ts';
import { diskFull, failure } from './failure.ts';
import type { Git } from './git.ts';
import { parseIgnoreFile } from './ignore.ts';
import { ingest } from './ingest.ts';
import { hashFile, hashObject, readSmall } from './object-id.ts';
import type { Blob, Entries } from './object-id.ts';
import { createPace } from '../process/pace.ts';
import { openPrying } from './pry.ts';
import { entriesOf } from './vault-tree.ts';
import { isWithin, lookAt, readLink, trackedPaths, walk } from './walk.ts';
import type { FoundFile, Walk } from './walk.ts';

/** Larger files are reported and not kept. */
const maxFile = 256 * 1024 * 1024;
const maxChanged = 50_000;
const maxNew = 200_000;
const maxChangedBytes = 2 * 1024 * 1024 * 1024;

/** Ignored files are kept as far as these go, the least deep first. */
const maxIgnoredFiles = 2_000;
const maxIgnoredBytes = 64 * 1024 * 1024;
const maxIgnoredFile = 16 * 1024 * 1024;
/** What tools make again from the rest. */
const reproducible = new Set(
  [
    'node_modules',
    '.venv',
    'venv',
    'target',
    '__pycache__',
    '.gradle',
    '.tox',
    '.mypy_cache',
    '.pytest_cache',
    '.next',
    '.turbo',
  ].map(bytePathOfText),
);

export type Captured = {
  /** Changes against base that a tree can have. */
  readonly changes: TreeChanges;
  /** Ignored new files whose bytes are in the vault. */
  readonly ignoredBlobs: TreeChanges;
  readonly ignored: readonly string[];
  /** What is there and cannot be kept, with why. */
  readonly odd: readonly { readonly path: string; readonly why: string }[];
};

/**
 * Takes the final bytes of a worktree: every file is read and compared with base by its bytes, and what differs is put into
 * the vault. The worktree's own `.git`, its index and its times are believed in nothing.
 */
export async function capture(
  git: Git,
  o: { readonly vault: string; readonly dir: string; readonly base: Oid },
): Promise<Result<Captured, Failure>> {
  const base = await entriesOf(git, o.vault, o.base);
  if (!base.ok) return base;
  const exclude = readSmall(join(o.vault, 'info/exclude'), 4_000_000);
  const seen = await walk({
    root: o.dir,
    tracked: trackedPaths(base.value),
    excludes: exclude ? [parseIgnoreFile(rootPath, exclude)] : [],
    maxFiles: base.value.size + maxNew,
    pry: true,
  });
  if (!seen.complete) return err(tooLarge(seen.files.length, 0));
  const compared = await compare(o.dir, base.value, seen);
  const kept = compared.changed.filter((file) => file.isLink || file.stat.size <= maxFile);
  const bytes = kept.reduce((sum, file) => sum + file.stat.size, 0);
  if (compared.changed.length > maxChanged || bytes > maxChangedBytes)
    return err(tooLarge(compared.changed.length, bytes));
  const ignoredFiles = await ignoredToKeep(o.dir, seen);
  // Twice: the pack is written before it is named.
  if (freeBytes(o.vault) < 2 * bytes) return err(diskFull({ need: 2 * bytes }));
  const blobs = await ingest(git, o.vault, o.dir, [...kept, ...ignoredFiles]);
  if (!blobs.ok) return blobs;

  const changes = new Map<BytePath, Blob | null>();
  const odd = seen.odd.map(({ path, why }) => ({ path: textOf(path), why: why as string }));
  for (const path of compared.deleted) changes.set(path, null);
  for (const file of compared.changed) {
    const blob = blobs.value.get(file.path);
    const before = base.value.get(file.path);
    if (blob === undefined)
      odd.push({ path: textOf(file.path), why: kept.includes(file) ? 'unreadable' : 'too large' });
    // It may have become what it was while it was being read.
    else if (blob.oid !== before?.oid || blob.mode !== before.mode) changes.set(file.path, blob);
  }
  const ignoredBlobs = new Map<BytePath, Blob | null>();
  for (const { path } of ignoredFiles) {
    const blob = blobs.value.get(path);
    if (blob) ignoredBlobs.set(path, blob);
  }
  return ok({ changes, ignoredBlobs, ignored: seen.ignored.toSorted().map(textOf), odd });
}

const tooLarge = (files: number, bytes: number): Failure =>
  failure('slice.too_large', `The attempt left ${files} files, more than omk keeps for one slice.`, {
    files,
    bytes,
  });

type Compared = {
  readonly changed: readonly FoundFile[];
  readonly deleted: readonly BytePath[];
};

async function compare(dir: string, base: Entries, seen: Walk): Promise<Compared> {
  const changed: FoundFile[] = [];
  const found = new Set<BytePath>();
  const pace = createPace();
  for (const file of seen.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const rest = pace();
    if (rest) await rest;
    found.add(file.path);
    const before = base.get(file.path);
    if (before === undefined || file.isLink !== (before.mode === '120000')) changed.push(file);
    else if (!file.isLink && file.executable !== (before.mode === '100755')) changed.push(file);
    else if (file.stat.size > maxFile || currentId(dir, file) !== before.oid) changed.push(file);
  }
  const closed = new Set(seen.closed);
  const deleted = [...base]
    .filter(([path, { mode }]) => !found.has(path) && mode !== '160000' && !isWithin(path, closed))
    .map(([path]) => path);
  return { changed, deleted };
}

/** `null`: cannot be known now; whoever reads the bytes finds out. */
function currentId(dir: string, file: FoundFile): Oid | null {
  const place = onDisk(dir, file.path);
  if (file.isLink) {
    const target = readLink(place);
    return target && hashObject('blob', target);
  }
  return hashFile(place, openPrying);
}

async function ignoredToKeep(dir: string, seen: Walk): Promise<FoundFile[]> {
  const folders: BytePath[] = [];
  const files: FoundFile[] = [];
  for (const path of seen.ignored) {
    const plain = path.replace(/\/$/, '') as BytePath;
    const file = plain === path ? lookAt(dir, path) : null;
    if (file) files.push(file);
    else if (plain !== path && !reproducible.has(nameOf(plain))) folders.push(plain);
  }
  const depth = (path: BytePath) => path.split('/').length;
  const inside = await walk({
    root: dir,
    tracked: trackedPaths([]),
    excludes: [],
    everythingIn: folders.toSorted((a, b) => depth(b) - depth(a)),
    maxFiles: maxIgnoredFiles,
    pry: true,
  });
  const kept: FoundFile[] = [];
  let bytes = 0;
  for (const file of [...files, ...inside.files].toSorted((a, b) => depth(a.path) - depth(b.path))) {
    if (file.stat.size > maxIgnoredFile || bytes + file.stat.size > maxIgnoredBytes) continue;
    if (kept.length >= maxIgnoredFiles) break;
    bytes += file.stat.size;
    kept.push(file);
  }
  return kept;
}
