import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import { bytePath, joinPath, onDisk, parentOf, rootPath, unsafePath } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { errorCode } from './failure.ts';
import { isIgnored, parseIgnoreFile } from './ignore.ts';
import type { IgnoreFile } from './ignore.ts';
import { readSmall } from './object-id.ts';
import { createPace } from '../process/pace.ts';
import { pryOpen } from './pry.ts';

export type FoundFile = {
  readonly path: BytePath;
  readonly isLink: boolean;
  readonly executable: boolean;
  readonly stat: Stats;
};

/** Something that is there and cannot be part of a tree. */
export type OddPath = {
  readonly path: BytePath;
  readonly why:
    'unreadable' | 'not a file' | 'unsafe name' | 'nested repository' | 'in a submodule' | 'path too long';
};

export type Walk = {
  readonly files: readonly FoundFile[];
  /** Untracked and ignored; a folder ends in a slash and stands for everything in it. */
  readonly ignored: readonly BytePath[];
  readonly odd: readonly OddPath[];
  /** Folders and files that could not be looked at: what is tracked there is unknown, not deleted. */
  readonly closed: readonly BytePath[];
  /** `false`: a limit ended the walk early. */
  readonly complete: boolean;
};

export type WalkOptions = {
  readonly root: string;
  readonly tracked: TrackedPaths;
  /** Ignore rules that come from elsewhere than the folders themselves, the strongest last. */
  readonly excludes: readonly IgnoreFile[];
  /** Only these folders, and everything in them whatever ignore rules say. */
  readonly everythingIn?: readonly BytePath[];
  /** Lets omk into what an agent closed to itself: adds the owner's rights for as long as it takes to look. */
  readonly pry?: boolean;
  /** On the `performance.now()` clock. */
  readonly until?: number;
  readonly maxFiles?: number;
  readonly signal?: AbortSignal | undefined;
};

export type TrackedPaths = {
  readonly has: (path: BytePath) => boolean;
  readonly hasFolder: (path: BytePath) => boolean;
  readonly isSubmodule: (path: BytePath) => boolean;
};

/** From the entries of a tree or of an index. */
export function trackedPaths(
  entries: Iterable<readonly [BytePath, { readonly mode: string }]>,
): TrackedPaths {
  const files = new Set<BytePath>();
  const folders = new Set<BytePath>([rootPath]);
  const submodules = new Set<BytePath>();
  for (const [path, { mode }] of entries) {
    files.add(path);
    if (mode === '160000') submodules.add(path);
    for (let dir = parentOf(path); !folders.has(dir); dir = parentOf(dir)) folders.add(dir);
  }
  return {
    has: (path) => files.has(path),
    hasFolder: (path) => folders.has(path),
    isSubmodule: (path) => submodules.has(path),
  };
}

/** A folder stays open: its files are still to be read. */
const folderRights = { rights: 0o700, keep: true };
/** Far above any real one, and far enough below what systems take for the path to fit elsewhere too. */
const maxPath = 2_000;
const maxIgnoreFile = 4 * 1024 * 1024;

/**
 * Every file of a working folder that git could track: follows no link, opens nothing but ignore files, runs nothing, and
 * trusts nothing inside the folder's `.git`.
 */
