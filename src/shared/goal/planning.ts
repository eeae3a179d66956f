import { questionSince } from './questions.ts';
import { readingSince } from './reading.ts';
import type { OpenGoal } from './state.ts';
import { acting, attemptWork } from './work.ts';
import type { Work } from './work.ts';

/** The version at which a person sent the newest plan back, with words; `null` where it stands. */
export function planSentBack(state: OpenGoal): number | null {
  if (!state.plan || state.plan.accepted) return null;
  const answer = questionSince(state, 'plan.approve', state.marks.plan);
  return answer.type === 'answered' && asksToPlanAgain(state, answer) ? answer.version : null;
}

/** Words alone start nothing where an agent can plan again: nobody has said that the plan is right. */
export const asksToPlanAgain = (
  state: OpenGoal,
  said: { readonly choice: string | null; readonly text: string | null },
): boolean =>
  said.choice === 'revise' ||
  (said.choice === null && said.text !== null && state.opened.policy.planning === 'agent');

/** An agent proposes the plan where that is wanted and works; otherwise omk does. */
export const planningWork = (state: OpenGoal): Work =>
  heuristicReason(state) === null
    ? attemptWork(state, 'plan', planSentBack(state) ?? 0)
    : acting('propose_plan');

/** Why omk plans by itself: '' where nobody wanted anything else, `null` where an agent is to plan. */
export function heuristicReason(state: OpenGoal): string | null {
  if (state.opened.policy.planning === 'heuristic') return '';
  const reading = readingSince(state, 'plan', planSentBack(state) ?? 0);
  switch (reading.type) {
    case 'wanted':
      return null;
    case 'forgone':
      return reading.why;
    case 'failed':
      // Signing in is worth waiting for; without it the agent could not work either.
      return reading.person ? null : reading.why;
  }
}
