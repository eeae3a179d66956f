import { inFlight, isBudgetCut } from './attempts.ts';
import { cannotRead } from './budget.ts';
import type { OpenGoal } from './state.ts';
import type { AttemptKind } from './vocabulary.ts';

/** A session that only reads is an extra: lost twice, it is done without. */
const lostTwice = 2;

/** What became of the newest try since `cause`, for kinds that a goal can do without. */
export type Reading =
  | { readonly type: 'wanted' }
  /** `person`: somebody has to do something outside omk first. */
  | { readonly type: 'failed'; readonly why: string; readonly person: boolean }
  /** It never got to an end, or could not begin. */
  | { readonly type: 'forgone'; readonly why: string };

/** One failure is enough: what the agent could not do here it must not spend the goal's own tries on. */
export function readingSince(
  state: OpenGoal,
  kind: Extract<AttemptKind, 'plan' | 'review'>,
  cause: number,
): Reading {
  const tries = state.attempts.filter((one) => one.kind === kind && one.startedVersion > cause);
  const last = tries.at(-1);
  if (last?.outcome.type === 'failed') {
    const { failure } = last.outcome;
    const person = failure.blame === 'person' && !isBudgetCut(failure);
    return { type: 'failed', why: failure.message, person };
  }
  if (inFlight(state).some((one) => one.kind === kind)) return { type: 'wanted' };
  const lost = tries.filter((one) => one.outcome.type === 'lost' && one.outcome.reason !== 'interrupted');
  if (lost.length >= lostTwice) return { type: 'forgone', why: 'omk lost sight of the agent twice.' };
  if (cannotRead(state)) return { type: 'forgone', why: 'Too little of the budget was left.' };
  return { type: 'wanted' };
}
