import type { BackendError, BackendErrorCode } from '../../../runtime/agent-backend.ts';

type Row = { readonly code: BackendErrorCode; readonly retryable: boolean; readonly message: string };

const rows = {
  rate_limited: {
    code: 'rate_limited',
    retryable: true,
    message: 'The model provider limits the rate of requests; wait a little and try again.',
  },
  quota_exhausted: {
    code: 'quota_exhausted',
    retryable: false,
    message: "The model provider's quota is used up; raise it or wait until it is renewed.",
  },
  auth_required: {
    code: 'auth_required',
    retryable: false,
    message: 'The agent is not signed in to its model provider; sign in with the agent and try again.',
  },
  model_not_configured: {
    code: 'model_not_configured',
    retryable: false,
    message: 'The agent has no usable model; choose one in its own configuration.',
  },
  context_overflow: {
    code: 'context_overflow',
    retryable: true,
    message: "The conversation no longer fits the model's context; continue in a new session.",
  },
  connection_error: {
    code: 'connection_error',
    retryable: true,
    message: 'The connection to the model provider failed; check the network and try again.',
  },
  filtered: {
    code: 'filtered',
    retryable: false,
    message: "The model provider's content filter stopped the answer; put the goal in other words.",
  },
  max_steps: {
    code: 'max_steps',
    retryable: true,
    message: 'The agent reached its limit for one turn; it can be told to continue.',
  },
  busy: { code: 'busy', retryable: true, message: 'The agent is still working on another turn.' },
  provider_error: {
    code: 'provider_error',
    retryable: false,
    message: 'The model provider answered with an error; see the detail and try again.',
  },
} as const satisfies Readonly<Record<string, Row>>;

/** Codes of `turn.ended.error.code` in Kimi Code's session file (agents.md §3.8), to the codes of the runtime. */
const kimiCodes: Readonly<Record<string, keyof typeof rows>> = {
  'provider.rate_limit': 'rate_limited',
  'provider.auth_error': 'auth_required',
  'provider.connection_error': 'connection_error',
  'provider.filtered': 'filtered',
  'context.overflow': 'context_overflow',
  'loop.max_steps_exceeded': 'max_steps',
  'turn.agent_busy': 'busy',
  'auth.model_not_resolved': 'model_not_configured',
  'model.not_configured': 'model_not_configured',
  'model.not_found': 'model_not_configured',
  'model.config_invalid': 'model_not_configured',
  'provider.not_found': 'model_not_configured',
};

const QUOTA = /quota|insufficient.?(?:balance|funds|credit)|billing/i;

/** An error as the agent's session file or its JSON-RPC answer states it. */
export type ForeignError = {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly retryable: boolean | null;
};

/** Total: an unknown code is a provider error, with the agent's own words in the detail. */
export function errorFromKimi(error: ForeignError): BackendError {
  const quota =
    /QuotaExhausted/.test(error.name) || (error.code.endsWith('api_error') && QUOTA.test(error.message));
  const key = quota ? 'quota_exhausted' : (kimiCodes[error.code] ?? authOr(error.code, 'provider_error'));
  return build(key, { agentCode: error.code, agentMessage: clip(error.message) }, retryHint(error));
}

/** JSON-RPC errors of `session/new` and `session/prompt`: -32000 is sign-in; others are told by the text they carry. */
export function errorFromRpc(error: {
  readonly code: number;
  readonly message: string;
  readonly data: unknown;
}): BackendError {
  const details = textOf(error.data);
  const text = `${error.message} ${details}`;
  const detail = { rpcCode: error.code, agentMessage: clip(text.trim()) };
  const key =
    error.code === -32000
      ? 'auth_required'
      : /turn\.agent_busy|already in progress/.test(text)
        ? 'busy'
        : fromStatus(text);
  return build(key, detail, key === 'provider_error' ? /\b5\d\d\b/.test(text) : null);
}

function fromStatus(text: string): keyof typeof rows {
  if (QUOTA.test(text)) return 'quota_exhausted';
  if (/\b(?:401|403)\b|unauthori[sz]ed|authentication/i.test(text)) return 'auth_required';
  if (/\b429\b|rate.?limit/i.test(text)) return 'rate_limited';
  if (/context (?:length|window)|too many tokens|maximum context/i.test(text)) return 'context_overflow';
  if (/ECONN|ENOTFOUND|ETIMEDOUT|socket hang up|fetch failed|network/i.test(text)) return 'connection_error';
  return 'provider_error';
}

const authOr = (code: string, otherwise: keyof typeof rows): keyof typeof rows =>
  code.startsWith('auth.') ? 'auth_required' : otherwise;

/** A server's own fault (5xx, overload, an empty answer) is worth another try, whatever the agent says about it. */
function retryHint(error: ForeignError): boolean | null {
  if (error.code === 'provider.overloaded' || /EmptyResponse/.test(error.name)) return true;
  if (/^5\d\d\b/.test(error.message)) return true;
  return error.retryable;
}

function build(
  key: keyof typeof rows,
  detail: Record<string, unknown>,
  retryable: boolean | null,
): BackendError {
  const row: Row = rows[key];
  const fixed =
    row.code === 'auth_required' || row.code === 'quota_exhausted' || row.code === 'model_not_configured';
  return {
    code: row.code,
    message: row.message,
    retryable: fixed ? row.retryable : (retryable ?? row.retryable),
    detail,
  };
}

const clip = (text: string): string => (text.length > 500 ? `${text.slice(0, 500)}…` : text);

function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  if (typeof data !== 'object' || data === null) return '';
  return Object.values(data)
    .filter((value) => typeof value === 'string')
    .join(' ');
}
