import type { Payload } from './events.ts';
import type { Attempt, OpenGoal } from './state.ts';

/** Failures after which what the agent remembers is worth going on with: its turn was cut short by something else. */
const cutShort = new Set([
  'agent.crashed',
  'agent.stalled',
  'agent.cancelled',
  'agent.max_steps',
  'agent.auth_required',
  'agent.rate_limited',
  'agent.quota_exhausted',
  'agent.provider_error',
  'agent.connection_error',
  'budget.time_exhausted',
  'budget.tokens_exhausted',
]);

/**
 * The conversation this attempt should go on with: the one of the attempt just before it on the same task, if that one was cut
 * short. An agent that finished is not asked again with its own view of its work; one whose conversation could not be opened
 * again starts a new one.
 */
export function conversationToContinue(
  state: OpenGoal,
  { attemptId, taskId }: Pick<Attempt, 'attemptId' | 'taskId'>,
): Payload<'conversation.opened'> | null {
  const mine = state.attempts.filter((one) => one.kind === 'agent' && one.taskId === taskId);
  const at = mine.findIndex((one) => one.attemptId === attemptId);
  const before = mine[at - 1];
  if (before === undefined || !wasCutShort(before)) return null;
  return state.conversations.find((one) => one.attemptId === before.attemptId) ?? null;
}

function wasCutShort({ outcome }: Attempt): boolean {
  switch (outcome.type) {
    case 'lost':
      return true;
    case 'failed':
      return cutShort.has(outcome.failure.code);
    case 'in_flight':
    case 'finished':
      return false;
  }
}
