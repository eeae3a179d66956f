import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { OpenGoal } from '../../shared/goal/state.ts';
import type { Log } from '../runtime/ports.ts';
import type { Paths } from './paths.ts';

export type Rooms = {
  readonly home: string;
  readonly tmpDir: string;
  readonly transcriptPath: string;
  /** What an agent must not see: omk's own places, other goals, the person's checkout. */
  readonly hide: readonly string[];
};

/** Private folders of one attempt. HOME is one per goal, so that an agent finds its own session again. */
export function makeRooms(paths: Paths, goal: OpenGoal, attemptId: string): Rooms {
  const rooms = paths.rooms(goal.goalId);
  const home = join(rooms, 'home');
  const tmpDir = join(rooms, 'tmp', attemptId);
  for (const dir of [home, tmpDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  return {
    home,
    tmpDir,
    transcriptPath: transcriptOf(paths, goal, attemptId),
    hide: hidden(paths, goal),
  };
}

function transcriptOf(paths: Paths, goal: OpenGoal, attemptId: string): string {
  const dir = join(paths.transcripts, goal.goalId);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return join(dir, `${attemptId}.jsonl`);
}

/**
 * A folder for one session that only reads, with a home that no other session sees and that goes with it. What a host that died
 * left of earlier ones goes too.
 */
export function makeReadingRoom(
  paths: Paths,
  goal: OpenGoal,
  attemptId: string,
  log: Log,
): Rooms & { readonly dir: string; readonly close: () => Promise<void> } {
  const all = join(paths.rooms(goal.goalId), 'reading');
  const own = join(all, attemptId);
  const live = goal.attempts
    .filter((one) => one.outcome.type === 'in_flight')
    .map((one) => String(one.attemptId));
  for (const left of names(all))
    if (!live.includes(left)) rmSync(join(all, left), { recursive: true, force: true });
  const room = { dir: join(own, 'project'), home: join(own, 'home'), tmpDir: join(own, 'tmp') };
  for (const one of Object.values(room)) mkdirSync(one, { recursive: true, mode: 0o700 });
  // What the executing sessions of this goal made must not tell this one what to think.
  const others = [join(paths.rooms(goal.goalId), 'home'), join(paths.slices, goal.goalId)];
  return {
    ...room,
    transcriptPath: transcriptOf(paths, goal, attemptId),
    hide: [...hidden(paths, goal), ...others.filter((one) => existsSync(one))],
    async close() {
      try {
        await rm(own, { recursive: true, force: true, maxRetries: 3 });
      } catch (cause) {
        // The next reading session of this goal tries again.
        log.warn('The folder of a session that only read was not removed.', {
          goalId: goal.goalId,
          cause: String(cause),
        });
      }
    },
  };
}

function hidden(paths: Paths, goal: OpenGoal): readonly string[] {
  // Goals have a folder here (rooms) and one in `goals` (slices, and the objects of base that slices borrow).
  const otherGoals = [paths.work, paths.slices].flatMap((dir) =>
    names(dir)
      .filter((name) => name !== goal.goalId && join(dir, name) !== paths.slices)
      .map((name) => join(dir, name)),
  );
  const { path } = goal.opened.project;
  // An agent program that lives in the project, or a state directory inside it, must stay reachable.
  const needed = [paths.root, ...goal.opened.agent.argv].some(
    (one) => one === path || one.startsWith(path + sep),
  );
  const probes = goal.opened.probes.flatMap(({ file }) => (file === undefined ? [] : [file]));
  return [...ownPlaces(paths), ...otherGoals, ...(needed ? [] : [path]), ...probes].filter((one) =>
    existsSync(one),
  );
}

/** Where omk keeps what no agent may see. */
export const ownPlaces = (paths: Paths): readonly string[] =>
  [
    paths.database,
    `${paths.database}-wal`,
    `${paths.database}-shm`,
    paths.lock,
    paths.hostFile,
    paths.socket,
    paths.challenges,
    paths.goals,
    paths.artifacts,
    paths.vaults,
    paths.away,
    paths.verify,
    paths.cache,
    paths.transcripts,
    paths.logs,
    paths.processes,
    paths.serveToken,
  ].filter((one) => existsSync(one));

function names(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return []; // no goal has made it yet
  }
}
