import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { AttemptId, GoalId, Oid } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { keepEverything } from './commit-slice.ts';
import { moveRefs, objectsThere, readRef } from './commit-tree.ts';
import type { Context } from './context.ts';
import { failed, guarded } from './failure.ts';
import { keepLeft } from './keep-left.ts';
import { readSmall } from './object-id.ts';
import { privateFolder, refs } from './places.ts';
import { ignorePrepared } from './prepared.ts';
import { sliceFolder, takePlace, unusedName } from './slice-folders.ts';
import { transfer } from './transfer.ts';
import { writeTree } from './tree-writer.ts';
import { copyShallow, ensureWorkspace, readPinned } from './workspace.ts';

export type OpenOptions = {
  readonly goalId: GoalId;
  readonly taskId: string;
  readonly attemptId: AttemptId;
  readonly commit: Oid;
  readonly prepared?: readonly string[];
  readonly inPlaceOf?: AttemptId;
};

/**
 * See `Workspaces.openSlice`. The worktree appears by one rename, with a repository of its own in `.git` that borrows base's
 * objects from the workspace: an agent can do in it what it likes and breaks only its own. Dying in between leaves a `.new`
 * folder that the next try removes.
 */
export function openSlice(
  context: Context,
  o: OpenOptions,
): Promise<Result<{ readonly dir: string }, Failure>> {
  const { places } = context;
  const task = places.task(o.goalId, o.taskId);
  return context.alone(places.slice(o.goalId, o.taskId, o.attemptId), () =>
    guarded('make a worktree', async () => {
      const made = privateFolder(task);
      if (!made.ok) return made;
      const pinned = readPinned(places.vault(o.goalId));
      if (pinned === null)
        return failed(
          'workspace.missing',
          'The goal’s own copy of the repository is gone. Start the goal again.',
        );
      const store = await ensureWorkspace(context, o.goalId, pinned);
      if (!store.ok) return store;
      ignorePrepared(places.vault(o.goalId), o.prepared ?? [], o.attemptId);
      // Earlier attempts on this task that ended unseen leave bytes: into custody before anything new is made.
      const kept = await keepLeft(context, { ...o, except: o.attemptId });
      if (!kept.ok) return kept;
      const dir = placeFor(context, o);
      if (existsSync(dir)) {
        const reused = await asItWas(context, o, dir);
        if (!reused.ok || reused.value) return reused.ok ? ok({ dir }) : reused;
        renameSync(dir, unusedName(join(task, `.earlier-${o.attemptId}`)));
      }
      const fresh = join(task, `.new-${o.attemptId}`);
      rmSync(fresh, { recursive: true, force: true });
      try {
        const built = await build(context, o, fresh, pinned.base.commit);
        if (!built.ok) return built;
        renameSync(fresh, dir);
        return ok({ dir });
      } finally {
        rmSync(fresh, { recursive: true, force: true });
      }
    }),
  );
}

/** Its own folder, or the one it was given at an earlier try or is given now. */
function placeFor({ places }: Context, o: OpenOptions): string {
  const dir = sliceFolder(places, o);
  const own = dir === places.slice(o.goalId, o.taskId, o.attemptId);
  return own && o.inPlaceOf !== undefined ? takePlace(places, { ...o, earlier: o.inPlaceOf }) : dir;
}

/** `true`: the worktree is there from an earlier try and nobody has touched it. Otherwise its bytes are in custody now. */
async function asItWas(context: Context, o: OpenOptions, dir: string): Promise<Result<boolean, Failure>> {
  const { git, places } = context;
  const start = await readRef(git, places.vault(o.goalId), refs.opened(o.attemptId));
  if (!start.ok) return start;
  const kept = await keepEverything(context, { ...o, dir, base: start.value ?? o.commit });
  if (!kept.ok) return kept.error.code.startsWith('slice.') ? ok(false) : kept;
  return ok(!kept.value.changed && start.value === o.commit);
}

async function build(
  context: Context,
  o: OpenOptions,
  dir: string,
  base: Oid,
): Promise<Result<null, Failure>> {
  const { git, places } = context;
  const vault = places.vault(o.goalId);
  const there = await objectsThere(git, vault, [o.commit]);
  if (!there.ok) return there;
  if (there.value.get(o.commit) !== 'commit')
    return failed('tree.missing', `The commit ${o.commit} to start from is not in the goal’s vault.`);
  mkdirSync(dir, { mode: 0o700 });
  const written = await writeTree(git, { gitDir: vault, tree: o.commit, dir });
  if (!written.ok) return written;
  const gitDir = join(dir, '.git');
  layOutRepository(context, o, gitDir);
  if (o.commit !== base) {
    const brought = await transfer(git, {
      as: vault,
      from: [],
      to: { gitDir },
      want: [o.commit],
      not: [base],
      what: 'history',
    });
    if (!brought.ok) return brought;
  }
  const moved = await moveRefs(
    git,
    gitDir,
    new Map([[refs.slice(o.goalId, o.taskId), o.commit]]),
    'start of the slice',
  );
  if (!moved.ok) return moved;
  // So that the agent's first `git status` is quick and clean. Nothing but our own files is here yet.
  const inFolder = { gitDir, env: { GIT_WORK_TREE: dir } };
  const indexed = await git.run({ ...inFolder, args: ['read-tree', o.commit] });
  if (!indexed.ok) return indexed;
  const refreshed = await git.run({ ...inFolder, args: ['update-index', '-q', '--refresh'], accept: [1] });
  if (!refreshed.ok) return refreshed;
  return moveRefs(git, vault, new Map([[refs.opened(o.attemptId), o.commit]]), 'start of the slice');
}

function layOutRepository(context: Context, o: OpenOptions, gitDir: string): void {
  const vault = context.places.vault(o.goalId);
  for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info', 'hooks'])
    mkdirSync(join(gitDir, name), { recursive: true });
  writeFileSync(join(gitDir, 'HEAD'), `ref: ${refs.slice(o.goalId, o.taskId)}\n`);
  // Relative, so that it holds when the goal's folder is hidden by renaming, or mounted elsewhere.
  writeFileSync(join(gitDir, 'objects/info/alternates'), '../../../../../workspace/objects\n');
  writeFileSync(join(gitDir, 'info/exclude'), readSmall(join(vault, 'info/exclude'), 4_000_000) ?? '');
  copyShallow(vault, gitDir);
  writeFileSync(
    join(gitDir, 'config'),
    [
      '[core]',
      '\trepositoryformatversion = 0',
      '\tfilemode = true',
      '\tbare = false',
      '\tlogallrefupdates = true',
      '[user]',
      '\tname = omk agent',
      '\temail = agent@omk.invalid',
      '[commit]',
      '\tgpgsign = false',
      '[gc]',
      '\tauto = 0',
      '',
    ].join('\n'),
  );
}
