import { expect, it } from 'vitest';
import { StoreError } from '../../src/main/adapters/sqlite/store-error.ts';
import type { Performer } from '../../src/main/runtime/performer.ts';
import type { EventStore } from '../../src/main/runtime/ports.ts';
import { oid, open, until, world } from './runner-world.ts';

/** A log on a disk that somebody fills and empties. */
function fillable() {
  const disk = { full: false, refused: 0 };
  const wrap = (store: EventStore): EventStore => ({
    ...store,
    append: (o) => {
      if (!disk.full) return store.append(o);
      disk.refused += 1;
      throw new StoreError('store.disk_full', 'The disk is full.');
    },
  });
  return { disk, wrap };
}
const landed = {
  type: 'finished' as const,
  evidence: [],
  result: { kind: 'land' as const, landed: { ref: 'refs/heads/x', commit: oid('c'), baseMovedBy: 0 } },
};

it('keeps an outcome until the log takes it again', async () => {
  const { disk, wrap } = fillable();
  const land: Performer = async () => {
    disk.full = true;
    setTimeout(() => {
      disk.full = false;
    }, 500);
    return landed;
  };
  const { engine, runner } = world({ land }, wrap);
  runner.start();
  const goalId = open(engine);
  expect(await until(engine, runner, goalId)).toMatchObject({ status: 'ready' });
});

it('ends an attempt whose cost the log does not take, and writes both into the space kept for that', async () => {
  const { disk, wrap } = fillable();
  let held = 0;
  const agent: Performer = ({ spend, signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ type: 'interrupted' }));
      disk.full = true;
      spend({ usageId: 'u', meteredTokens: 7 });
    });
  const { engine, runner } = world({ agent }, wrap, {
    hold: () => void (held += 1),
    release: () => {
      const was = disk.full;
      disk.full = false;
      return was;
    },
  });
  runner.start();
  const goalId = open(engine);
  expect(await until(engine, runner, goalId)).toMatchObject({
    status: 'failed_infra',
    reasons: [{ code: 'log.not_written', message: expect.stringContaining('The disk is full.') as unknown }],
  });
  const types = engine.events(goalId, 0).map((one) => one.type);
  expect(types.indexOf('budget.spent')).toBeGreaterThan(-1);
  expect(types.indexOf('budget.spent')).toBeLessThan(types.indexOf('attempt.failed'));
  expect(held).toBeGreaterThan(0);
});

it('stops on a full disk, whatever it could not write', async () => {
  const { disk, wrap } = fillable();
  const agent: Performer = ({ signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ type: 'interrupted' }));
      disk.full = true;
    });
  const { engine, runner } = world({ agent }, wrap);
  runner.start();
  open(engine);
  await expect.poll(() => disk.full).toBe(true);
  await runner.stop();
  const { refused } = disk;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(disk.refused).toBe(refused);
});
