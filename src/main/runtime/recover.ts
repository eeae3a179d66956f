import type { Attempt, OpenGoal } from '../../shared/goal/state.ts';
import type { AttemptId, GoalId } from '../../shared/kernel/ids.ts';
import type { Kept } from './performer.ts';

/**
 * Gives an attempt that an earlier host left in flight its outcome, once however often it is asked. What it had written is
 * taken before it is given up, so that the next attempt starts from there.
 */
export function recoverWith(o: {
  readonly salvage: (goal: OpenGoal, attempt: Attempt) => Promise<Kept | null>;
  readonly lose: (goalId: GoalId, attemptId: AttemptId, kept: Kept | null) => Promise<void>;
  readonly running: Set<Promise<void>>;
}): (goal: OpenGoal, attempt: Attempt) => void {
  const recovering = new Set<AttemptId>();
  return (goal, attempt) => {
    const { attemptId } = attempt;
    if (recovering.has(attemptId)) return;
    recovering.add(attemptId);
    const work = (async () => {
      await o.lose(goal.goalId, attemptId, await o.salvage(goal, attempt));
      recovering.delete(attemptId);
    })();
    o.running.add(work);
    void work.finally(() => o.running.delete(work));
  };
}
