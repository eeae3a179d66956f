import { createHash } from 'node:crypto';
import { createReadStream, lstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { chmod, constants, copyFile, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Digest } from '../../../shared/kernel/ids.ts';
import { createPace } from '../process/pace.ts';
import { sha256 } from './sha256.ts';

const AT_ONCE = 16;

type Entry = { readonly path: string; readonly type: 'dir' | 'file' | 'link'; readonly mode: number };

/** Every entry below a folder in a stable order; links are entries and never followed. Sockets and devices are left out. */
async function walk(root: string, dir = ''): Promise<Entry[]> {
  const entries: Entry[] = [];
  const names = (await readdir(join(root, dir))).toSorted();
  for (const name of names) {
    const path = dir === '' ? name : `${dir}/${name}`;
    const info = await lstat(join(root, path));
    const mode = info.mode & 0o777;
    if (info.isSymbolicLink()) entries.push({ path, type: 'link', mode: 0 });
    else if (info.isFile()) entries.push({ path, type: 'file', mode });
    else if (info.isDirectory()) entries.push({ path, type: 'dir', mode }, ...(await walk(root, path)));
  }
  return entries;
}

/**
 * Copies a file or folder: reflink where the file system has them, else bytes; never a hard link or a link into the source
 * (decisions H1, X10). The target must not exist.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  const info = await lstat(from);
  if (info.isSymbolicLink()) return symlink(await readlink(from), to);
  if (info.isFile()) return copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await mkdir(to, { recursive: true, mode: 0o700 });
  const entries = await walk(from);
  for (const entry of entries) if (entry.type === 'dir') await mkdir(join(to, entry.path), { mode: 0o700 });
  await inBatches(entries, async (entry) => {
    if (entry.type === 'link') await symlink(await readlink(join(from, entry.path)), join(to, entry.path));
    if (entry.type !== 'file') return;
    await copyFile(
      join(from, entry.path),
      join(to, entry.path),
      constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL,
    );
  });
  // Deep before shallow: a read-only folder takes nothing in any more.
  for (const entry of entries.toReversed())
    if (entry.type === 'dir') await chmod(join(to, entry.path), entry.mode | 0o700);
}

/** One digest over names, kinds, executable bits, link targets and bytes of everything below a path. */
export async function digestTree(path: string): Promise<Digest> {
  const info = await lstat(path);
  if (!info.isDirectory())
    return sha256(info.isFile() ? await fileHash(path) : `link ${await readlink(path)}`);
  const entries = await walk(path);
  const lines = entries.map(() => '');
  await inBatches(
    entries.map((entry, index) => ({ entry, index })),
    async ({ entry, index }) => {
      const file = join(path, entry.path);
      const what =
        entry.type === 'file'
          ? `${(entry.mode & 0o100) === 0 ? '-' : 'x'} ${await fileHash(file)}`
          : entry.type === 'link'
            ? `link ${await readlink(file)}`
            : 'dir';
      lines[index] = JSON.stringify([entry.path, what]);
    },
  );
  return sha256(lines.join('\n'));
}

async function fileHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next; index < items.length; index = next) {
      next += 1;
      const item = items[index];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** No package is imported from a hidden folder, but tools keep caches in such; three of them do hold packages. */
const CACHES = /^\.(?!(?:bin|pnpm|store)(?:\/|$))|(?:^|\/)(?:\.cache|__pycache__)(?:\/|$)/;

/**
 * Where every file is and when it was last touched, as the kernel says it: nobody can write a file and keep its change time.
 * Cheap enough to take around every run (decisions X9). Caches that tools keep among dependencies are left out.
 */
export async function stamp(path: string): Promise<ReadonlyMap<string, string>> {
  const stamps = new Map<string, string>();
  if ((await lstat(path).catch(() => null))?.isDirectory() !== true) return stamps;
  const pace = createPace();
  const look = async (dir: string): Promise<void> => {
    for (const name of await readdir(join(path, dir)).catch(() => [])) {
      const inner = dir === '' ? name : `${dir}/${name}`;
      if (CACHES.test(inner)) continue;
      const rest = pace();
      if (rest) await rest;
      const info = lstatSync(join(path, inner), { bigint: true });
      if (info.isDirectory()) await look(inner);
      else stamps.set(inner, stampOf(info));
    }
  };
  await look('');
  return stamps;
}

/** The same for named files of a folder; what is not there is left out. */
export async function stampFiles(
  root: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const stamps = new Map<string, string>();
  const pace = createPace();
  for (const path of paths) {
    const rest = pace();
    if (rest) await rest;
    try {
      stamps.set(path, stampOf(lstatSync(join(root, path), { bigint: true })));
    } catch {
      // not there
    }
  }
  return stamps;
}

const stampOf = (info: BigIntStats): string => `${info.ino}:${info.size}:${info.ctimeNs}`;

/** Paths that are new, gone or touched between two stamps, at most five. */
export function touched(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths: string[] = [];
  for (const [path, value] of after) if (before.get(path) !== value) paths.push(path);
  for (const path of before.keys()) if (!after.has(path)) paths.push(path);
  return paths.slice(0, 5);
}
