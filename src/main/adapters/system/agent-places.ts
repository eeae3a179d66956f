import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import type { AgentPlaces, Log } from '../../runtime/ports.ts';
import { syncFolder, writeDurably } from '../process/durable.ts';

const Move = z.object({ from: z.string(), to: z.string() });
type Move = z.infer<typeof Move>;
type Trip = { readonly journal: string; readonly moves: readonly Move[] };

export type MovableAgentPlaces = AgentPlaces & {
  /** Brings back what a host that died left away. Before anything else looks for the folders. */
  readonly recover: () => void;
  /** Where moved folders are now: their bytes are in use all the same. */
  readonly elsewhere: () => readonly string[];
};

/**
 * Implements `AgentPlaces` by renaming to names nobody knows below `root`, which is on the file system of the folders. What
 * is about to be moved is on disk before the first rename; dying in between leaves that note, and `recover` follows it.
 * Whoever has our user id and looks for it can still find the bytes: this hides paths, it is no wall.
 */
export function movableAgentPlaces(o: {
  readonly root: string;
  readonly foldersOf: (goalId: GoalId) => readonly string[];
  readonly log: Log;
}): MovableAgentPlaces {
  const { root, log } = o;
  const users = new Map<GoalId, Set<Promise<unknown>>>();
  const closed = new Map<GoalId, Promise<void>>();
  const trips = new Map<GoalId, Trip>();

  /** Names in `root` can be listed only while this works on them, at least by whoever does not change its mode first. */
  const inRoot = <T>(work: () => T): T => {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    chmodSync(root, 0o700);
    try {
      return work();
    } finally {
      chmodSync(root, trips.size > 0 ? 0o300 : 0o700);
    }
  };

  const leave = (goalId: GoalId): void =>
    inRoot(() => {
      const name = randomBytes(16).toString('hex');
      const moves = o
        .foldersOf(goalId)
        .filter(exists)
        .map((from, at) => ({ from, to: join(root, `${name}-${at}`) }));
      const trip = { journal: join(root, `${name}.json`), moves };
      writeDurably(trip.journal, JSON.stringify(moves));
      syncFolder(root);
      trips.set(goalId, trip);
      for (const { from, to } of moves) {
        makeMovable(from);
        renameSync(from, to);
      }
    });

  /** @returns were they away, and nothing in their place, all the time? Throws while they cannot be brought back. */
  const comeBack = (goalId: GoalId): boolean => {
    const trip = trips.get(goalId);
    if (trip === undefined) return true;
    return inRoot(() => {
      const undisturbed = trip.moves.every(({ from, to }) => exists(to) && !exists(from));
      bringBack(trip);
      trips.delete(goalId);
      return undisturbed;
    });
  };

  const left = (goalId: GoalId): boolean => {
    try {
      leave(goalId);
      return true;
    } catch (cause) {
      log.warn('Folders of agents could not be moved away.', { goalId, cause: String(cause) });
      comeBack(goalId);
      return false;
    }
  };

  const away = async <T>(goalId: GoalId, work: () => Promise<T>) => {
    await Promise.allSettled([...(users.get(goalId) ?? [])]);
    comeBack(goalId);
    if (!left(goalId)) return { done: await work(), places: 'there' as const };
    try {
      const done = await work();
      return { done, places: comeBack(goalId) ? ('away' as const) : ('disturbed' as const) };
    } finally {
      comeBack(goalId);
    }
  };

  return {
    async inPlace(goalId, work) {
      for (let door = closed.get(goalId); door !== undefined; door = closed.get(goalId)) await door;
      comeBack(goalId);
      const mine = users.get(goalId) ?? new Set();
      users.set(goalId, mine);
      const working = (async () => work())();
      mine.add(working);
      try {
        return await working;
      } finally {
        mine.delete(working);
        if (mine.size === 0) users.delete(goalId);
      }
    },
    async whileAway(goalId, work) {
      for (let door = closed.get(goalId); door !== undefined; door = closed.get(goalId)) await door;
      const working = away(goalId, work);
      const open = (): void => void closed.delete(goalId);
      closed.set(goalId, working.then(open, open));
      return working;
    },
    recover() {
      if (!exists(root)) return;
      inRoot(() => {
        for (const file of readdirSync(root).filter((name) => name.endsWith('.json'))) {
          const journal = join(root, file);
          try {
            bringBack({ journal, moves: readMoves(journal) });
            log.warn('Folders of agents that an earlier host had moved away were brought back.', { file });
          } catch (cause) {
            // Their bytes stay where they are, and so does the note of it: the next start tries again.
            log.error('Folders of agents could not be brought back.', { file, cause: String(cause) });
          }
        }
      });
    },
    elsewhere: () => [...trips.values()].flatMap(({ moves }) => moves.map(({ to }) => to)),
  };
}

/** Safe to do again, from wherever it was left. The note goes last. */
function bringBack({ journal, moves }: Trip): void {
  for (const { from, to } of moves) {
    if (!exists(to)) continue;
    mkdirSync(dirname(from), { recursive: true, mode: 0o700 });
    // Somebody made it anew meanwhile. Whatever that is, it is kept, but not taken for the agent's.
    if (exists(from)) renameSync(from, join(to, `.made-while-away-${randomBytes(4).toString('hex')}`));
    renameSync(to, from);
    syncFolder(dirname(from));
  }
  rmSync(journal, { force: true });
}

/** A note that was cut off while it was written comes before the first rename: nothing has to be undone. */
function readMoves(journal: string): readonly Move[] {
  try {
    return z.array(Move).parse(JSON.parse(readFileSync(journal, 'utf8')));
  } catch {
    return [];
  }
}

/** Renaming into another folder needs a folder its owner may write; a link would leave behind what it names. */
function makeMovable(dir: string): void {
  const stat = lstatSync(dir);
  if (!stat.isDirectory()) throw new Error(`${dir} is not a folder`);
  if ((stat.mode & 0o700) !== 0o700) chmodSync(dir, 0o700);
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
