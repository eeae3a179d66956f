import { join } from 'node:path';
import type { Failure, GoalPolicy } from '../../../shared/goal/vocabulary.ts';
import type { GoalId, Oid } from '../../../shared/kernel/ids.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { textOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { excludesOf, readCheckout } from './checkout.ts';
import type { Checkout } from './checkout.ts';
import { changedTree, commitTree, objectsThere } from './commit-tree.ts';
import type { Context } from './context.ts';
import { dirtyPaths, looksLikeOracle } from './dirty.ts';
import { errorCode, failure } from './failure.ts';
import { ingest } from './ingest.ts';
import { warningsOf } from './inspect.ts';
import type { Blob, Entries } from './object-id.ts';
import { ProjectObjects, UnreadableObject, projectTree } from './project-tree.ts';
import type { Repository } from './repository.ts';
import { transfer } from './transfer.ts';

const lookMs = 20_000;
const maxSnapshotFile = 512 * 1024 * 1024;

export type Base = {
  readonly commit: Oid;
  readonly tree: Oid;
  readonly snapshot: boolean;
  readonly warnings: readonly string[];
};

/**
 * Decides what the goal starts from, once HEAD's history is in the vault. A snapshot takes the person's working files as
 * they are, without a filter, an index or a ref of theirs being touched.
 */
export async function decideBase(
  context: Context,
  o: {
    readonly goalId: GoalId;
    readonly from: GoalPolicy['from'];
    readonly repository: Repository;
    readonly head: Oid;
    readonly vault: string;
    readonly signal: AbortSignal;
  },
): Promise<Result<Base, Failure>> {
  const objects = new ProjectObjects(o.repository.commonDir);
  try {
    const { tree } = await objects.commit(o.head);
    const head = await objects.entries(tree);
    const checkout = await readCheckout(o.repository, head, {
      excludes: excludesOf(o.repository.commonDir, context.personalExcludes),
      ...(o.from === 'head' ? { until: performance.now() + lookMs } : {}),
      signal: o.signal,
    });
    const paths = dirtyPaths(head, checkout).map(textOf);
    const warnings = await warningsOf(o.repository, projectTree(objects, tree));
    if (o.from === 'head' || paths.length === 0)
      return ok({ commit: o.head, tree, snapshot: false, warnings: [...warnings, ...leftOut(paths)] });
    const made = await snapshot(context, o, head, checkout);
    if (!made.ok) return made;
    return ok({
      commit: made.value.commit,
      tree: made.value.tree,
      snapshot: true,
      warnings: [
        ...warnings,
        `The base contains ${many(paths.length, 'uncommitted change')} as its first commit.`,
        ...made.value.skipped.slice(0, 20).map((what) => `${what} is not part of the base.`),
      ],
    });
  } catch (error) {
    const known = error instanceof UnreadableObject || errorCode(error) !== '';
    if (!known) throw error;
    return err(failure('project.unreadable', 'The project cannot be read completely. Run "git fsck" in it.'));
  } finally {
    objects.close();
  }
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function leftOut(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const deciding = paths.filter(looksLikeOracle);
  const verb = paths.length === 1 ? 'is' : 'are';
  return [
    `${many(paths.length, 'uncommitted change')} ${verb} not part of the base.`,
    ...(deciding.length > 0
      ? [
          `Uncommitted changes in tests or gates are not part of the base: ${deciding.slice(0, 5).join(', ')}`.slice(
            0,
            480,
          ),
        ]
      : []),
  ];
}

type Snapshot = { readonly commit: Oid; readonly tree: Oid; readonly skipped: readonly string[] };

async function snapshot(
  { git }: Context,
  o: Parameters<typeof decideBase>[1],
  head: Entries,
  checkout: Checkout,
): Promise<Result<Snapshot, Failure>> {
  const { vault, repository } = o;
  const present = [...checkout.changed.values(), ...checkout.untracked].filter((file) => file !== null);
  const files = present.filter((file) => file.isLink || file.stat.size <= maxSnapshotFile);
  const blobs = await ingest(git, vault, repository.topLevel, files);
  if (!blobs.ok) return blobs;
  const staged = await bringStaged(git, o, head, checkout);
  if (!staged.ok) return staged;
  const skipped = present
    .filter((file) => !blobs.value.has(file.path))
    .map(({ path }) => path)
    .concat(checkout.odd.filter(({ why }) => why !== 'nested repository').map(({ path }) => path))
    .map(textOf);
  const changes = new Map<BytePath, Blob | null>();
  for (const path of head.keys()) if (!checkout.index.has(path)) changes.set(path, null);
  for (const [path, entry] of checkout.index)
    if (staged.value.has(entry.oid)) changes.set(path, { mode: entry.mode, oid: entry.oid });
  for (const [path, file] of checkout.changed) if (file === null) changes.set(path, null);
  for (const [path, blob] of blobs.value) changes.set(path, blob);
  const tree = await changedTree(git, vault, o.head, changes);
  if (!tree.ok) return tree;
  const message = `Uncommitted work at the start of ${o.goalId}`;
  const commit = await commitTree(git, vault, {
    goalId: o.goalId,
    tree: tree.value,
    parents: [o.head],
    message,
  });
  return commit.ok ? ok({ commit: commit.value, tree: tree.value, skipped }) : commit;
}

/**
 * Copies blobs that only the index has. Gives every id that the index may be taken at its word for: those, and HEAD's own when
 * only the mode or the place differs.
 */
async function bringStaged(
  git: Context['git'],
  o: Parameters<typeof decideBase>[1],
  head: Entries,
  checkout: Checkout,
): Promise<Result<ReadonlySet<string>, Failure>> {
  const differing = [...checkout.index.values()].filter((entry) => {
    const before = head.get(entry.path);
    return !checkout.changed.has(entry.path) && (before?.oid !== entry.oid || before.mode !== entry.mode);
  });
  const usable = new Set<string>(
    differing.filter((entry) => entry.mode === '160000').map((entry) => entry.oid),
  );
  const wanted = [...new Set(differing.filter((entry) => entry.mode !== '160000').map((entry) => entry.oid))];
  const there = await objectsThere(git, o.vault, wanted);
  if (!there.ok) return there;
  const missing = wanted.filter((oid) => !there.value.has(oid));
  if (missing.length > 0) {
    const from = [join(o.repository.commonDir, 'objects')];
    const brought = await transfer(git, {
      as: o.vault,
      from,
      to: { gitDir: o.vault },
      want: missing,
      what: 'exact',
    });
    if (!brought.ok) return brought;
  }
  for (const oid of wanted) usable.add(oid);
  return ok(usable);
}
