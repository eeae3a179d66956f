import { loginWaysOut, usesUserHome } from '../../../shared/goal/user-home.ts';
import type { AgentSpec, Failure } from '../../../shared/goal/vocabulary.ts';
import type { BackendError, TurnResult } from '../agent-backend.ts';

/** Which kind of stop each agent error justifies. Total over the closed union, one row per code. */
const table: Readonly<Record<BackendError['code'], Pick<Failure, 'code' | 'retry' | 'blame'>>> = {
  spawn_failed: { code: 'agent.spawn_failed', retry: 'ask', blame: 'external' },
  handshake_timeout: { code: 'agent.handshake_failed', retry: 'later', blame: 'agent' },
  cancelled: { code: 'agent.cancelled', retry: 'later', blame: 'agent' },
  protocol_error: { code: 'agent.protocol_error', retry: 'ask', blame: 'infra' },
  // Only a person can sign in; everything else a provider refuses may pass by itself.
  auth_required: { code: 'agent.auth_required', retry: 'ask', blame: 'person' },
  model_not_configured: { code: 'agent.model_not_configured', retry: 'ask', blame: 'external' },
  rate_limited: { code: 'agent.rate_limited', retry: 'ask', blame: 'external' },
  quota_exhausted: { code: 'agent.quota_exhausted', retry: 'ask', blame: 'external' },
  provider_error: { code: 'agent.provider_error', retry: 'ask', blame: 'external' },
  connection_error: { code: 'agent.connection_error', retry: 'ask', blame: 'external' },
  context_overflow: { code: 'agent.context_overflow', retry: 'later', blame: 'agent' },
  max_steps: { code: 'agent.max_steps', retry: 'later', blame: 'agent' },
  filtered: { code: 'agent.filtered', retry: 'later', blame: 'agent' },
  busy: { code: 'agent.busy', retry: 'later', blame: 'agent' },
  process_exit: { code: 'agent.crashed', retry: 'later', blame: 'agent' },
  stalled: { code: 'agent.stalled', retry: 'later', blame: 'agent' },
  flooded: { code: 'agent.flooded', retry: 'ask', blame: 'infra' },
};

/** Signing in again and again helps nobody whose agent keeps its login where a private home does not have it. */
const messageOf = ({ code, message }: BackendError, agent: AgentSpec): string =>
  code === 'auth_required' && !usesUserHome(agent) ? `${message} ${elsewhere}` : message;

const elsewhere = `If it is signed in already, its login is kept where omk does not bring it from: ${loginWaysOut}`;

export function startFailure(error: BackendError, agent: AgentSpec): Failure {
  const row = error.code === 'process_exit' ? table.handshake_timeout : table[error.code];
  return { ...row, message: messageOf(error, agent), detail: { ...error.detail, backend: error.code } };
}

/** `null`: the turn ended in a way that lets its work be judged. */
export function turnFailure(turn: TurnResult, agent: AgentSpec): Failure | null {
  if (turn.outcome === 'completed') return null;
  if (turn.error)
    return {
      ...table[turn.error.code],
      message: messageOf(turn.error, agent),
      detail: { ...turn.error.detail },
    };
  switch (turn.outcome) {
    case 'crashed':
      return { ...table.process_exit, message: 'The agent ended in the middle of its turn.' };
    case 'stalled':
      return { ...table.stalled, message: 'The agent gave no sign of life and was stopped.' };
    case 'max_steps':
      return {
        ...table.max_steps,
        message: 'The agent used up the steps its configuration allows for one turn.',
      };
    case 'refused':
      return {
        code: 'agent.refused',
        retry: 'later',
        blame: 'agent',
        message: 'The agent refused to go on.',
      };
    case 'failed':
      return {
        code: 'agent.turn_failed',
        retry: 'later',
        blame: 'agent',
        message: 'The agent ended its turn without having done anything.',
      };
    case 'cancelled':
      return { ...table.cancelled, message: 'The agent ended its turn as cancelled.' };
  }
}
