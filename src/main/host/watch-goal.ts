import type { WatchItem } from '../../shared/api/goals.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { Engine } from '../runtime/engine.ts';
import { createLiveQueue } from './live-queue.ts';
import type { SignalHub } from './signal-hub.ts';

/**
 * Everything of one goal after a version, then what happens, until `signal` aborts. Whoever reads slowly holds up nothing: events
 * wait in the order of the log, and signals within the bound of the hub.
 */
export async function* watchGoal(
  {
    engine,
    hub,
  }: {
    readonly engine: Pick<Engine, 'onCommit' | 'onFrozen' | 'events' | 'readOnly'>;
    readonly hub: SignalHub;
  },
  { goalId, afterVersion }: { readonly goalId: GoalId; readonly afterVersion: number },
  signal: AbortSignal,
): AsyncGenerator<WatchItem> {
  const queue = createLiveQueue<WatchItem>(signal);
  let seen = afterVersion;
  const unsubscribe = engine.onCommit((id, events) => {
    if (id !== goalId) return;
    hub.flush(goalId);
    const fresh = events.filter((one) => one.version > seen);
    const last = queue.backlog().at(-1);
    if (last?.type === 'events') last.events.push(...fresh);
    else if (fresh.length > 0) queue.push({ type: 'events', events: [...fresh] });
  });
  const unfreeze = engine.onFrozen((id, message) => {
    if (id === goalId) queue.push({ type: 'read_only', message });
  });
  // They wait in the hub, which bounds them; one mark is their place among the events that wait here.
  const hearing = hub.subscribe(goalId, () => {
    if (!queue.backlog().some((item) => item.type === 'signals'))
      queue.push({ type: 'signals', signals: [] });
  });
  try {
    const history = engine.events(goalId, afterVersion);
    seen = Math.max(seen, history.at(-1)?.version ?? 0);
    for (let at = 0; at < history.length; at += 500)
      yield { type: 'events', events: history.slice(at, at + 500) };
    yield { type: 'caught_up', version: seen };
    const readOnly = engine.readOnly(goalId);
    if (readOnly !== null) yield { type: 'read_only', message: readOnly };
    for await (const item of queue.items) {
      const signals = item.type === 'signals' ? hearing.take() : null;
      if (signals === null) yield item;
      else if (signals.length > 0) yield { type: 'signals', signals };
    }
  } finally {
    unsubscribe();
    unfreeze();
    hearing.close();
  }
}
