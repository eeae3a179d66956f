import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Oid } from '../../../shared/kernel/ids.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';
import { joinPath, rootPath, textOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { oidOf, readSmall } from './object-id.ts';
import type { Blob, FileMode } from './object-id.ts';
import { createPace } from '../process/pace.ts';
import { PackReader, UnreadablePack } from './pack-reader.ts';
import { parseTree } from './tree-object.ts';
import type { TreeRow } from './tree-object.ts';

/** Loaded at the first look at a project: half a megabyte that starting omk does not need. */
const library = () => import('isomorphic-git');

const maxObject = 64 * 1024 * 1024;

/** The repository has the name of an object but not its bytes, or wrong ones. */
export class UnreadableObject extends Error {
  override readonly name = 'UnreadableObject';
}

export type Commit = { readonly tree: Oid; readonly subject: string; readonly parents: number };

/**
 * Objects of a repository somebody dropped, by id: found by isomorphic-git, which executes nothing and sees one folder of
 * loose objects and no way to write. They are unpacked here, under a limit, and checked against their names: the library
 * does it without a limit and several times slower.
 */
export class ProjectObjects {
  readonly #packs: PackReader;
  readonly #fs: ReturnType<typeof readOnlyObjects>;
  readonly #trees = new Map<string, Promise<readonly TreeRow[]>>();

  constructor(commonDir: string) {
    this.#packs = new PackReader(join(commonDir, 'objects'));
    this.#fs = readOnlyObjects(this.#packs);
  }

  async #read(oid: string): Promise<{ readonly type: string; readonly bytes: Buffer }> {
    try {
      const { readObject } = await library();
      // Asked for as it is kept, the library hands on what the file system below gave it: unpacked bytes with their header.
      const found = await readObject({ fs: this.#fs, gitdir: '/', oid, format: 'deflated' });
      if (found.object instanceof Uint8Array) return unwrap(oid, found.object);
    } catch (error) {
      throw new UnreadableObject(`Object ${oid} cannot be read.`, { cause: error });
    }
    throw new UnreadableObject(`Object ${oid} is of no kind that omk knows.`);
  }

  async commit(oid: Oid): Promise<Commit> {
    const { type, bytes } = await this.#read(oid);
    const text = bytes.toString('utf8');
    const split = text.indexOf('\n\n');
    const head = split < 0 ? text : text.slice(0, split);
    const tree = /^tree ([0-9a-f]{40})$/m.exec(head)?.[1];
    if (type !== 'commit' || tree === undefined) throw new UnreadableObject(`Object ${oid} is no commit.`);
    const message = split < 0 ? '' : text.slice(split + 2).trimStart();
    return {
      tree: oidOf(tree),
      subject: message.split('\n')[0]?.trim() ?? '',
      parents: head.match(/^parent /gm)?.length ?? 0,
    };
  }

  rows(tree: string): Promise<readonly TreeRow[]> {
    const known = this.#trees.get(tree);
    if (known) return known;
    const reading = this.#read(tree).then(({ type, bytes }) => {
      const rows = type === 'tree' ? parseTree(bytes) : null;
      if (rows === null) throw new UnreadableObject(`Object ${tree} is no tree.`);
      return rows;
    });
    this.#trees.set(tree, reading);
    return reading;
  }

  /** Every file, link and submodule of a tree. Folders of one depth are read side by side. */
  async entries(tree: Oid): Promise<Map<BytePath, Blob>> {
    const all = new Map<BytePath, Blob>();
    const pace = createPace();
    let level: readonly { readonly dir: BytePath; readonly oid: string }[] = [{ dir: rootPath, oid: tree }];
    while (level.length > 0) {
      const next: { readonly dir: BytePath; readonly oid: string }[] = [];
      for (let at = 0; at < level.length; at += sideBySide) {
        const rest = pace();
        if (rest) await rest;
        const some = level.slice(at, at + sideBySide);
        const read = await Promise.all(
          some.map(async ({ dir, oid }) => ({ dir, rows: await this.rows(oid) })),
        );
        for (const { dir, rows } of read)
          for (const row of rows) {
            const path = joinPath(dir, row.name);
            if (isFile(row.mode)) all.set(path, { mode: row.mode, oid: row.oid });
            else next.push({ dir: path, oid: row.oid });
          }
      }
      level = next;
    }
    return all;
  }

  async blob(oid: Oid): Promise<Buffer | null> {
    const { type, bytes } = await this.#read(oid);
    return type === 'blob' ? bytes : null;
  }

  close(): void {
    this.#packs.close();
  }
}

