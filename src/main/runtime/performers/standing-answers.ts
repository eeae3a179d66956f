import type { OpenGoal } from '../../../shared/goal/state.ts';
import type { Question } from '../../../shared/goal/vocabulary.ts';
import type { AttemptId } from '../../../shared/kernel/ids.ts';

/**
 * What a person has said to the same request of an earlier attempt. "This goal" and "never" hold from then on; "this once"
 * only where the attempt that asked was over when the answer came, for the next attempt alone: it has not been used yet.
 */
export function standingAnswer(
  goal: OpenGoal,
  attemptId: AttemptId,
  question: Omit<Question, 'digest'>,
): 'once' | 'goal' | 'never' | null {
  for (const { question: earlier, state, attemptId: asker } of goal.questions.toReversed()) {
    if (state.type !== 'answered' || asker === attemptId || !isSame(earlier, question)) continue;
    if (state.choice === 'goal' || state.choice === 'never') return state.choice;
    if (state.choice !== 'once') return null;
    const end = goal.attempts.find((one) => one.attemptId === asker)?.endedVersion ?? null;
    const unused = end !== null && end < state.version;
    const next = goal.attempts.find((one) => one.kind === 'agent' && one.startedVersion > state.version);
    return unused && (next === undefined || next.attemptId === attemptId) ? 'once' : null;
  }
  return null;
}

const isSame = (a: Omit<Question, 'digest'>, b: Omit<Question, 'digest'>): boolean =>
  a.kind === b.kind &&
  a.title === b.title &&
  a.context === b.context &&
  a.subject === b.subject &&
  a.quote === b.quote;
