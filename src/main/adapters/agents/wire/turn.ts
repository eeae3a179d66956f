import type { BackendError, TurnResult } from '../../../runtime/agent-backend.ts';
import type { TokenUsage } from '../../../../shared/goal/vocabulary.ts';
import type { Reply } from './client.ts';
import { errorFromRpc, stalledError } from './errors.ts';
import type { Mapped } from './map.ts';
import { PromptResult } from './schema.ts';

/** One turn while it runs. */
export type Turn = {
  readonly finish: (result: TurnResult) => void;
  readonly finished: Promise<TurnResult>;
  /** `false`: what arrives may still belong to the turn before, which was cut off. */
  begun: boolean;
  ended: boolean;
  worked: boolean;
  readonly said: string[];
  saidLength: number;
  streamedBytes: number;
  usage: TokenUsage | null;
  /** We told the agent to stop, and why. */
  stopping: 'cancelled' | 'stalled' | null;
};

/** Text kept for `finalText`; the end is what counts. */
const MAX_SAID = 256 * 1024;

export function newTurn(begun: boolean): Turn {
  let finish: (result: TurnResult) => void = () => undefined;
  const finished = new Promise<TurnResult>((resolve) => {
    finish = resolve;
  });
  return {
    finish,
    finished,
    begun,
    ended: false,
    worked: false,
    said: [],
    saidLength: 0,
    streamedBytes: 0,
    usage: null,
    stopping: null,
  };
}

/** Adds what one message brought. */
export function advance(turn: Turn, mapped: Mapped): void {
  if (mapped.turn === 'begin') turn.begun = true;
  if (!turn.begun) return;
  if (mapped.turn === 'end') turn.ended = true;
  turn.worked ||= mapped.worked;
  turn.streamedBytes += mapped.streamedBytes;
  if (mapped.usage !== null) turn.usage = addUsage(turn.usage, mapped.usage.delta);
  if (mapped.said === '') return;
  turn.said.push(mapped.said);
  turn.saidLength += mapped.said.length;
  while (turn.saidLength > MAX_SAID && turn.said.length > 1)
    turn.saidLength -= turn.said.shift()?.length ?? 0;
}

function addUsage(sum: TokenUsage | null, more: TokenUsage): TokenUsage {
  if (sum === null) return more;
  return {
    input: sum.input + more.input,
    output: sum.output + more.output,
    cacheRead: sum.cacheRead + more.cacheRead,
    cacheWrite: sum.cacheWrite + more.cacheWrite,
  };
}

type Outcome = Pick<TurnResult, 'outcome' | 'confirmed' | 'error'>;

/** What the answer to `prompt` says about the turn (agents.md §5.3: it comes after `TurnEnd`, which confirms it). */
export function outcomeOf(turn: Turn, reply: Exclude<Reply, { type: 'closed' }>): Outcome {
  if (turn.stopping === 'stalled') return { outcome: 'stalled', confirmed: true, error: stalledError };
  if (reply.type === 'error') {
    if (turn.stopping === 'cancelled') return { outcome: 'cancelled', confirmed: true, error: null };
    return { outcome: 'failed', confirmed: true, error: errorFromRpc(reply.code, reply.message) };
  }
  const confirmed = turn.ended;
  switch (PromptResult.safeParse(reply.result).data?.status ?? '') {
    case 'cancelled':
      return { outcome: 'cancelled', confirmed, error: null };
    case 'max_steps_reached':
      return { outcome: 'max_steps', confirmed, error: null };
    case 'finished':
      // A turn without a word or a tool is what a lost prompt looks like; it is never a success.
      return { outcome: turn.worked ? 'completed' : 'failed', confirmed, error: null };
    default:
      return { outcome: turn.worked ? 'completed' : 'failed', confirmed: false, error: null };
  }
}

/** The process or its connection is gone. */
export function outcomeOfLoss(turn: Turn, error: BackendError): Outcome {
  if (turn.stopping === 'stalled') return { outcome: 'stalled', confirmed: true, error: stalledError };
  if (turn.stopping === 'cancelled') return { outcome: 'cancelled', confirmed: true, error: null };
  return { outcome: error.code === 'process_exit' ? 'crashed' : 'failed', confirmed: true, error };
}

export const resultOf = (turn: Turn, outcome: Outcome): TurnResult => ({
  ...outcome,
  usage: turn.usage,
  streamedBytes: turn.streamedBytes,
  finalText: turn.said.join(''),
});

/** The answer to a prompt that never reached the agent. */
export const unsent = (outcome: TurnResult['outcome'], error: BackendError | null): TurnResult => ({
  outcome,
  confirmed: true,
  error,
  usage: null,
  streamedBytes: 0,
  finalText: '',
});
