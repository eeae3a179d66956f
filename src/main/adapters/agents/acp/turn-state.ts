import type { AgentStart, BackendError, TurnResult } from '../../../runtime/agent-backend.ts';
import type { TokenUsage } from '../../../../shared/goal/vocabulary.ts';
import type { Mapped } from './map.ts';
import type { SidecarTracker } from './sidecar-tracker.ts';
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

const TICK_MS = 150;
const CONFIRM_TICK_MS = 10;
const IDLE_TICK_MS = 1_000;
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

/** While a turn runs: often enough for the shortest of the deadlines that are checked by it. */
export function nextCheckMs(
  turn: Turn | null,
  { stallMs, cancelMs }: Pick<AgentStart['timeouts'], 'stallMs' | 'cancelMs'>,
): number {
  if (turn === null) return IDLE_TICK_MS;
  if (turn.reply !== null) return CONFIRM_TICK_MS;
  return Math.max(10, Math.min(TICK_MS, stallMs / 4, cancelMs / 4));
}

/** Adds what one message brought; speech exactly as sent. */
export function advance(turn: Turn, mapped: Mapped, at: number): void {
  turn.updatedAt = at;
  turn.worked ||= mapped.worked;
  turn.streamedBytes += mapped.streamedBytes;
  turn.usage = sumUsage(turn.usage, mapped.usage);
  if (mapped.said === '') return;
  turn.said.push(mapped.said);
  turn.saidLength += mapped.said.length;
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

/** What a turn came to, of all it was told. */
export const resultOf = (
  turn: Turn,
  verdict: Pick<TurnResult, 'outcome' | 'confirmed' | 'error'>,
  recorded: Pick<SidecarTracker, 'usage' | 'said'> | null,
): TurnResult => ({
  outcome: verdict.outcome,
  confirmed: verdict.confirmed,
  error: verdict.error,
  usage: recorded === null ? turn.usage : sumUsage(turn.carried, recorded.usage ?? turn.usage),
  streamedBytes: turn.streamedBytes,
  finalText: turn.said.join('') || (recorded?.said ?? ''),
});

/** A prompt that never reached the agent. */
export const unsent = (outcome: TurnResult['outcome'], error: BackendError | null): TurnResult => ({
  outcome,
  confirmed: true,
  error,
  usage: null,
  streamedBytes: 0,
  finalText: '',
});
