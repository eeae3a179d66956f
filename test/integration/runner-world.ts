import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { openEventStore } from '../../src/main/adapters/sqlite/event-store.ts';
import { StoreError } from '../../src/main/adapters/sqlite/store-error.ts';
import { sha256, systemClock, systemIds, systemTimers } from '../../src/main/adapters/system/clock.ts';
import { createEngine } from '../../src/main/runtime/engine.ts';
import type { Engine } from '../../src/main/runtime/engine.ts';
import type { Performer } from '../../src/main/runtime/performer.ts';
import type { EventStore, Reserve } from '../../src/main/runtime/ports.ts';
import { createRunner } from '../../src/main/runtime/runner.ts';
import type { Runner } from '../../src/main/runtime/runner.ts';
import { verdict } from '../../src/shared/goal/verdict.ts';
import { defaultBudget, defaultPolicy, GateSpec } from '../../src/shared/goal/vocabulary.ts';
import { CommandId, goalIdFrom, Oid } from '../../src/shared/kernel/ids.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
export const oid = (digit: string) => Oid.parse(digit.repeat(40));
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
export function performers(
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

export function world(
  over: Partial<Record<string, Performer>> = {},
  wrap: (store: EventStore) => EventStore = (store) => store,
  reserve = noReserve,
) {
  const dir = mkdtempSync(join(tmpdir(), 'omk-runner-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  return { ...start(join(dir, 'goals.db'), over, wrap, reserve), path: join(dir, 'goals.db') };
}
export function start(
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
export const command = () => CommandId.parse(systemIds.uuid());
export function open(engine: Engine, accept: 'auto' | 'manual' = 'auto') {
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
export async function until(engine: Engine, runner: Runner, goalId: ReturnType<typeof open>) {
  await runner.settled();
  return verdict(engine.state(goalId));
}
