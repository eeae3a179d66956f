import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';
import type { OraclePlan } from '../../runtime/verification/oracle-plan.ts';
import { isDataManifest, withBaseFields } from '../../runtime/verification/manifest-fields.ts';
import { goModWithBase, iniWithBase } from '../../runtime/verification/manifest-lines.ts';
import { lockClass } from '../../runtime/verification/locked.ts';
import { stringify as stringifyToml } from 'smol-toml';
import { parseManifest } from './manifest.ts';
import { createPace } from '../process/pace.ts';
import { blobOid, oidOf, placeFile, pruneEmpty, removeEntry } from './place.ts';

const MAX_LOCKED_FILE = 256 * 1024 * 1024;

type Content = { readonly bytes: Uint8Array; readonly mode: '100644' | '100755' | '120000' };

/** Changes to a written tree so that a given oracle decides on it, and what must still be so after a run. */
export type Overlay = {
  readonly files: ReadonlyMap<string, Content>;
  readonly remove: readonly string[];
  /** Object ids that these paths must have before and after every run. */
  readonly expected: ReadonlyMap<string, string>;
  /** Locked files of base that cannot be written again here or taken out (links, submodules, names that are not UTF-8). */
  readonly unrestorable: readonly string[];
};

/** The base oracle on any tree: locked files and locked manifest fields of base, nothing that base does not have. */
export async function baseOverlay(plan: OraclePlan, base: TreeReader, theirs: TreeReader): Promise<Overlay> {
  const files = new Map<string, Content>();
  const unrestorable: string[] = [];
  for (const entry of plan.restore) {
    const content = isNamed(entry.path) ? await contentOf(base, entry) : null;
    if (content === null) unrestorable.push(entry.path);
    else files.set(entry.path, content);
  }
  unrestorable.push(...plan.remove.filter((path) => !isNamed(path)));
  for (const manifest of plan.manifests) {
    const bytes = await mergedManifest(manifest.path, manifest.kind, manifest.base, base, theirs);
    if (bytes !== null) files.set(manifest.path, { bytes, mode: '100644' });
  }
  // Tools rewrite lockfiles in passing, and the next run starts from base's again.
  const watched = plan.locked.filter(
    (entry) => isFile(entry) && isNamed(entry.path) && lockClass(entry.path) !== 'lockfile',
  );
  const expected = new Map(watched.map((entry) => [entry.path, entry.oid as string]));
  const like = plan.locked[0]?.oid ?? '';
  for (const [path, content] of files)
    if (lockClass(path) !== 'lockfile') expected.set(path, oidOf(content.bytes, like));
  for (const path of unrestorable) expected.delete(path);
  return { files, remove: plan.remove, expected, unrestorable };
}

async function mergedManifest(
  path: string,
  kind: OraclePlan['manifests'][number]['kind'],
  before: TreeEntry | null,
  base: TreeReader,
  theirs: TreeReader,
): Promise<Uint8Array | null> {
  const is = await theirs.read(path, MAX_LOCKED_FILE);
  if (is === null) return null;
  const was = before === null ? new Uint8Array() : await base.read(path, MAX_LOCKED_FILE);
  if (was === null) return null;
  const [wasText, isText] = [decode(was), decode(is)];
  if (kind === 'setup.cfg') return Buffer.from(iniWithBase(wasText, isText));
  if (kind === 'go.mod') return Buffer.from(goModWithBase(wasText, isText));
  if (!isDataManifest(kind)) return null;
  const wasData = before === null ? {} : parseManifest(path, wasText);
  const isData = parseManifest(path, isText);
  // Nothing can be told apart inside a manifest that does not parse: base decides as a whole.
  if (wasData === null || isData === null) return before === null ? null : was;
  const merged = withBaseFields(kind, wasData, isData);
  return Buffer.from(path.endsWith('.json') ? JSON.stringify(merged, null, 2) + '\n' : stringifyToml(merged));
}

export async function contentOf(tree: TreeReader, entry: TreeEntry): Promise<Content | null> {
  if (entry.mode !== '100644' && entry.mode !== '100755') return null;
  const bytes = await tree.read(entry.path, MAX_LOCKED_FILE);
  return bytes === null ? null : { bytes, mode: entry.mode };
}

export async function applyOverlay(dir: string, overlay: Overlay): Promise<void> {
  for (const path of overlay.remove) {
    await removeEntry(dir, path);
    await pruneEmpty(dir, path);
  }
  for (const [path, content] of overlay.files) await placeFile(dir, path, content);
}

/** Locked paths whose bytes are not what they must be, at most a few. */
export async function changedLocked(dir: string, overlay: Overlay): Promise<string[]> {
  const changed: string[] = [];
  const pace = createPace();
  for (const [path, oid] of overlay.expected) {
    const rest = pace();
    if (rest) await rest;
    if (blobOid(dir, path, oid) !== oid) changed.push(path);
    if (changed.length >= 5) break;
  }
  return changed;
}

/** Trees name bytes that are not UTF-8 as `\xNN`: a path that cannot be found again on disk. */
const isNamed = (path: string): boolean => !/\\x[0-9a-f]{2}/.test(path);

const isFile = (entry: TreeEntry): boolean => entry.mode === '100644' || entry.mode === '100755';
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
