import type { BackendError, TurnResult } from '../../../runtime/agent-backend.ts';
import { errorFromKimi, errorFromRpc } from './errors.ts';
import type { ForeignError } from './errors.ts';
import type { Quirks } from './quirks.ts';

/** What the agent answered to `session/prompt`. */
export type PromptReply =
  | { readonly type: 'stopped'; readonly stopReason: string; readonly at: number }
  | {
      readonly type: 'refused';
      readonly code: number;
      readonly message: string;
      readonly data: unknown;
      readonly at: number;
    };

/** Everything known about a turn at one moment; times are ms of one monotonic clock. */
export type TurnFacts = {
  readonly now: number;
  readonly reply: PromptReply | null;
  /** The connection is gone, and why. */
  readonly lost: BackendError | null;
  readonly cancelledAt: number | null;
  /** Nothing was heard for so long that the turn was given up. */
  readonly stalledAt: number | null;
  readonly cancelMs: number;
  /** When the last update came; some agents go on for a moment after a cancel. */
  readonly updatedAt: number | null;
  /** Model speech or a tool call was seen. */
  readonly worked: boolean;
  readonly sidecar: {
    readonly found: boolean;
    /** The turn in the session file that began with our prompt. */
    readonly turn: {
      readonly ended: {
        readonly reason: 'completed' | 'cancelled' | 'failed' | 'blocked';
        readonly error: ForeignError | null;
      } | null;
    } | null;
    /** The file shows words or tool calls of our turn. */
    readonly worked: boolean;
    /** The agent runs a turn of its own, or when since the prompt it last did. */
    readonly ownTurn: { readonly running: boolean; readonly endedAt: number | null };
  } | null;
};

export type Verdict = Pick<TurnResult, 'outcome' | 'confirmed' | 'error'> & {
  /** The agent did not let go of the turn: only ending the process is certain. */
  readonly abandon: boolean;
};

/** The truth follows the answer by 8 to 19 ms; after this it is not coming. */
const CONFIRM_MS = 300;
/** A prompt waiting behind the agent's own turn starts at once after it. */
const QUEUED_MS = 2_000;
/** Work was seen, so the record exists; a busy disk may take a while to show it. */
const LATE_RECORD_MS = 3_000;
/** After a cancel, updates that come sooner than this after one another still belong to the cancelled turn. */
const QUIET_MS = 60;

/**
 * Decides what a turn came to, or `null` to keep waiting. An `end_turn` alone is only the agent's word: the session file is
 * believed over it, and where there is none, an `end_turn` without work is a failure (agents.md §1, 1 and 2).
 */
export function judgeTurn(f: TurnFacts, quirks: Quirks): Verdict | null {
  if (f.lost !== null) return lost(f, f.lost);
  if (f.stalledAt !== null) return stalled(f, f.stalledAt);
  if (f.reply === null) {
    const overdue = f.cancelledAt !== null && f.now - f.cancelledAt >= f.cancelMs;
    return overdue ? { outcome: 'cancelled', confirmed: false, error: null, abandon: true } : null;
  }
  if (f.reply.type === 'refused') return end('failed', true, errorFromRpc(f.reply));
  if ((f.reply.stopReason === 'cancelled' || f.cancelledAt !== null) && !isQuiet(f, f.reply.at)) return null;
  return f.sidecar === null || !f.sidecar.found
    ? fromWord(f, f.reply, quirks)
    : fromRecord(f, f.reply, f.sidecar);
}

const end = (
  outcome: TurnResult['outcome'],
  confirmed: boolean,
  error: BackendError | null = null,
): Verdict => ({ outcome, confirmed, error, abandon: false });

const isQuiet = (f: TurnFacts, repliedAt: number): boolean =>
  f.now - repliedAt >= CONFIRM_MS || f.now - Math.max(repliedAt, f.updatedAt ?? 0) >= QUIET_MS;

