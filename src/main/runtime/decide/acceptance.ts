import { inFlight } from '../../../shared/goal/attempts.ts';
import { judgeCandidate } from '../../../shared/goal/candidate.ts';
import type { GoalCommand } from '../../../shared/goal/commands.ts';
import { event } from '../../../shared/goal/events.ts';
import type { NewEvent } from '../../../shared/goal/events.ts';
import { missingEvidence } from '../../../shared/goal/missing-evidence.ts';
import { openQuestions } from '../../../shared/goal/questions.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import type { Oid } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { short } from '../../../shared/units.ts';
import { refuse } from './context.ts';
import type { Decided } from './context.ts';

/** Accepts exactly this commit, and only when nothing that acceptance stands for is missing. */
export function acceptResult(state: OpenGoal, commit: Oid, note: string): Decided {
  const candidate = state.candidates.at(-1);
  if (state.cancelRequested) return refuse('goal.concluded', 'This goal is being cancelled.');
  if (state.accepted) return refuse('goal.nothing_to_accept', 'A result was accepted already.');
  if (!candidate) return refuse('goal.nothing_to_accept', 'No agent has delivered anything yet.');
  if (candidate.commit !== commit) {
    return refuse(
      'goal.candidate_moved',
      `The newest result is ${short(candidate.commit)}. Look at it before you accept it.`,
    );
  }
  const missing = missingEvidence(state);
  const working = inFlight(state).some((one) => one.kind === 'agent' || one.kind === 'verify');
  if (missing.length > 0 || working || judgeCandidate(state).type !== 'passed') {
    const first = missing[0]?.message ?? 'Work on the result is still in flight.';
    return refuse('goal.evidence_missing', `This result cannot be accepted yet. ${first}`, { missing });
  }
  const { tree } = candidate;
  return ok([
    ...withdrawGoalQuestions(state, 'You accepted the result.'),
    event('goal.accepted', { commit, tree, note, by: 'operator' }),
  ]);
}

/** `revise` opens another wave with the comments; `conclude` ends the goal. */
export function rejectResult(
  state: OpenGoal,
  rejected: Extract<GoalCommand, { type: 'goal.reject' }>,
): Decided {
  const { type: _, ...payload } = rejected;
  if (state.cancelRequested) return refuse('goal.concluded', 'This goal is being cancelled.');
  if (state.rejections.at(-1)?.mode === 'conclude') return ok([]);
  if (inFlight(state).some((one) => one.kind === 'land')) {
    return refuse(
      'goal.nothing_to_accept',
      'This result was accepted and is being landed. Cancel the goal to stop it.',
    );
  }
  if (payload.mode === 'revise') {
    if (state.accepted)
      return refuse('goal.nothing_to_accept', 'This result was accepted already and is being landed.');
    const judged = judgeCandidate(state).type;
    if (judged === 'none' || judged === 'sent_back') {
      return refuse('goal.nothing_to_accept', 'There is no result to send back yet.');
    }
  }
  return ok([...withdrawGoalQuestions(state, 'You decided on the result.'), event('goal.rejected', payload)]);
}

/**
 * Questions of the goal itself that a decision made pointless. Those of live attempts stay: their agents still wait. So does one
 * about what changed outside the goal.
 */
export function withdrawGoalQuestions(state: OpenGoal, reason: string): readonly NewEvent[] {
  return openQuestions(state)
    .filter((one) => one.attemptId === null && one.question.blocks !== 'acceptance')
    .map(({ questionId }) => event('question.withdrawn', { questionId, reason }));
}
