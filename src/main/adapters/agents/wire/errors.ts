import type { BackendError, BackendErrorCode } from '../../../runtime/agent-backend.ts';
import type { CloseReason } from './client.ts';

type Row = Omit<BackendError, 'detail'>;

const row = (code: BackendErrorCode, retryable: boolean, message: string): Row => ({
  code,
  retryable,
  message,
});

const rows = {
  busy: row('busy', true, 'The agent is still working on another turn.'),
  model: row(
    'model_not_configured',
    false,
    'The agent has no usable model; choose one in its own configuration.',
  ),
  auth: row(
    'auth_required',
    false,
    'The agent is not signed in to its model provider; sign in with the agent and try again.',
  ),
  rate: row(
    'rate_limited',
    true,
    'The model provider limits the rate of requests; wait a little and try again.',
  ),
  quota: row(
    'quota_exhausted',
    false,
    "The model provider's quota is used up; raise it or wait until it is renewed.",
  ),
  context: row(
    'context_overflow',
    true,
    "The conversation no longer fits the model's context; continue in a new session.",
  ),
  connection: row(
    'connection_error',
    true,
    'The connection to the model provider failed; check the network and try again.',
  ),
  filtered: row(
    'filtered',
    false,
    "The model provider's content filter stopped the answer; put the goal in other words.",
  ),
  provider: row(
    'provider_error',
    false,
    'The model provider answered with an error; see the detail and try again.',
  ),
  serverFault: row('provider_error', true, 'The model provider failed; try again in a while.'),
  protocol: row(
    'protocol_error',
    false,
    'The agent did not accept a message of the protocol it claims to speak.',
  ),
} as const;

/**
 * JSON-RPC errors of `prompt` (agents.md §5.3). -32003 covers every failed model call, so its text decides further; -32004 is a
 * login that has expired.
 */
export function errorFromRpc(code: number, message: string): BackendError {
  const base = byCode(code, message);
  return { ...base, detail: { rpcCode: code, agentMessage: message.slice(0, 500) } };
}

function byCode(code: number, message: string): Row {
  switch (code) {
    case -32000:
      return rows.busy;
    case -32001:
    case -32002:
      return rows.model;
    case -32004:
      return rows.auth;
    case -32600:
    case -32601:
    case -32602:
    case -32700:
      return rows.protocol;
    default:
      return byText(message);
  }
}

function byText(text: string): Row {
  if (/quota|insufficient.?(?:balance|funds|credit)|billing/i.test(text)) return rows.quota;
  if (/\b(?:401|403)\b|unauthori[sz]ed|authentication/i.test(text)) return rows.auth;
  if (/\b429\b|rate.?limit/i.test(text)) return rows.rate;
  if (/context (?:length|window)|too many tokens|maximum context/i.test(text)) return rows.context;
  if (/content.?filter|high.?risk/i.test(text)) return rows.filtered;
  if (/connection error|timed? ?out|ECONN|network/i.test(text)) return rows.connection;
  return /\b5\d\d\b|overloaded/i.test(text) ? rows.serverFault : rows.provider;
}

export const busy: BackendError = rows.busy;

export const stalledError: BackendError = row(
  'stalled',
  true,
  'The agent gave no sign of life for too long and was stopped.',
);

/** What a broken connection says about the agent; `null` when the end of the process says more. */
export function errorFromClose(reason: CloseReason): BackendError | null {
  if (reason.type === 'ended') return null;
  const messages = {
    line_too_long: 'The agent sent a message over 32 MiB and was stopped.',
    too_many_bad_lines: 'The agent sent more than 1,000 lines that are no messages and was stopped.',
    unread_input: 'The agent no longer read what it was sent and was stopped.',
  } as const;
  return { code: 'protocol_error', message: messages[reason.violation], retryable: false };
}