function lost(f: TurnFacts, error: BackendError): Verdict {
  // A turn whose end was recorded before the process went away did end so.
  const ended = f.sidecar?.turn?.ended ?? null;
  if (ended !== null && f.reply !== null) return fromReason(f, ended);
  const outcome = error.code === 'process_exit' ? 'crashed' : 'failed';
  return end(f.cancelledAt !== null ? 'cancelled' : outcome, true, error);
}

function stalled(f: TurnFacts, since: number): Verdict | null {
  const settled = f.reply !== null;
  if (!settled && f.now - since < f.cancelMs) return null;
  const error: BackendError = {
    code: 'stalled',
    message: 'The agent fell silent in the middle of a turn; the turn was given up.',
    retryable: true,
  };
  return { outcome: 'stalled', confirmed: settled, error, abandon: !settled };
}

function fromRecord(
  f: TurnFacts,
  reply: Extract<PromptReply, { type: 'stopped' }>,
  sidecar: NonNullable<TurnFacts['sidecar']>,
): Verdict | null {
  const ended = sidecar.turn?.ended ?? null;
  if (ended !== null) return fromReason(f, ended);
  const cancelled = reply.stopReason === 'cancelled' || f.cancelledAt !== null;
  if (cancelled) {
    return f.now - reply.at >= CONFIRM_MS ? end('cancelled', reply.stopReason === 'cancelled') : null;
  }
  // Queued behind a turn of the agent's own, or running after it: whatever the answer says, it is not over.
  const { running, endedAt } = sidecar.ownTurn;
  if (running || (endedAt !== null && sidecar.turn !== null)) return null;
  const wait = endedAt !== null ? QUEUED_MS : f.worked || sidecar.turn !== null ? LATE_RECORD_MS : CONFIRM_MS;
  return f.now - Math.max(reply.at, endedAt ?? 0) < wait ? null : byWord(f, reply);
}

function fromReason(
  f: TurnFacts,
  ended: {
    readonly reason: 'completed' | 'cancelled' | 'failed' | 'blocked';
    readonly error: ForeignError | null;
  },
): Verdict {
  switch (ended.reason) {
    case 'completed':
      return f.worked || f.sidecar?.worked === true
        ? end('completed', true)
        : { ...nothingDone(), confirmed: true };
    case 'cancelled':
      return end('cancelled', true);
    case 'blocked':
      return end('refused', true, {
        code: 'filtered',
        message: 'A hook of the agent refused the prompt.',
        retryable: false,
      });
    case 'failed': {
      const error = errorFromKimi(ended.error ?? { code: '', name: '', message: '', retryable: null });
      if (error.code === 'filtered') return end('refused', true, error);
      return end(error.code === 'max_steps' ? 'max_steps' : 'failed', true, error);
    }
  }
}

/** No session file: only the protocol's word. */
function fromWord(
  f: TurnFacts,
  reply: Extract<PromptReply, { type: 'stopped' }>,
  quirks: Quirks,
): Verdict | null {
  // The file may only now be created: the first turn of a session.
  const wait = quirks.sidecar !== null && reply.stopReason !== 'cancelled';
  return wait && f.now - reply.at < CONFIRM_MS ? null : byWord(f, reply);
}

function byWord(f: TurnFacts, reply: Extract<PromptReply, { type: 'stopped' }>): Verdict {
  switch (reply.stopReason) {
    case 'cancelled':
      return end('cancelled', true);
    case 'refusal':
      return end('refused', true, {
        code: 'filtered',
        message: 'The agent refused the prompt.',
        retryable: false,
      });
    case 'max_tokens':
    case 'max_turn_requests':
      return end('max_steps', true, {
        code: 'max_steps',
        message: 'The agent reached its limit for one turn; it can be told to continue.',
        retryable: true,
        detail: { stopReason: reply.stopReason },
      });
    default:
      return f.worked ? end('completed', false) : nothingDone();
  }
}

function nothingDone(): Verdict {
  return end('failed', false, {
    code: 'provider_error',
    message:
      'The agent said its turn was over without having done or said anything; most often its model failed.',
    retryable: true,
  });
}
