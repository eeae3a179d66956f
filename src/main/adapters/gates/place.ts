import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { lstat, mkdir, open, realpath, rm, rmdir, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeTree } from '../process/remove-tree.ts';

/** One run's folders as the host sees them, and as the gate sees them. */
export type Place = {
  readonly root: string;
  readonly tree: string;
  readonly home: string;
  /** Other absolute names of `tree`, where a folder above it is a link. */
  readonly aliases: readonly string[];
  readonly inside: { readonly tree: string; readonly home: string; readonly tmp: string };
};

/** In a namespace the run's folder is /tmp itself: a private one, and the same path for setup, base and result (decisions H2). */
export const NEUTRAL_ROOT = '/tmp';

/** Makes the empty folders of one run, 0700. `root` must not exist or must be a left-over of ours. */
export async function makePlace(root: string, namespaces: boolean): Promise<Place> {
  await removeTree(root);
  const seen = namespaces ? NEUTRAL_ROOT : root;
  await mkdir(root, { recursive: true, mode: 0o700 });
  const real = join(await realpath(root), 'work');
  const place: Place = {
    root,
    aliases: real === join(root, 'work') ? [] : [real],
    tree: join(root, 'work'),
    home: join(root, 'home'),
    inside: {
      tree: join(seen, 'work'),
      home: join(seen, 'home'),
      tmp: namespaces ? seen : join(root, 'tmp'),
    },
  };
  for (const dir of [place.tree, place.home, join(root, 'tmp')]) await mkdir(dir, { mode: 0o700 });
  return place;
}

/**
 * Puts a file at a path of a written tree without ever going through a link that the tree contains: whatever stands in the
 * way (a link or file where a folder belongs, a folder where the file belongs) is removed first.
 */
export async function placeFile(
  tree: string,
  path: string,
  content: { readonly bytes: Uint8Array; readonly mode: '100644' | '100755' | '120000' },
): Promise<void> {
  const parts = path.split('/');
  let dir = tree;
  for (const part of parts.slice(0, -1)) {
    dir = join(dir, part);
    const info = await lstat(dir).catch(() => null);
    if (info !== null && !info.isDirectory()) await unlink(dir);
    if (info === null || !info.isDirectory()) await mkdir(dir, { mode: 0o755 });
  }
  const file = join(tree, path);
  await removeEntry(tree, path);
  if (content.mode === '120000') {
    await symlink(Buffer.from(content.bytes).toString('utf8'), file);
    return;
  }
  const handle = await open(file, 'wx', content.mode === '100755' ? 0o755 : 0o644);
  try {
    await handle.writeFile(content.bytes);
  } finally {
    await handle.close();
  }
}

/** Takes a path out of a written tree, and folders that become empty by it. Does nothing when a link is on the way. */
export async function removeEntry(tree: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (let i = 1; i < parts.length; i += 1) {
    const info = await lstat(join(tree, ...parts.slice(0, i))).catch(() => null);
    if (info === null || !info.isDirectory()) return;
  }
  await rm(join(tree, path), { recursive: true, force: true });
}

/** Removes the folders above a removed path that hold nothing any more. */
export async function pruneEmpty(tree: string, path: string): Promise<void> {
  for (let dir = dirname(path); dir !== '.' && dir !== '/'; dir = dirname(dir)) {
    try {
      await rmdir(join(tree, dir));
    } catch {
      return; // not empty, or not there
    }
  }
}

/** Git's object id of a file or link as it lies in a folder now; `null` when it is neither. */
export function blobOid(tree: string, path: string, like: string): string | null {
  const file = join(tree, path);
  try {
    const info = lstatSync(file);
    if (!info.isFile() && !info.isSymbolicLink()) return null;
    return oidOf(info.isFile() ? readFileSync(file) : readlinkSync(file, 'buffer'), like);
  } catch {
    return null; // gone
  }
}

export function oidOf(bytes: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
