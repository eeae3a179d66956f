import { inFlight } from '../../shared/goal/attempts.ts';
import { nextSteps } from '../../shared/goal/next-step.ts';
import type { Attempt, GoalState } from '../../shared/goal/state.ts';
import { drivesAgent } from '../../shared/goal/vocabulary.ts';
import type { StartIntent } from '../../shared/goal/work.ts';

/** How many more attempts the host lets this goal begin now. */
export type Capacity = { readonly agents: number; readonly gates: number };

export type PlannedIntent =
  | StartIntent
  /** The lease ran out and nobody renewed it: to be declared lost before anything takes its place. */
  | { readonly type: 'expire'; readonly attemptId: Attempt['attemptId']; readonly fence: number };

/**
 * What has to be done now so that what should be in flight is: attempts to begin, within capacity, and leases to declare
 * lost. Asking twice gives the same answer; once they are begun it is empty.
 */
export function plan(state: GoalState, now: number, capacity: Capacity): readonly PlannedIntent[] {
  if (!state.exists || state.concluded) return [];
  const expired = inFlight(state).filter((one) => one.leaseUntil <= now);
  if (expired.length > 0)
    return expired.map(({ attemptId, fence }) => ({ type: 'expire', attemptId, fence }));
  let { agents, gates } = capacity;
  return nextSteps(state).filter((one): one is StartIntent => {
    if (one.type !== 'start') return false;
    return drivesAgent(one.kind) ? agents-- > 0 : gates-- > 0;
  });
}

/** Attempts in flight that nobody wants any more (paused, cancelled, rejected, superseded): to be interrupted. */
export function surplus(state: GoalState): readonly Attempt[] {
  if (!state.exists) return [];
  const wanted = new Set(nextSteps(state).flatMap((one) => (one.type === 'continue' ? [one.attemptId] : [])));
  return inFlight(state).filter((one) => !wanted.has(one.attemptId));
}

/** When the plan may change by time alone: the earliest end of a lease. `null`: only an event can change it. */
export function nextWake(state: GoalState, now: number): number | null {
  if (!state.exists) return null;
  const ends = inFlight(state).map((one) => Math.max(now, one.leaseUntil));
  return ends.length > 0 ? Math.min(...ends) : null;
}
