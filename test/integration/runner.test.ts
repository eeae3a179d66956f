import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { Performer } from '../../src/main/runtime/performer.ts';
import { foldGoal } from '../../src/shared/goal/evolve.ts';
import { command, oid, open, performers, start, until, world } from './runner-world.ts';

it('drives a goal from opening to ready, and the stored log folds to the live state', async () => {
  const { store, engine, runner } = world();
  runner.start();
  const goalId = open(engine);
  expect(await until(engine, runner, goalId)).toMatchObject({ status: 'ready' });
  expect(foldGoal(store.read(goalId, 0).events)).toEqual(engine.state(goalId));
  expect(store.read(goalId, 0).events.filter((one) => one.type === 'goal.concluded')).toHaveLength(1);
});

it('waits for the person where nothing may be accepted by policy', async () => {
  const { engine, runner } = world();
  runner.start();
  const goalId = open(engine, 'manual');
  expect(await until(engine, runner, goalId)).toMatchObject({ status: 'blocked_on_human' });
  engine.execute(
    goalId,
    { type: 'goal.accept', commit: oid('c'), note: '' },
    { actor: 'operator', commandId: command() },
  );
  expect(await until(engine, runner, goalId)).toMatchObject({ status: 'ready' });
});

it('goes on after a restart from whatever was in flight', async () => {
  const hang: Performer = ({ signal }) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve({ type: 'interrupted' })));
  const first = world({ agent: hang });
  first.runner.start();
  const goalId = open(first.engine);
  await new Promise<void>((resolve) => {
    first.engine.onCommit(
      (_id, events) =>
        events.some((one) => one.type === 'attempt.started' && one.payload.kind === 'agent') && resolve(),
    );
  });
  // The first host is gone without a word; its attempt is still in flight in the log.
  first.store.close();
  const second = start(first.path, {});
  second.runner.start();
  expect(await until(second.engine, second.runner, goalId)).toMatchObject({ status: 'ready' });
  const lost = second.store.read(goalId, 0).events.filter((one) => one.type === 'attempt.lost');
  expect(lost.map((one) => one.payload)).toMatchObject([{ reason: 'host_restarted' }]);
});

it('accepts nothing once an older event of its log was changed while it worked, and says so once', async () => {
  const verified = performers().verify;
  const { engine, runner, store, path } = world({
    verify: async (context) => {
      const db = new Database(path);
      db.exec('DROP TRIGGER events_are_append_only');
      db.exec("UPDATE events SET payload = replace(payload, 'tests', 'fewer') WHERE type = 'oracle.defined'");
      db.close();
      return verified(context);
    },
  });
  runner.start();
  const told: string[] = [];
  engine.onFrozen((_, message) => told.push(message));
  const goalId = open(engine);
  await runner.settled();
  expect(told).toHaveLength(1);
  expect(engine.readOnly(goalId)).toBe(told[0]);
  expect(engine.events(goalId, 0).map((one) => one.type)).not.toContain('goal.accepted');
  expect(store.verifyChain(goalId).ok).toBe(false);
});

it('answers a repeated command as it did the first time and changes nothing', () => {
  const { engine, store } = world();
  const goalId = open(engine);
  const twice = command();
  const first = engine.execute(goalId, { type: 'goal.pause' }, { actor: 'operator', commandId: twice });
  const before = store.eventCount();
  expect(engine.execute(goalId, { type: 'goal.pause' }, { actor: 'operator', commandId: twice })).toEqual(
    first,
  );
  expect(store.eventCount()).toBe(before);
});
