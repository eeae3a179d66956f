import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { OpenGoal } from '../../shared/goal/state.ts';
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
  const transcriptDir = join(paths.transcripts, goal.goalId);
  for (const dir of [home, tmpDir, transcriptDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  return {
    home,
    tmpDir,
    transcriptPath: join(transcriptDir, `${attemptId}.jsonl`),
    hide: hidden(paths, goal),
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
  return [...ownPlaces(paths), ...otherGoals, ...(needed ? [] : [path])].filter((one) => existsSync(one));
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
