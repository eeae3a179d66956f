import type { OpenGoal } from '../../../shared/goal/state.ts';
import { sliceScope } from '../../../shared/goal/slice-scope.ts';
import type { TaskSpec } from '../../../shared/goal/vocabulary.ts';
import type { AttemptId } from '../../../shared/kernel/ids.ts';
import { Bug } from '../../../shared/kernel/bug.ts';
import type { Workspaces } from '../ports.ts';
import { inWriteSet } from './write-set.ts';

/**
 * Makes omk's own commit of what an attempt left, on what the tasks before it delivered: in the end of its turn as after a death.
 * `how` follows the goal's title in the commit message.
 */
export function commitSliceOf(
  workspaces: Pick<Workspaces, 'commitSlice'>,
  goal: OpenGoal,
  task: TaskSpec,
  attemptId: AttemptId,
  how: string,
): ReturnType<Workspaces['commitSlice']> {
  const { base, writeSet } = sliceScope(goal, task);
  if (base === null) throw new Bug('A slice was due without a base.');
  return workspaces.commitSlice({
    goalId: goal.goalId,
    taskId: task.id,
    attemptId,
    base,
    message: `${goal.opened.title}\n\n${how}`,
    inWriteSet: inWriteSet(writeSet),
  });
}
