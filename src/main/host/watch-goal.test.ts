import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { WatchItem } from '../../shared/api/goals.ts';
import { AttemptId, CommandId, goalIdFrom } from '../../shared/kernel/ids.ts';
import { openEventStore } from '../adapters/sqlite/event-store.ts';
import { StoreError } from '../adapters/sqlite/store-error.ts';
import { sha256, systemClock, systemIds } from '../adapters/system/clock.ts';
import { createEngine } from '../runtime/engine.ts';
import { openedWith } from '../runtime/testing/results.ts';
import { createSignalHub } from './signal-hub.ts';
import { watchGoal } from './watch-goal.ts';

const ending: (() => void)[] = [];
afterEach(() => {
  for (const end of ending.splice(0).toReversed()) end();
});

/** A goal in a real log, and a hub whose batches are due when a test says so. */
function opened() {
  const dir = mkdtempSync(join(tmpdir(), 'omk-watch-'));
  const store = openEventStore(join(dir, 'goals.db'));
  ending.push(() => {
    store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const engine = createEngine({
    store,
    clock: systemClock,
    ids: systemIds,
    digest: sha256,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    storeProblem: (cause) => ({ message: StoreError.from(cause).message, tampered: false }),
  });
  const goalId = goalIdFrom(Date.now(), systemIds.hex8());
  const send = (command: Parameters<typeof engine.execute>[1]): void => {
    const commandId = CommandId.parse(systemIds.uuid());
    const done = engine.execute(goalId, command, { actor: 'operator', commandId });
    if (!done.ok) throw new Error(done.error.message);
  };
  send({ type: 'goal.open', opened: openedWith() });
  const due: (() => void)[] = [];
  const hub = createSignalHub({
    after(_ms, run) {
      due.push(run);
      return () => undefined;
    },
  });
  const watching = new AbortController();
  const items = watchGoal({ engine, hub }, { goalId, afterVersion: 0 }, watching.signal);
  ending.push(() => watching.abort());
  const next = async (): Promise<WatchItem> => {
    const { value, done } = await items.next();
    if (done === true) throw new Error('The watch ended.');
    return value;
  };
  const say = (delta: string): void => {
    hub.publish({ type: 'text', goalId, attemptId: AttemptId.parse('attempt-one'), delta });
    due.splice(0).forEach((run) => run());
  };
  return { next, say, send };
}

test('a watcher that reads nothing is later told the newest, and how much was left out', async () => {
  const { next, say } = opened();
  expect(await next()).toMatchObject({ type: 'events' });
  expect(await next()).toMatchObject({ type: 'caught_up' });
  for (let batch = 0; batch < 3_000; batch += 1) say('x'.repeat(1_000));
  say('end');
  const item = await next();
  const signals = item.type === 'signals' ? item.signals : [];
  expect(signals[0]?.type).toBe('dropped');
  expect(JSON.stringify(signals.at(-1))).toContain('xend"');
  expect(JSON.stringify(signals).length).toBeLessThan(300_000);
  say('more');
  expect(await next()).toMatchObject({ type: 'signals', signals: [{ type: 'text', delta: 'more' }] });
});

test('what was observed comes before what was recorded after it, also to one that reads late', async () => {
  const { next, say, send } = opened();
  await next();
  await next();
  say('before');
  send({ type: 'goal.pause' });
  say(' and after');
  expect(await next()).toMatchObject({
    type: 'signals',
    signals: [{ type: 'text', delta: 'before and after' }],
  });
  expect(await next()).toMatchObject({ type: 'events' });
});
