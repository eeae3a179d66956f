import type { AskedQuestion, OpenGoal } from '../../../shared/goal/state.ts';
import type { AttemptId } from '../../../shared/kernel/ids.ts';
import { followsRule } from '../command-rule.ts';
import type { ShownAct } from './approval-question.ts';

export type Standing =
  | { readonly type: 'always' }
  /** Allowed while the attempt that asked was over already, and so not used yet: that many times in the next one. */
  | { readonly type: 'times'; readonly times: number }
  | { readonly type: 'never' };

/**
 * What a person has said to the same act in an earlier attempt, alone or among others, or to all that begin as it does. "This goal"
 * and "never" hold from then on; the newest answer counts.
 *
 * @param plainCommand the whole command when it runs in the worktree: only then can a rule be about it
 */
export function standingAnswer(
  goal: OpenGoal,
  attemptId: AttemptId,
  act: ShownAct,
  plainCommand: string | null,
): Standing | null {
  for (const asked of goal.questions.toReversed()) {
    const { question, state, attemptId: asker } = asked;
    if (state.type !== 'answered' || question.kind !== 'approval' || asker === attemptId) continue;
    if (state.choice === 'rule' && plainCommand !== null && followsRule(plainCommand, question.rule ?? []))
      return { type: 'always' };
    const same = question.acts?.find((one) => one.kind === act.kind && one.text === act.text);
    if (same === undefined) continue;
    if (state.choice === 'goal' || state.choice === 'rule') return { type: 'always' };
    if (state.choice === 'never') return { type: 'never' };
    return state.choice === 'once' && isUnused(goal, attemptId, asked, state.version)
      ? { type: 'times', times: same.times }
      : null;
  }
  return null;
}

function isUnused(goal: OpenGoal, attemptId: AttemptId, asked: AskedQuestion, answered: number): boolean {
  const end = goal.attempts.find((one) => one.attemptId === asked.attemptId)?.endedVersion ?? null;
  if (end === null || end >= answered) return false;
  const next = goal.attempts.find((one) => one.kind === 'agent' && one.startedVersion > answered);
  return next === undefined || next.attemptId === attemptId;
}
