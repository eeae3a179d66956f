import type { Attempt, OpenGoal } from './state.ts';
import type { AttemptKind, Failure, Reason } from './vocabulary.ts';

export const lostLimit = 5;
export const infraLimit = 3;

/** Why nothing more can be planned, by the sort of stop it justifies; `verdict.ts` turns it into a status. */
export type Halt = {
  /** `note`: explains, but would not stop the goal by itself. */
  readonly cause: 'infra' | 'breach' | 'budget' | 'failed' | 'external' | 'note';
  readonly reasons: readonly Reason[];
};

export type Due =
  | { readonly type: 'due' }
  | { readonly type: 'in_flight'; readonly attempt: Attempt }
  /** One of the kind still runs for something that no longer counts: wait until it is gone. */
  | { readonly type: 'busy' }
  | { readonly type: 'halted'; readonly halt: Halt }
  /** It failed in a way that only a person can put right. */
  | { readonly type: 'person'; readonly attempt: Attempt; readonly failure: Failure };

export const inFlight = (state: OpenGoal): readonly Attempt[] =>
  state.attempts.filter((one) => one.outcome.type === 'in_flight');

/**
 * Whether an attempt of this kind should begin, given how earlier ones ended. `cause` is the version of what made it due:
 * attempts begun before do not count. The question for a person is the caller's.
 */
export function dueOf(state: OpenGoal, kind: AttemptKind, taskId: string | null, cause: number): Due {
  const mine = state.attempts.filter((one) => one.kind === kind && one.taskId === taskId);
  const live = mine.findLast((one) => one.outcome.type === 'in_flight');
  if (live) return live.startedVersion > cause ? { type: 'in_flight', attempt: live } : { type: 'busy' };
  const since = Math.max(cause, state.marks.cleared);
  const recent = mine.filter((one) => one.startedVersion > since);
  const last = recent.at(-1);
  if (last?.outcome.type === 'failed') {
    const { failure } = last.outcome;
    if (failure.blame === 'external') return halted('external', failure, last);
    if (failure.blame === 'person' && !isBudgetCut(failure))
      return { type: 'person', attempt: last, failure };
    if (isInfra(kind, failure) && failure.retry !== 'later') return halted('infra', failure, last);
  }
  const fruitless = recent.slice(recent.findLastIndex((one) => !isFruitless(kind, one)) + 1);
  const failed = fruitless.filter((one) => one.outcome.type === 'failed');
  const worst = failed.at(-1);
  if (failed.length >= infraLimit && worst?.outcome.type === 'failed') {
    return halted('infra', worst.outcome.failure, worst);
  }
  if (fruitless.filter((one) => isLost(one)).length >= lostLimit) {
    return {
      type: 'halted',
      halt: {
        cause: 'infra',
        reasons: [
          {
            code: 'attempt.lost_repeatedly',
            message: `omk lost the same work ${lostLimit} times in a row and does not trust another try. Look at the diagnostic log, then retry.`,
          },
        ],
      },
    };
  }
  return { type: 'due' };
}

const halted = (cause: Halt['cause'], { code, message }: Failure, { evidence }: Attempt): Due => ({
  type: 'halted',
  halt: { cause, reasons: [{ code, message, ...(evidence.length > 0 && { evidence: [...evidence] }) }] },
});

/** The turn was ended because its allowance was used up: nobody's failure. */
export const isBudgetCut = (failure: Failure): boolean => failure.code.startsWith('budget.');

/** The agent never got as far as working: says something about the machine, not about the goal. */
const neverBegan = (failure: Failure): boolean =>
  failure.blame === 'agent' && failure.code.startsWith('agent.handshake');

function isInfra(kind: AttemptKind, failure: Failure): boolean {
  if (failure.blame === 'infra') return true;
  // Gates and git are omk's own: where nobody else is to blame, omk is. A verification may blame the agent's bytes.
  return failure.blame === 'agent' && kind !== 'agent' && kind !== 'verify';
}

/** Lost for a reason that repeats by itself; a pause or a parked question is somebody's wish. */
const isLost = (one: Attempt): boolean => one.outcome.type === 'lost' && one.outcome.reason !== 'interrupted';

/** Ended without telling anything about the goal. */
function isFruitless(kind: AttemptKind, one: Attempt): boolean {
  if (one.outcome.type === 'lost') return true;
  return (
    one.outcome.type === 'failed' && (isInfra(kind, one.outcome.failure) || neverBegan(one.outcome.failure))
  );
}

/** Attempts of this wave that used up one of its tries: the agent finished, or failed by its own fault. */
export function usedTries(state: OpenGoal, taskId: string): readonly Attempt[] {
  return state.attempts.filter((one) => {
    if (one.kind !== 'agent' || one.taskId !== taskId || one.startedVersion <= state.marks.wave) return false;
    if (one.outcome.type === 'finished') return true;
    if (one.outcome.type !== 'failed') return false;
    const { failure } = one.outcome;
    return failure.blame === 'agent' && !neverBegan(failure) && !isBudgetCut(failure);
  });
}
