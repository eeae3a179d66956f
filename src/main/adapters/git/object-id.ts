import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { Oid } from '../../../shared/kernel/ids.ts';
import type { TreeEntry } from '../../runtime/ports.ts';
import { nameOf, parentOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';

export type Mode = TreeEntry['mode'];
export type FileMode = Exclude<Mode, '040000'>;

/** One non-folder entry of a tree, by bytes. */
export type Blob = { readonly mode: FileMode; readonly oid: Oid };
export type Entries = ReadonlyMap<BytePath, Blob>;

export const zeroOid = '0'.repeat(40);

export const oidOf = (hex: string): Oid => Oid.parse(hex);

/** The name git gives to these bytes. */
export function hashObject(type: 'blob' | 'tree', bytes: Uint8Array): Oid {
  return oidOf(createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex'));
}

/**
 * Opens a file for reading without following a link in its last part and without waiting for the writer of a pipe. `null` when
 * it is no regular file. Throws what the file system throws.
 */
export function openRegular(path: Buffer | string): { readonly fd: number; readonly size: number } | null {
  return regular(openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
}

function regular(fd: number): { readonly fd: number; readonly size: number } | null {
  const stat = fstatSync(fd);
  if (stat.isFile()) return { fd, size: stat.size };
  closeSync(fd);
  return null;
}

const chunk = Buffer.allocUnsafe(256 * 1024);

/** Blob id of a regular file's bytes as they are on disk; `null` when it is none, or changed size while being read. */
export function hashFile(path: Buffer, open: typeof openRegular = openRegular): Oid | null {
  const file = open(path);
  if (file === null) return null;
  try {
    const hash = createHash('sha1').update(`blob ${file.size}\0`);
    let total = 0;
    for (;;) {
      const read = readSync(file.fd, chunk, 0, chunk.length, null);
      if (read === 0) break;
      total += read;
      if (total > file.size) return null;
      hash.update(chunk.subarray(0, read));
    }
    return total === file.size ? oidOf(hash.digest('hex')) : null;
  } finally {
    closeSync(file.fd);
  }
}

/** Bytes of a small regular file, `null` when it is missing, no regular file, unreadable or larger than `maxBytes`. */
export function readSmall(path: Buffer | string, maxBytes: number): Buffer | null {
  return read(path, maxBytes, openRegular);
}

/** As `readSmall`, and through links: some tools share the parts of a `.git` by linking them. */
export function readLinked(path: string, maxBytes: number): Buffer | null {
  return read(path, maxBytes, () => {
    // Asked before opening: to open a device can be an act.
    if (!statSync(path).isFile()) return null;
    return regular(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  });
}

function read(path: Buffer | string, maxBytes: number, open: typeof openRegular): Buffer | null {
  try {
    const file = open(path);
    if (file === null) return null;
    try {
      if (file.size > maxBytes) return null;
      const bytes = Buffer.alloc(file.size);
      let at = 0;
      while (at < bytes.length) {
        const read = readSync(file.fd, bytes, at, bytes.length - at, at);
        if (read === 0) break;
        at += read;
      }
      return bytes.subarray(0, at);
    } finally {
      closeSync(file.fd);
    }
  } catch {
    // All reasons mean the same to every caller: there is nothing here to read.
    return null;
  }
}

/** The tree id of a set of files, computed from names, modes and blob ids alone. */
export function hashTree(entries: Entries): Oid {
  type Row = { readonly sortKey: string; readonly name: BytePath; readonly mode: Mode; readonly oid: string };
  const folders = new Map<BytePath, Row[]>([['' as BytePath, []]]);
  const folder = (dir: BytePath): Row[] => {
    const known = folders.get(dir);
    if (known) return known;
    const rows: Row[] = [];
    folders.set(dir, rows);
    if (dir !== '') folder(parentOf(dir));
    return rows;
  };
  for (const [path, { mode, oid }] of entries) {
    const name = nameOf(path);
    folder(parentOf(path)).push({ sortKey: name, name, mode, oid });
  }
  let root = hashObject('tree', new Uint8Array());
  const depth = (path: string) => (path === '' ? 0 : path.split('/').length);
  for (const dir of [...folders.keys()].toSorted((a, b) => depth(b) - depth(a))) {
    const rows = (folders.get(dir) ?? []).toSorted((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
    const bytes = Buffer.concat(
      rows.flatMap((row) => [
        Buffer.from(`${row.mode === '040000' ? '40000' : row.mode} ${row.name}\0`, 'latin1'),
        Buffer.from(row.oid, 'hex'),
      ]),
    );
    const oid = hashObject('tree', bytes);
    if (dir === '') root = oid;
    else {
      const name = nameOf(dir);
      // Git sorts a folder as if its name ended in a slash.
      folder(parentOf(dir)).push({ sortKey: `${name}/`, name, mode: '040000', oid });
    }
  }
  return root;
}
