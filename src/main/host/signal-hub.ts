import type { GoalId } from '../../shared/kernel/ids.ts';
import { signalSize } from '../../shared/signals.ts';
import type { Signal } from '../../shared/signals.ts';

/** Signals reach a screen in batches: one message for each would choke it at a few thousand a second. */
const BATCH_MS = 50;
/** Per subscriber, in characters; the oldest goes first beyond it. */
const BUFFER_SIZE = 256 * 1024;
/** Text is joined up to this, so that what is left out is never much more than it has to be. */
const PIECE_SIZE = 16 * 1024;
/** Also per subscriber: an agent that thinks and speaks in turns by the letter gives little text in many pieces. */
const MAX_PIECES = 2_000;

/** What one subscriber has not taken yet waits here, and nowhere else: one that reads nothing costs no more than its buffer. */
type Hearing = {
  /** All that waits, with how many older pieces were left out before it. */
  take(): Signal[];
  close(): void;
};

export interface SignalHub {
  publish(signal: Signal): void;
  /** `ready` is called whenever a batch is due; it may come again before anything was taken. */
  subscribe(goalId: GoalId, ready: () => void): Hearing;
  /** Makes what waits for its batch due now: what was observed of an attempt comes before the fact that it ended. */
  flush(goalId: GoalId): void;
}

type Subscriber = {
  readonly ready: () => void;
  pending: Signal[];
  size: number;
  dropped: number;
};

export function createSignalHub(timers: { after(ms: number, run: () => void): () => void }): SignalHub {
  const byGoal = new Map<GoalId, Set<Subscriber>>();
  let armed = false;

  const flush = (goalId: GoalId): void => {
    for (const one of byGoal.get(goalId) ?? []) if (one.pending.length > 0) one.ready();
  };

  return {
    publish(signal) {
      const subscribers = byGoal.get(signal.goalId);
      if (!subscribers || subscribers.size === 0) return;
      for (const one of subscribers) add(one, signal);
      if (armed) return;
      armed = true;
      timers.after(BATCH_MS, () => {
        armed = false;
        for (const goalId of byGoal.keys()) flush(goalId);
      });
    },
    flush,
    subscribe(goalId, ready) {
      const subscribers = byGoal.get(goalId) ?? new Set<Subscriber>();
      byGoal.set(goalId, subscribers);
      const one: Subscriber = { ready, pending: [], size: 0, dropped: 0 };
      subscribers.add(one);
      return {
        take() {
          const { pending, dropped } = one;
          one.pending = [];
          one.size = 0;
          one.dropped = 0;
          return dropped > 0 ? [{ type: 'dropped', goalId, count: dropped }, ...pending] : pending;
        },
        close() {
          subscribers.delete(one);
          if (subscribers.size === 0) byGoal.delete(goalId);
        },
      };
    },
  };
}

function add(one: Subscriber, signal: Signal): void {
  for (const piece of piecesOf(signal)) {
    if (!joined(one, piece)) one.pending.push(piece);
    one.size += signalSize(piece);
  }
  let gone = 0;
  while (one.size > BUFFER_SIZE || one.pending.length - gone > MAX_PIECES) {
    const oldest = one.pending[gone];
    if (oldest === undefined) break;
    one.size -= signalSize(oldest);
    gone += 1;
  }
  if (gone > 0) one.pending.splice(0, gone);
  one.dropped += gone;
}

function piecesOf(signal: Signal): readonly Signal[] {
  if (!('delta' in signal) || signal.delta.length <= PIECE_SIZE) return [signal];
  const pieces: Signal[] = [];
  for (let at = 0; at < signal.delta.length; at += PIECE_SIZE)
    pieces.push({ ...signal, delta: signal.delta.slice(at, at + PIECE_SIZE) });
  return pieces;
}

/** Further text goes on with the last piece; of what replaces itself only the newest means anything. */
function joined(one: Subscriber, signal: Signal): boolean {
  const last = one.pending.at(-1);
  if (last === undefined || last.type === 'dropped' || signal.type === 'dropped') return false;
  if (last.type !== signal.type || last.attemptId !== signal.attemptId) return false;
  if ('delta' in last && 'delta' in signal) {
    if (last.delta.length + signal.delta.length > PIECE_SIZE) return false;
    one.pending[one.pending.length - 1] = { ...last, delta: last.delta + signal.delta };
    return true;
  }
  if (signal.type !== 'activity' && signal.type !== 'context') return false;
  one.size -= signalSize(last);
  one.pending[one.pending.length - 1] = signal;
  return true;
}
