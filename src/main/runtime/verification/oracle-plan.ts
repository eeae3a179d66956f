import type { TreeEntry } from '../ports.ts';
import type { LockClass, ManifestKind } from './locked.ts';
import { lockClass, manifestKind, supportFile } from './locked.ts';
import { importRoots, shadowsModule } from './python-modules.ts';
import { shadowsLibrary } from './ruby-modules.ts';

export type LockedChange = {
  readonly path: string;
  readonly kind: LockClass | 'support' | 'shadow';
  readonly change: 'added' | 'modified' | 'deleted' | 'type';
  readonly base: TreeEntry | null;
  readonly theirs: TreeEntry | null;
};

export type ManifestChange = {
  readonly path: string;
  readonly kind: ManifestKind;
  readonly base: TreeEntry | null;
  readonly theirs: TreeEntry;
};

/** What must be done to a written candidate tree so that base decides. */
export type OraclePlan = {
  readonly changed: readonly LockedChange[];
  /** Both sides have it, or it is new: fields are compared one by one. */
  readonly manifests: readonly ManifestChange[];
  /** Written again with the bytes of base. */
  readonly restore: readonly TreeEntry[];
  /** Taken out: base does not have them and a runner could obey them. */
  readonly remove: readonly string[];
  /** All locked entries of base: digested before and after every run. */
  readonly locked: readonly TreeEntry[];
};

export type Loaded = {
  /** Python modules that requirements bring. */
  readonly modules: ReadonlySet<string>;
  /** Paths, without an extension, where a file would be loaded in place of a package of Node. */
  readonly packages: ReadonlySet<string>;
};

/**
 * Compares two trees by object id and says which files the deciding run takes from base (decisions X5: the base oracle only).
 * `extra` are paths that gate commands name, e.g. `check.js` in `node --test check.js`; `loaded` is what code of base loads by name.
 */
export function planOracle(
  base: readonly TreeEntry[],
  theirs: readonly TreeEntry[],
  extra: ReadonlySet<string>,
  loaded: Loaded = { modules: new Set(), packages: new Set() },
): OraclePlan {
  const was = new Map(base.map((entry) => [entry.path, entry]));
  const is = new Map(theirs.map((entry) => [entry.path, entry]));
  const changed: LockedChange[] = [];
  const manifests: ManifestChange[] = [];
  const restore: TreeEntry[] = [];
  const remove: string[] = [];
  const locked: TreeEntry[] = [];
  const paths = base.map(({ path }) => path);
  const roots = importRoots(
    paths,
    paths.filter((path) => path.endsWith('.py') && lockClass(path, extra) === 'test'),
  );
  const known = new Set(paths.flatMap((path) => moduleOf(path)));
  const shadows = (path: string): boolean =>
    loaded.packages.has(path.replace(/(?:\/index)?\.(?:[cm]?[jt]sx?|json)$/, '')) ||
    shadowsLibrary(path, paths) ||
    (shadowsModule(path, roots, loaded.modules) && !moduleOf(path).some((name) => known.has(name)));

  for (const entry of base) {
    const kind = kindOf(entry.path, extra);
    if (kind === null) continue;
    locked.push(entry);
    const other = is.get(entry.path);
    if (other !== undefined && other.oid === entry.oid && other.mode === entry.mode) continue;
    restore.push(entry);
    const change = other === undefined ? 'deleted' : isPlain(other) && isPlain(entry) ? 'modified' : 'type';
    changed.push({ path: entry.path, kind, change, base: entry, theirs: other ?? null });
  }
  for (const entry of theirs) {
    const manifest = manifestKind(entry.path);
    const before = was.get(entry.path) ?? null;
    // In a fixture it is recorded data, locked as a whole.
    if (manifest !== null && before?.oid !== entry.oid && !extra.has(entry.path))
      manifests.push({ path: entry.path, kind: manifest, base: before, theirs: entry });
    if (before !== null) continue;
    const kind = shadows(entry.path) ? 'shadow' : kindOf(entry.path, extra);
    if (kind === null) continue;
    remove.push(entry.path);
    changed.push({ path: entry.path, kind, change: 'added', base: null, theirs: entry });
  }
  for (const entry of base) {
    // A manifest that is gone takes its locked fields with it: it comes back whole.
    const manifest = manifestKind(entry.path);
    if (manifest === null || is.has(entry.path) || extra.has(entry.path)) continue;
    restore.push(entry);
    changed.push({ path: entry.path, kind: 'runner', change: 'deleted', base: entry, theirs: null });
  }
  return { changed, manifests, restore, remove, locked };
}

function kindOf(path: string, extra: ReadonlySet<string>): LockedChange['kind'] | null {
  const support = supportFile(path);
  if (support === 'shadow') return 'shadow';
  return lockClass(path, extra) ?? support;
}

/** What a Python module is called where it lies, as a file or as a folder: one that base has may become the other. */
const moduleOf = (path: string): string[] =>
  path.endsWith('.py') ? [path.replace(/(?:\/(?:__init__|__main__))?\.py$/, '')] : [];

const isPlain = (entry: TreeEntry): boolean => entry.mode === '100644' || entry.mode === '100755';

/** The number of files at base that verification takes from base, manifests not counted. */
export function countLocked(entries: readonly TreeEntry[], extra: ReadonlySet<string>): number {
  return entries.filter((entry) => kindOf(entry.path, extra) !== null).length;
}

/** The same plan with some locked files as the slice has them: approved by a person, or tried in an extra run. */
export function withTheirs(plan: OraclePlan, paths: ReadonlySet<string>): OraclePlan {
  const theirs = new Map(plan.changed.map((change) => [change.path, change.theirs]));
  return {
    ...plan,
    manifests: plan.manifests.filter((manifest) => !paths.has(manifest.path)),
    restore: plan.restore.filter((entry) => !paths.has(entry.path)),
    remove: plan.remove.filter((path) => !paths.has(path)),
    locked: plan.locked.flatMap((entry) => {
      if (!paths.has(entry.path)) return [entry];
      const other = theirs.get(entry.path);
      return other === undefined ? [entry] : other === null ? [] : [other];
    }),
  };
}