export async function walk(o: WalkOptions): Promise<Walk> {
  const files: FoundFile[] = [];
  const ignored: BytePath[] = [];
  const odd: OddPath[] = [];
  const closed: BytePath[] = [];
  const pace = createPace();
  const maxFiles = o.maxFiles ?? 2_000_000;
  let complete = true;

  type Folder = { readonly dir: BytePath; readonly rules: readonly IgnoreFile[]; readonly ignored: boolean };
  const start = o.everythingIn ?? [rootPath];
  const waiting: Folder[] = start.map((dir) => ({ dir, rules: o.excludes, ignored: false }));
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const rest = pace();
    if (rest) await rest;
    if (
      o.signal?.aborted ||
      files.length + ignored.length + odd.length > maxFiles ||
      (o.until !== undefined && performance.now() > o.until)
    ) {
      complete = false;
      break;
    }
    const { dir } = folder;
    const entries = list(o, dir);
    if (typeof entries === 'string') {
      // A folder that went away while we looked is what it looks like: deleted.
      if (entries === 'gone') continue;
      closed.push(dir);
      odd.push({ path: dir, why: entries });
      continue;
    }
    const here = folder.ignored || o.everythingIn ? null : readIgnoreFile(o, dir, entries);
    const rules = here === null ? folder.rules : [...folder.rules, here];
    for (const entry of entries) {
      const name = bytePath(entry.name);
      const path = joinPath(dir, name);
      if (name === '.git') {
        if (dir !== '') odd.push({ path, why: 'nested repository' });
        continue;
      }
      if (path.length > maxPath) {
        odd.push({ path, why: 'path too long' });
        continue;
      }
      if (o.tracked.isSubmodule(path) && entry.isDirectory()) {
        if (!isEmpty(o, path)) odd.push({ path, why: 'in a submodule' });
        continue;
      }
      if (entry.isDirectory()) {
        const skip = folder.ignored || isIgnored(rules, path, true);
        if (skip && !o.tracked.hasFolder(path)) {
          ignored.push(`${path}/` as BytePath);
        } else if (unsafePath(name, false) !== null) odd.push({ path, why: 'unsafe name' });
        else waiting.push({ dir: path, rules, ignored: skip });
        continue;
      }
      if (!o.tracked.has(path) && (folder.ignored || isIgnored(rules, path, false))) {
        ignored.push(path);
        continue;
      }
      const isLink = entry.isSymbolicLink();
      if (!isLink && !entry.isFile()) odd.push({ path, why: 'not a file' });
      else if (unsafePath(name, isLink) !== null) odd.push({ path, why: 'unsafe name' });
      else {
        const stat = statOf(o, path);
        if (typeof stat === 'string') {
          odd.push({ path, why: stat });
          closed.push(path);
        } else if (stat !== null) files.push({ path, isLink, executable: (stat.mode & 0o100) !== 0, stat });
      }
    }
  }
  return { files, ignored, odd, closed, complete };
}

function list(o: WalkOptions, dir: BytePath): Dirent<Buffer>[] | 'gone' | 'unreadable' | 'path too long' {
  const place = onDisk(o.root, dir);
  const read = () => readdirSync(place, { withFileTypes: true, encoding: 'buffer' });
  try {
    return read();
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'gone';
    if (code === 'ENAMETOOLONG') return 'path too long';
    return (o.pry === true && pryOpen(place, folderRights, read)) || 'unreadable';
  }
}

/** `null`: gone since the folder was listed. */
function statOf(o: WalkOptions, path: BytePath): Stats | 'path too long' | 'unreadable' | null {
  const place = onDisk(o.root, path);
  try {
    return lstatSync(place);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'ENAMETOOLONG') return 'path too long';
    // The folder may be listed and not entered.
    const folder = onDisk(o.root, parentOf(path));
    return (o.pry === true && pryOpen(folder, folderRights, () => lstatSync(place))) || 'unreadable';
  }
}

function isEmpty(o: WalkOptions, dir: BytePath): boolean {
  const entries = list(o, dir);
  return typeof entries === 'string' ? entries === 'gone' : entries.length === 0;
}

function readIgnoreFile(
  o: WalkOptions,
  dir: BytePath,
  entries: readonly Dirent<Buffer>[],
): IgnoreFile | null {
  const name = entries.find((entry) => bytePath(entry.name) === '.gitignore')?.name;
  if (name === undefined) return null;
  const bytes = readSmall(onDisk(o.root, joinPath(dir, bytePath(name))), maxIgnoreFile);
  return bytes && parseIgnoreFile(dir, bytes);
}

/** `path` or one of its folders is among `folders`. */
export function isWithin(path: BytePath, folders: ReadonlySet<BytePath>): boolean {
  if (folders.size === 0) return false;
  for (let at: BytePath = path; ; at = parentOf(at)) {
    if (folders.has(at)) return true;
    if (at === '') return false;
  }
}

/** The bytes of a link; `null` when it is gone or none. */
export function readLink(place: Buffer): Buffer | null {
  try {
    return readlinkSync(place, { encoding: 'buffer' });
  } catch {
    // Gone since it was found, or never a link.
    return null;
  }
}

/** One path as the walk would find it; `null` when it is gone or cannot be in a tree. */
export function lookAt(root: string, path: BytePath): FoundFile | null {
  const stat = lstatSync(onDisk(root, path), { throwIfNoEntry: false });
  const isLink = stat?.isSymbolicLink() === true;
  if (stat === undefined || (!isLink && !stat.isFile()) || unsafePath(path, isLink) !== null) return null;
  return { path, isLink, executable: (stat.mode & 0o100) !== 0, stat };
}
