import type { Attempt, OpenGoal } from '../../../shared/goal/state.ts';
import type { Kept } from '../performer.ts';
import type { Workspaces } from '../ports.ts';
import { commitSliceOf } from './commit-slice.ts';

/**
 * Takes what an agent had written when its host died, so that the next attempt starts from it. `null`: nothing was written, or
 * it cannot be taken; what is in the worktree then is put into custody before the next one is made.
 */
export async function salvage(
  workspaces: Pick<Workspaces, 'commitSlice'>,
  goal: OpenGoal,
  { attemptId, kind, taskId }: Attempt,
): Promise<Kept | null> {
  const task = goal.tasks.find((one) => one.id === taskId);
  if (kind !== 'agent' || !task || !goal.base) return null;
  const how = `Left by ${goal.opened.agent.name}, cut short.`;
  const committed = await commitSliceOf(workspaces, goal, task, attemptId, how);
  if (!committed.ok || committed.value.files === 0) return null;
  const { commit, tree, files, custodyRef } = committed.value;
  return { commit, tree, files, custodyRef };
}
