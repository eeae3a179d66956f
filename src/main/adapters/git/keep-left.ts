import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { AttemptId, GoalId } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { keepEverything } from './commit-slice.ts';
import { readRef } from './commit-tree.ts';
import type { Context } from './context.ts';
import { refs } from './places.ts';
import { sliceFolders } from './slice-folders.ts';

/**
 * Puts what is in the worktrees of a task into custody, each once; `except` is an attempt that still works. What cannot be
 * kept is no failure: its folders are named, and stay where they are.
 */
export async function keepLeft(
  context: Context,
  o: { readonly goalId: GoalId; readonly taskId: string; readonly except?: AttemptId },
): Promise<Result<{ readonly unkept: readonly string[] }, Failure>> {
  const { git, places } = context;
  const vault = places.vault(o.goalId);
  const unkept: string[] = [];
  for (const { dir, attemptId } of sliceFolders(places, o)) {
    if (attemptId === o.except) continue;
    const kept = await readRef(git, vault, refs.custody(attemptId, 'left'));
    if (!kept.ok) return kept;
    if (kept.value !== null) continue;
    const base = await readRef(git, vault, refs.opened(attemptId));
    if (!base.ok) return base;
    // Nothing was opened there that could have been written to.
    if (base.value === null) continue;
    const done = await keepEverything(context, { goalId: o.goalId, attemptId, dir, base: base.value });
    if (done.ok) continue;
    if (!done.error.code.startsWith('slice.')) return done;
    unkept.push(dir);
  }
  return ok({ unkept });
}
