import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Payload } from '../../../shared/goal/events.ts';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { AttemptId, GoalId, Oid } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { keepAgentCommits } from './agent-commits.ts';
import { textOf } from './byte-path.ts';
import { capture } from './capture.ts';
import type { Captured } from './capture.ts';
import { changedTree, commitTree, moveRefs } from './commit-tree.ts';
import type { TreeChanges } from './commit-tree.ts';
import type { Context } from './context.ts';
import { failed, guarded } from './failure.ts';
import { refs } from './places.ts';
import { sliceFolder } from './slice-folders.ts';

const maxListed = 200;
const maxPath = 1_000;

export type CommitOptions = {
  readonly goalId: GoalId;
  readonly taskId: string;
  readonly attemptId: AttemptId;
  readonly base: Oid;
  readonly message: string;
  readonly inWriteSet: (path: string) => boolean;
};

export type CommittedSlice = Omit<Payload<'slice.committed'>, 'attemptId' | 'taskId' | 'summary'> & {
  /** What could not be kept as it was, one sentence each. */
  readonly notes: readonly string[];
};

/**
 * See `Workspaces.commitSlice`. Objects are written first and refs last, together: dying in between leaves objects that nothing
 * names, and doing it again makes the same commit.
 */
export function commitSlice(context: Context, o: CommitOptions): Promise<Result<CommittedSlice, Failure>> {
  const dir = sliceFolder(context.places, o);
  return context.alone(dir, () =>
    guarded('keep what the attempt wrote', async () => {
      const { git, places } = context;
      const vault = places.vault(o.goalId);
      if (!existsSync(dir))
        return failed(
          'slice.missing',
          'The attempt’s worktree is gone. What it had committed before is in custody.',
        );
      const captured = await capture(git, { vault, dir, base: o.base });
      if (!captured.ok) return captured;
      const { changes, odd } = captured.value;
      const inside = new Map([...changes].filter(([path]) => o.inWriteSet(textOf(path))));
      const outside = [...changes.keys()].filter((path) => !inside.has(path)).map(textOf);

      const slice = await commitOf(context, o, o.base, inside, [o.base], o.message);
      if (!slice.ok) return slice;
      const moves = new Map<string, Oid>([
        [refs.custody(o.attemptId, 'slice'), slice.value.commit],
        [refs.slice(o.goalId, o.taskId), slice.value.commit],
      ]);
      const rest = everythingElse(captured.value, inside);
      if (rest.size > 0) {
        const message = `Everything else in the worktree of ${o.attemptId}`;
        const all = await commitOf(context, o, slice.value.commit, rest, [slice.value.commit], message);
        if (!all.ok) return all;
        moves.set(refs.custody(o.attemptId, 'all'), all.value.commit);
      }
      const scratch = join(vault, `omk-agent-objects-${o.attemptId}`);
      const agent = await keepAgentCommits(git, { dir, vault, scratch, base: o.base });
      for (const [at, tip] of agent.tips.entries())
        moves.set(refs.custody(o.attemptId, `agent-${at + 1}`), tip);
      const moved = await moveRefs(git, vault, moves, `slice of ${o.attemptId}`);
      if (!moved.ok) return moved;
      return ok({
        commit: slice.value.commit,
        tree: slice.value.tree,
        base: o.base,
        files: inside.size,
        outside: listed([...outside, ...odd.map(({ path }) => path)]),
        ignored: listed(captured.value.ignored),
        custodyRef: refs.custody(o.attemptId, 'slice'),
        notes: [
          ...(agent.note === null ? [] : [agent.note]),
          ...odd
            .slice(0, maxListed)
            .map(({ path, why }) => `${JSON.stringify(path)} is not committed: ${why}.`),
        ],
      });
    }),
  );
}

function everythingElse({ changes, ignoredBlobs }: Captured, inside: TreeChanges): TreeChanges {
  const rest = new Map(ignoredBlobs);
  for (const [path, blob] of changes) if (!inside.has(path)) rest.set(path, blob);
  return rest;
}

async function commitOf(
  { git, places }: Context,
  o: { readonly goalId: GoalId },
  start: Oid,
  changes: TreeChanges,
  parents: readonly Oid[],
  message: string,
): Promise<Result<{ readonly commit: Oid; readonly tree: Oid }, Failure>> {
  const vault = places.vault(o.goalId);
  const tree = await changedTree(git, vault, start, changes);
  if (!tree.ok) return tree;
  const commit = await commitTree(git, vault, { goalId: o.goalId, tree: tree.value, parents, message });
  return commit.ok ? ok({ commit: commit.value, tree: tree.value }) : commit;
}

const listed = (paths: readonly string[]): string[] =>
  [...new Set(paths)]
    .slice(0, maxListed)
    .map((path) => (path.length > maxPath ? `${path.slice(0, maxPath - 1)}…` : path));

/**
 * Puts everything a worktree has into custody without moving the slice: for attempts that ended without a commit of omk's.
 */
export async function keepEverything(
  context: Context,
  o: { readonly goalId: GoalId; readonly attemptId: AttemptId; readonly dir: string; readonly base: Oid },
): Promise<Result<{ readonly tree: Oid; readonly changed: boolean }, Failure>> {
  const vault = context.places.vault(o.goalId);
  const captured = await capture(context.git, { vault, dir: o.dir, base: o.base });
  if (!captured.ok) return captured;
  const everything = new Map([...captured.value.changes, ...captured.value.ignoredBlobs]);
  const message = `What was left in the worktree of ${o.attemptId}`;
  const left = await commitOf(context, o, o.base, everything, [o.base], message);
  if (!left.ok) return left;
  const scratch = join(vault, `omk-agent-objects-${o.attemptId}`);
  const agent = await keepAgentCommits(context.git, { dir: o.dir, vault, scratch, base: o.base });
  const moves = new Map<string, Oid>([[refs.custody(o.attemptId, 'left'), left.value.commit]]);
  for (const [at, tip] of agent.tips.entries())
    moves.set(refs.custody(o.attemptId, `left-agent-${at + 1}`), tip);
  const moved = await moveRefs(context.git, vault, moves, `worktree of ${o.attemptId}`);
  if (!moved.ok) return moved;
  const changed = everything.size > 0 || captured.value.ignored.length > 0 || captured.value.odd.length > 0;
  return ok({ tree: left.value.tree, changed: changed || agent.tips.length > 0 || agent.note !== null });
}
