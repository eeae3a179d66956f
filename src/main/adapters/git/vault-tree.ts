import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { Oid } from '../../../shared/kernel/ids.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';
import { bytePath, textOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { failure } from './failure.ts';
import type { Git } from './git.ts';
import { oidOf } from './object-id.ts';
import type { Blob, Mode } from './object-id.ts';
import type { ObjectReader } from './object-reader.ts';
import { modeOf } from './tree-object.ts';

/** A tree of a vault that cannot be read: the vault is gone or damaged. Readers throw it, everything else returns `failure`. */
export class TreeUnreadable extends Error {
  override readonly name = 'TreeUnreadable';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

type Row = { readonly path: BytePath; readonly mode: Mode; readonly oid: Oid };

const maxListing = 1024 * 1024 * 1024;

async function listTree(
  git: Git,
  gitDir: string,
  tree: Oid,
  withFolders: boolean,
): Promise<Result<readonly Row[], Failure>> {
  const args = ['ls-tree', '-r', '-z', ...(withFolders ? ['-t'] : []), '--full-tree', tree] as const;
  const listed = await git.run({ gitDir, args: [...args] as [string, ...string[]], maxBytes: maxListing });
  if (!listed.ok) {
    const missing = listed.error.code === 'git.failed' || listed.error.code === 'workspace.missing';
    return missing
      ? err(failure('tree.missing', `Tree ${tree} is not in the goal’s vault.`, listed.error.detail))
      : listed;
  }
  const bytes = listed.value.stdout;
  const rows: Row[] = [];
  for (let at = 0; at < bytes.length;) {
    const tab = bytes.indexOf(0x09, at);
    const end = bytes.indexOf(0, tab);
    const [mode = '', , oid = ''] = bytes.toString('latin1', at, tab).split(' ');
    rows.push({ path: bytePath(bytes.subarray(tab + 1, end)), mode: modeOf(mode), oid: oidOf(oid) });
    at = end + 1;
  }
  return ok(rows);
}

/** Every file, link and submodule of a tree or commit in the vault. */
export async function entriesOf(
  git: Git,
  gitDir: string,
  tree: Oid,
): Promise<Result<Map<BytePath, Blob>, Failure>> {
  const rows = await listTree(git, gitDir, tree, false);
  if (!rows.ok) return rows;
  const entries = new Map<BytePath, Blob>();
  for (const { path, mode, oid } of rows.value) if (mode !== '040000') entries.set(path, { mode, oid });
  return ok(entries);
}

/** See `Workspaces.tree`. The listing is read once, at the first question. */
export function vaultTree(o: {
  readonly git: Git;
  readonly objects: ObjectReader;
  readonly gitDir: string;
  readonly tree: Oid;
}): TreeReader {
  type Listing = { readonly byFolder: Map<string, TreeEntry[]>; readonly byPath: Map<string, TreeEntry> };
  let listing: Promise<Listing> | null = null;

  const read = async (): Promise<Listing> => {
    const rows = await listTree(o.git, o.gitDir, o.tree, true);
    if (!rows.ok) throw new TreeUnreadable(rows.error);
    const byFolder = new Map<string, TreeEntry[]>([['', []]]);
    const byPath = new Map<string, TreeEntry>();
    for (const row of rows.value) {
      const entry = { path: textOf(row.path), mode: row.mode, oid: row.oid };
      const slash = entry.path.lastIndexOf('/');
      const folder = slash < 0 ? '' : entry.path.slice(0, slash);
      const siblings = byFolder.get(folder);
      if (siblings) siblings.push(entry);
      else byFolder.set(folder, [entry]);
      byPath.set(entry.path, entry);
    }
    return { byFolder, byPath };
  };
  const get = (): Promise<Listing> => {
    const reading = (listing ??= read());
    reading.catch(() => {
      // A later question tries again: the vault may have been out of reach for a moment.
      listing = null;
    });
    return reading;
  };

  return {
    list: async (dir) => (await get()).byFolder.get(dir.replace(/\/+$/, '')) ?? [],
    all: async () => [...(await get()).byPath.values()].filter((entry) => entry.mode !== '040000'),
    read: async (path, maxBytes) => {
      const entry = (await get()).byPath.get(path);
      if (entry === undefined || (entry.mode !== '100644' && entry.mode !== '100755')) return null;
      const blob = await o.objects.blob(o.gitDir, entry.oid, maxBytes);
      if (!blob.ok) throw new TreeUnreadable(blob.error);
      return blob.value;
    },
  };
}
