import type { GoalId } from '../../shared/kernel/ids.ts';
import type { Signal } from '../../shared/signals.ts';

/** Signals reach a screen in batches: one message for each would choke it at a few thousand a second. */
const BATCH_MS = 50;
/** Per subscriber; older text is coalesced away beyond it. */
const BUFFER_BYTES = 256 * 1024;

export interface SignalHub {
  publish(signal: Signal): void;
  subscribe(goalId: GoalId, listener: (batch: Signal[]) => void): () => void;
  /** Delivers now what waits for its batch: what was observed of an attempt comes before the fact that it ended. */
  flush(goalId: GoalId): void;
}

type Subscriber = {
  readonly listener: (batch: Signal[]) => void;
  pending: Signal[];
  bytes: number;
  dropped: number;
};

export function createSignalHub(timers: { after(ms: number, run: () => void): () => void }): SignalHub {
  const byGoal = new Map<GoalId, Set<Subscriber>>();
  let armed = false;

  const deliver = (goalId: GoalId, one: Subscriber): void => {
    if (one.pending.length === 0) return;
    const batch: Signal[] =
      one.dropped > 0 ? [{ type: 'dropped', goalId, count: one.dropped }, ...one.pending] : one.pending;
    one.pending = [];
    one.bytes = 0;
    one.dropped = 0;
    one.listener(batch);
  };
  const flush = (goalId: GoalId): void => {
    for (const one of byGoal.get(goalId) ?? []) deliver(goalId, one);
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
    subscribe(goalId, listener) {
      const subscribers = byGoal.get(goalId) ?? new Set<Subscriber>();
      byGoal.set(goalId, subscribers);
      const one: Subscriber = { listener, pending: [], bytes: 0, dropped: 0 };
      subscribers.add(one);
      return () => {
        subscribers.delete(one);
        if (subscribers.size === 0) byGoal.delete(goalId);
      };
    },
  };
}

function add(one: Subscriber, signal: Signal): void {
  const last = one.pending.at(-1);
  if (
    last &&
    'delta' in last &&
    'delta' in signal &&
    last.type === signal.type &&
    last.attemptId === signal.attemptId
  ) {
    one.pending[one.pending.length - 1] = { ...last, delta: last.delta + signal.delta };
  } else if (
    (signal.type === 'activity' || signal.type === 'context') &&
    last?.type === signal.type &&
    last.attemptId === signal.attemptId
  ) {
    one.pending[one.pending.length - 1] = signal; // only the newest means anything
  } else {
    one.pending.push(signal);
  }
  one.bytes += 'delta' in signal ? signal.delta.length : 200;
  while (one.bytes > BUFFER_BYTES && one.pending.length > 0) {
    const first = one.pending.shift();
    one.bytes -= first && 'delta' in first ? first.delta.length : 200;
    one.dropped += 1;
  }
}
