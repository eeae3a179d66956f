import type { Oid } from '../kernel/ids.ts';
import { byDependency } from './graph.ts';
import type { OpenGoal } from './state.ts';
import type { TaskSpec } from './vocabulary.ts';

/**
 * What an attempt at a task builds on and may write. Its commit is made on what the tasks before delivered, so that their work
 * is in it whatever its own write set is. Once everything was verified, the last task mends whatever any of them may write.
 */
export function sliceScope(
  state: OpenGoal,
  task: TaskSpec,
): { readonly base: Oid | null; readonly writeSet: readonly string[]; readonly mends: boolean } {
  const before = state.candidates.findLast((one) => one.taskId !== task.id);
  const mends =
    state.tasks.length > 1 &&
    byDependency(state.tasks).at(-1)?.id === task.id &&
    state.candidates.some((one) => one.taskId === task.id) &&
    (state.verifications.length > 0 || state.rejections.length > 0);
  return {
    base: before?.commit ?? state.base?.commit ?? null,
    writeSet: mends ? [...new Set(state.tasks.flatMap((one) => one.writeSet))] : task.writeSet,
    mends,
  };
}
