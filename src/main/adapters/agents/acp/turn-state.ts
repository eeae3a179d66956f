import type { BackendError, TurnResult } from '../../../runtime/agent-backend.ts';
import type { TokenUsage } from '../../../../shared/goal/vocabulary.ts';
import type { PromptReply } from './turn.ts';
import { addUsage } from './usage.ts';

/** What has happened so far in the one turn that runs; times are ms of the session's monotonic clock. */
export type Turn = {
  readonly finish: (result: TurnResult) => void;
  readonly finished: Promise<TurnResult>;
  readonly said: string[];
  saidLength: number;
  streamedBytes: number;
  worked: boolean;
  updatedAt: number | null;
  usage: TokenUsage | null;
  /** Recorded tokens of what was cancelled to tell the agent something more. */
  carried: TokenUsage | null;
  /** Something more to tell the agent once it has stopped what it does. */
  more: { readonly text: string; readonly told: (how: 'restarted' | 'idle') => void } | null;
  reply: PromptReply | null;
  cancelledAt: number | null;
  stalledAt: number | null;
};

/** Text kept for `finalText`; the end is what counts. */
const MAX_SAID = 256 * 1024;

export function createTurn(): Turn {
  let finish: (result: TurnResult) => void = () => undefined;
  const finished = new Promise<TurnResult>((resolve) => {
    finish = resolve;
  });
  return {
    finish,
    finished,
    said: [],
    saidLength: 0,
    streamedBytes: 0,
    worked: false,
    updatedAt: null,
    usage: null,
    carried: null,
    more: null,
    reply: null,
    cancelledAt: null,
    stalledAt: null,
  };
}

/** Adds model speech exactly as sent. */
export function say(turn: Turn, said: string): void {
  turn.said.push(said);
  turn.saidLength += said.length;
  while (turn.saidLength > MAX_SAID && turn.said.length > 1)
    turn.saidLength -= turn.said.shift()?.length ?? 0;
}

/** There is no way to add to a turn of this protocol: what it does is cancelled, and it is told to go on with this too. */
export const goOnWith = (text: string): string => `Go on with what you were doing, and also: ${text}`;

export const sumUsage = (a: TokenUsage | null, b: TokenUsage | null): TokenUsage | null =>
  b === null ? a : addUsage(a, b);

export const busy: BackendError = {
  code: 'busy',
  message: 'The agent is still working on another turn.',
  retryable: true,
};

/** A prompt that never reached the agent. */
export const unsent = (outcome: TurnResult['outcome'], error: BackendError | null): TurnResult => ({
  outcome,
  confirmed: true,
  error,
  usage: null,
  streamedBytes: 0,
  finalText: '',
});
