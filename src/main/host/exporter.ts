import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { goalFiles } from '../../shared/export/files.ts';
import type { Exported } from '../../shared/export/files.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import { buildProof, sealText } from '../../shared/proof/build.ts';
import type { Proof } from '../../shared/proof/build.ts';
import type { Engine } from '../runtime/engine.ts';
import type { EventStore, Log } from '../runtime/ports.ts';
import { omkVersion } from './version.ts';

/** Exports follow the log; nobody reads them back, so a burst of commits is worth one writing. */
const SETTLE_MS = 150;
const UNFINISHED = /\.[0-9a-f]{8}-[0-9a-f-]{27}\.tmp$/;
const Shown = z.object({ log_version: z.number() });

export interface Exporter {
  proof(goalId: GoalId): Proof | null;
  proofPath(goalId: GoalId): string;
  /** Writes what is due now, and this goal's files where one is missing or older than the log. Never mends one that was changed. */
  flush(goalId?: GoalId): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Files of the reference's layout under `goals/<goal-id>/`, written atomically after the commit they show. What an earlier host did not
 * get to write, or somebody removed, is written at the start. A goal whose log cannot be trusted keeps the files it has.
 */
export function createExporter(deps: {
  readonly engine: Engine;
  readonly store: EventStore;
  readonly goalDir: (goalId: GoalId) => string;
  readonly log: Log;
}): Exporter {
  const { engine, store } = deps;
  const due = new Set<GoalId>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let problem: string | null = null;
  let stopping = false;

  const load = (goalId: GoalId): Exported | null => {
    const state = engine.state(goalId);
    if (!state.exists || engine.readOnly(goalId) !== null) return null;
    const { events, hashed, hashes, unreadable } = store.read(goalId, 0);
    if (unreadable !== null) return null;
    if (state.verifications.length === 0) return { state, events, hashed, hashes, proof: null };
    const built = buildProof(state, { hashes, omk: omkVersion });
    const seal = createHash('sha256').update(sealText(built)).digest('hex');
    return { state, events, hashed, hashes, proof: { ...built, seal } };
  };

  const write = async (goalId: GoalId): Promise<void> => {
    const goal = load(goalId);
    if (!goal) return;
    const dir = deps.goalDir(goalId);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if ((await lstat(dir)).isSymbolicLink()) throw new Error(`${dir} is a link, not a folder.`);
    for (const name of await readdir(dir)) if (UNFINISHED.test(name)) await rm(join(dir, name));
    for (const [name, text] of goalFiles(goal, dir)) await writeAtomically(join(dir, name), text);
  };

  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const batch = [...due];
    due.clear();
    writing = writing.then(async () => {
      for (const one of batch) {
        try {
          await write(one);
          problem = null;
        } catch (cause) {
          // An export is a copy: the log has everything, and the next writing tries again.
          due.add(one);
          const code = codeOf(cause);
          if (code !== problem)
            deps.log.warn('Exports could not be written.', { goalId: one, problem: String(cause) });
          problem = code;
        }
      }
    });
    return writing;
  };

  const catchUp = async (): Promise<void> => {
    for (const { goalId, version } of store.goals()) {
      if (stopping) return;
      if ((await shownVersion(deps.goalDir(goalId))) === version) continue;
      due.add(goalId);
      await flush();
    }
  };

  const isWhole = async (goalId: GoalId): Promise<boolean> => {
    const goal = load(goalId);
    if (!goal) return true; // nothing better could be written
    const dir = deps.goalDir(goalId);
    const names = goalFiles(goal, dir).map(([name]) => name);
    const there = await readdir(dir).catch((): string[] => []);
    return names.every((name) => there.includes(name)) && (await shownVersion(dir)) === goal.state.version;
  };

  const unsubscribe = engine.onCommit((goalId) => {
    due.add(goalId);
    timer ??= setTimeout(() => void flush(), SETTLE_MS);
  });
  const caughtUp = catchUp().catch((cause: unknown) =>
    deps.log.warn('Exports could not be looked at.', { problem: String(cause) }),
  );

  return {
    proof: (goalId) => load(goalId)?.proof ?? null,
    proofPath: (goalId) => join(deps.goalDir(goalId), 'proof.json'),
    async flush(goalId) {
      if (goalId !== undefined && !(await isWhole(goalId))) due.add(goalId);
      await flush();
    },
    async stop() {
      stopping = true;
      unsubscribe();
      await caughtUp;
      await flush();
    },
  };
}

/** How much of the log the files of this folder show. */
async function shownVersion(dir: string): Promise<number | null> {
  try {
    return Shown.parse(JSON.parse(await readFile(join(dir, 'goal.json'), 'utf8'))).log_version;
  } catch {
    return null; // missing or not what omk wrote: written anew
  }
}

async function writeAtomically(path: string, text: string): Promise<void> {
  if (await holds(path, text)) return;
  const tmp = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(tmp, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(tmp, path);
  } catch (cause) {
    await rm(tmp, { force: true });
    throw cause;
  }
}

async function holds(path: string, text: string): Promise<boolean> {
  try {
    return (await readFile(path)).equals(Buffer.from(text));
  } catch {
    return false;
  }
}

const codeOf = (cause: unknown): string =>
  cause !== null && typeof cause === 'object' && 'code' in cause ? String(cause.code) : String(cause);