const sideBySide = 32;

function unwrap(oid: string, whole: Uint8Array): { readonly type: string; readonly bytes: Buffer } {
  const bytes = Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
  const end = bytes.indexOf(0);
  const header = /^(\w+) (\d+)$/.exec(bytes.toString('latin1', 0, end));
  const content = bytes.subarray(end + 1);
  const named = createHash('sha1').update(bytes).digest('hex');
  if (named !== oid || header?.[1] === undefined || Number(header[2]) !== content.length)
    throw new UnreadableObject('Its bytes do not have its name.');
  return { type: header[1], bytes: content };
}

const isFile = (mode: string): mode is FileMode => mode !== '040000';

/** Reads only the folders that are asked for, so that a form over 20,000 files needs a handful of objects. */
export function projectTree(objects: ProjectObjects, tree: Oid): TreeReader {
  const folder = async (dir: string): Promise<readonly TreeRow[] | null> => {
    let rows = await objects.rows(tree);
    for (const part of dir.split('/').filter((each) => each !== '')) {
      const next = rows.find((row) => textOf(row.name) === part && row.mode === '040000');
      if (next === undefined) return null;
      rows = await objects.rows(next.oid);
    }
    return rows;
  };
  return {
    list: async (dir) => {
      const prefix = dir.replace(/\/+$/, '');
      const at = (name: string) => (prefix === '' ? name : `${prefix}/${name}`);
      const rows = (await folder(dir)) ?? [];
      return rows.map((row): TreeEntry => ({ path: at(textOf(row.name)), mode: row.mode, oid: row.oid }));
    },
    all: async () =>
      Array.from(await objects.entries(tree), ([path, blob]): TreeEntry => ({ path: textOf(path), ...blob })),
    read: async (path, maxBytes) => {
      const slash = path.lastIndexOf('/');
      const rows = await folder(slash < 0 ? '' : path.slice(0, slash));
      const row = rows?.find((each) => textOf(each.name) === path.slice(slash + 1));
      if (row === undefined || (row.mode !== '100644' && row.mode !== '100755')) return null;
      const bytes = await objects.blob(row.oid);
      return bytes !== null && bytes.length <= maxBytes ? bytes : null;
    },
  };
}

/** One for all: the library asks for several files that are never there with every object. */
const notThere = Object.assign(new Error('There is no such object.'), { code: 'ENOENT' });

/** `null` for a damaged one too: the object may be whole elsewhere, and what is found nowhere is unreadable anyway. */
function packed(packs: PackReader, oid: string): ReturnType<PackReader['read']> {
  try {
    return packs.read(oid);
  } catch (error) {
    if (error instanceof UnreadablePack) return null;
    throw error;
  }
}

/**
 * A file system that has nothing but loose objects. Packed ones are shown as loose too, because isomorphic-git would read
 * their packs whole; every writing call is refused.
 */
function readOnlyObjects(packs: PackReader) {
  const refuse = (path: string): Promise<never> =>
    Promise.reject(Object.assign(new Error(`EROFS: ${path}`), { code: 'EROFS' }));
  const missing = (): Promise<never> => Promise.reject(notThere);
  const readFile = async (path: string): Promise<Buffer> => {
    // Async so that what it throws is a rejection, as a file system of promises has it.
    const name = /\/objects\/([0-9a-f]{2})\/([0-9a-f]{38})$/.exec(path);
    const [, first, rest] = name ?? [];
    if (first === undefined || rest === undefined) throw notThere;
    const found = packed(packs, first + rest);
    if (found) return Buffer.concat([Buffer.from(`${found.type} ${found.bytes.length}\0`), found.bytes]);
    for (const dir of packs.objectDirs) {
      const loose = readSmall(join(dir, first, rest), maxObject);
      // A few kilobytes can claim to be many gigabytes: the limit holds while unpacking.
      if (loose) return inflateSync(loose, { maxOutputLength: maxObject });
    }
    throw notThere;
  };
  return {
    promises: {
      readFile,
      readdir: (): Promise<string[]> => Promise.resolve([]),
      stat: missing,
      lstat: missing,
      readlink: missing,
      writeFile: refuse,
      mkdir: refuse,
      rmdir: refuse,
      unlink: refuse,
      symlink: refuse,
      chmod: refuse,
    },
  };
}
