import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArtifacts } from '../src/main/adapters/artifacts/store.ts';
import { openEventStore } from '../src/main/adapters/sqlite/event-store.ts';
import { StoreError } from '../src/main/adapters/sqlite/store-error.ts';
import { sha256, systemClock, systemIds } from '../src/main/adapters/system/clock.ts';
import { createExporter } from '../src/main/host/exporter.ts';
import type { Exporter } from '../src/main/host/exporter.ts';
import { createEngine } from '../src/main/runtime/engine.ts';
import type { Engine } from '../src/main/runtime/engine.ts';
import type { EventStore } from '../src/main/runtime/ports.ts';
import { goalId, slice } from '../src/main/runtime/testing/results.ts';
import { openGoal } from '../src/main/runtime/testing/world.ts';
import type { World } from '../src/main/runtime/testing/world.ts';
import type { NewEvent } from '../src/shared/goal/events.ts';
import { CommandId } from '../src/shared/kernel/ids.ts';
import { canonicalJson } from '../src/shared/kernel/json.ts';
import { verifiedPart } from '../src/shared/proof/build.ts';

/** What the world's performers name as evidence; stored, the digests are those of these bytes. */
const evidence = ['gate output', 'base run', 'verification', 'diff'];

/** Puts the digest of the newest verification into the log, as a host does. */
export function issueProof(world: World): World {
  const verification = world.goal.verifications.at(-1);
  if (!verification) throw new Error('Nothing was verified.');
  const { commit, tree } = verification;
  const digest = sha256(canonicalJson(verifiedPart(world.goal, verification)));
  return world.must({ type: 'proof.issue', proof: { commit, tree, digest, path: 'proof.json' } }, 'host');
}

/** A goal that was proven, accepted by a person and landed; every event of it came from a command. */
export function provenWorld(summary = 'I edited src/money.js. All tests pass.'): World {
  const world = openGoal();
  world.driveTo('agent');
  const { slice: made } = slice('fix');
  world.finish(world.begin(), { kind: 'agent', slice: { ...made, summary } });
  world.driveTo(null);
  issueProof(world);
  world.answer('acceptance', { choice: 'accept' });
  world.driveTo(null);
  return world;
}

export type StoredGoal = {
  readonly root: string;
  /** Where the goal's files are exported to. */
  readonly dir: string;
  readonly store: EventStore;
  readonly engine: Engine;
  readonly exporter: Exporter;
  readonly warnings: string[];
  readonly append: (events: readonly NewEvent[]) => void;
  readonly close: () => Promise<void>;
};

/** The world's log in a real database, with its evidence, an engine on it and an exporter beside it. */
export async function storeGoal(
  world: World,
  root = realpathSync(mkdtempSync(join(tmpdir(), 'omk-proven-'))),
): Promise<StoredGoal> {
  mkdirSync(join(root, 'goals'), { recursive: true });
  const artifacts = createArtifacts(join(root, 'artifacts'));
  for (const text of evidence) await artifacts.put(text);
  const store = openEventStore(join(root, 'goals.db'));
  let commands = 0;
  const append = (events: readonly NewEvent[]): void => {
    const version = store.goals()[0]?.version ?? 0;
    const done = store.append({
      goalId,
      expectedVersion: version,
      events,
      at: 1_767_268_800_000,
      actor: 'host',
      commandId: CommandId.parse(`stored-${version}-${(commands += 1)}`),
      causationId: null,
      receipt: '{}',
      row: '{}',
    });
    if (!done.ok) throw new Error('The log moved.');
  };
  if (store.goals().length === 0)
    append(world.log.map(({ type, v, payload }) => ({ type, v, payload }) as NewEvent));
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (text: string) => void warnings.push(text), error: () => {} };
  const engine = createEngine({
    store,
    clock: systemClock,
    ids: systemIds,
    digest: sha256,
    log,
    storeProblem: (cause) => ({ message: StoreError.from(cause).message, tampered: false }),
  });
  const exporter = createExporter({ engine, store, goalDir: (id) => join(root, 'goals', id), log });
  return {
    root,
    dir: join(root, 'goals', goalId),
    store,
    engine,
    exporter,
    warnings,
    append,
    async close() {
      await exporter.stop();
      store.close();
    },
  };
}
