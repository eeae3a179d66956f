import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { openEventStore } from '../../src/main/adapters/sqlite/event-store.ts';
import { StoreError } from '../../src/main/adapters/sqlite/store-error.ts';
import { sha256, systemClock, systemIds, systemTimers } from '../../src/main/adapters/system/clock.ts';
import { createEngine } from '../../src/main/runtime/engine.ts';
import type { Engine } from '../../src/main/runtime/engine.ts';
import type { Performer } from '../../src/main/runtime/performer.ts';
import type { EventStore, Reserve } from '../../src/main/runtime/ports.ts';
import { createRunner } from '../../src/main/runtime/runner.ts';
import type { Runner } from '../../src/main/runtime/runner.ts';
import { foldGoal } from '../../src/shared/goal/evolve.ts';
import { verdict } from '../../src/shared/goal/verdict.ts';
import { defaultBudget, defaultPolicy, GateSpec } from '../../src/shared/goal/vocabulary.ts';
import { CommandId, goalIdFrom, Oid } from '../../src/shared/kernel/ids.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const oid = (digit: string) => Oid.parse(digit.repeat(40));
const gate = GateSpec.parse({ name: 'tests', kind: 'check', argv: ['true'], source: 'test' });
const digest = sha256('oracle');
const record = {
  name: 'tests',
  kind: 'check' as const,
  required: true,
  outcome: 'passed' as const,
  exitCodes: [0, 0],
  durationMs: 1,
  runs: 2,
  parsed: true,
  counts: { passed: 2, failed: 0, skipped: 0 },
  failedTests: [],
  notes: [],
  evidence: [],
};

/** Performers that answer as a goal does which goes well; one of them can be replaced. */
function performers(
  over: Partial<Record<string, Performer>> = {},
): Parameters<typeof createRunner>[0]['performers'] {
  const done = { type: 'finished' as const, evidence: [] };
  return {
    prepare: async () => ({
      ...done,
      result: {
        kind: 'prepare',
        base: {
          commit: oid('a'),
          tree: oid('b'),
          branch: 'main',
          snapshot: false,
          warnings: [],
          fingerprint: digest,
        },
        oracle: { source: 'detected', gates: [gate], digest, lockedFiles: 1, notes: [] },
      },
    }),
    plan: async () => {
      throw new Error('nobody plans here');
    },
    review: async () => {
      throw new Error('nobody reviews here');
    },
    setup: async () => {
      throw new Error('no setup gates here');
    },
    base: async () => ({
      ...done,
      result: {
        kind: 'base',
        gateMs: 1,
        checked: {
          isolation: 'L2',
          gates: [{ ...record, outcome: 'failed' }],
          expectedTests: 2,
          red: ['one'],
          evidence: digest,
        },
      },
    }),
    agent: async ({ attempt }) => ({
      ...done,
      result: {
        kind: 'agent',
        slice: {
          commit: oid('c'),
          tree: oid('d'),
          base: oid('a'),
          files: 1,
          outside: [],
          ignored: [],
          custodyRef: `refs/${attempt.attemptId}`,
          summary: 'Done.',
        },
      },
    }),
    verify: async () => ({
      ...done,
      result: {
        kind: 'verify',
        gateMs: 1,
        verification: {
          commit: oid('c'),
          tree: oid('d'),
          baseTree: oid('b'),
          oracleDigest: digest,
          isolation: 'L2',
          isolationNote: '',
          passed: true,
          gates: [record],
          redToGreen: ['one'],
          redToGreenCount: 1,
          greenToRed: [],
          onlyOwnTests: false,
          findings: [],
          sections: [],
          changed: [],
          changedCount: 1,
          diff: digest,
          lockedChanged: [],
          proposedOracle: null,
          reasons: [],
          evidence: [],
          toolVersions: {},
        },
      },
    }),
    land: async () => ({
      ...done,
      result: { kind: 'land', landed: { ref: 'refs/heads/x', commit: oid('c'), baseMovedBy: 0 } },
    }),
    ...over,
  };
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const noReserve: Reserve = { hold: () => {}, release: () => false };

function world(
  over: Partial<Record<string, Performer>> = {},
  wrap: (store: EventStore) => EventStore = (store) => store,
  reserve = noReserve,
) {
  const dir = mkdtempSync(join(tmpdir(), 'omk-runner-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  return { ...start(join(dir, 'goals.db'), over, wrap, reserve), path: join(dir, 'goals.db') };
}
function start(
  path: string,
  over: Partial<Record<string, Performer>>,
  wrap: (store: EventStore) => EventStore = (store) => store,
  reserve = noReserve,
) {
  const store = wrap(openEventStore(path));
  const engine = createEngine({
    store,
    clock: systemClock,
    ids: systemIds,
    digest: sha256,
    log,
    storeProblem: (cause) => ({ message: StoreError.from(cause).message, tampered: false }),
  });
  const runner = createRunner({
    engine,
    performers: performers(over),
    salvage: async () => null,
    clock: systemClock,
    ids: systemIds,
    timers: systemTimers,
    reserve,
    digest: sha256,
    log,
    onSignal: () => {},
    parkAfterMs: 60_000,
    capacity: { agents: 1, gates: 1 },
  });
  cleanups.push(async () => {
    await runner.stop();
    store.close();
  });
  return { store, engine, runner };
}
const command = () => CommandId.parse(systemIds.uuid());
function open(engine: Engine, accept: 'auto' | 'manual' = 'auto') {
  const goalId = goalIdFrom(Date.now(), systemIds.hex8());
  const done = engine.execute(
    goalId,
    {
      type: 'goal.open',
      opened: {
        text: 'Fix the failing test in money.js',
        title: '',
        project: { path: '/nowhere', name: 'x', subfolder: '' },
        agent: { name: 'x', protocol: 'wire', argv: ['x'], envNames: [], quirks: 'generic' },
        budget: defaultBudget,
        policy: { ...defaultPolicy, planning: 'heuristic', accept, yesPlan: true, trustGates: true },
        gates: { added: [], selection: {} },
        trustedDigest: null,
        probes: [],
      },
    },
    { actor: 'operator', commandId: command() },
  );
  expect(done).toMatchObject({ ok: true });
  return goalId;
}
async function until(engine: Engine, runner: Runner, goalId: ReturnType<typeof open>) {
  await runner.settled();
  return verdict(engine.state(goalId));
}

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
