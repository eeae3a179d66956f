import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { removeTree } from '../process/remove-tree.ts';
import type { Context } from './context.ts';
import { guarded } from './failure.ts';
import { keepLeft } from './keep-left.ts';

/**
 * See `Workspaces.archive`. Bytes first, folders last: dying in between leaves folders that the next try removes. The goal's
 * copy for agents goes too; what borrowed its objects is gone by then, and the vault makes it again.
 */
export function archive(
  context: Context,
  goalId: GoalId,
): Promise<Result<{ readonly unkept: readonly string[] }, Failure>> {
  const { places } = context;
  const goal = places.goal(goalId);
  const slices = join(goal, 'slices');
  return guarded('archive the worktrees', async () => {
    const unkept: string[] = [];
    const tasks = existsSync(slices) ? readdirSync(slices) : [];
    for (const taskId of tasks) {
      const kept = await keepLeft(context, { goalId, taskId });
      if (!kept.ok) return kept;
      unkept.push(...kept.value.unkept);
    }
    if (unkept.length === 0) await removeTree(goal);
    return ok({ unkept });
  });
}
