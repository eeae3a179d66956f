import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AttemptId } from '../../../shared/kernel/ids.ts';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import { readSmall } from './object-id.ts';
import type { Places } from './places.ts';

type Of = { readonly goalId: GoalId; readonly taskId: string; readonly attemptId: AttemptId };

/** Folder names of a task whose worktree is not the one of the attempt they are named after. */
type Held = ReadonlyMap<string, AttemptId>;

/**
 * Where an attempt's worktree is: in the folder of its name, unless it took the place of an earlier attempt. Agents find what
 * they remember by the folder they worked in, so an attempt that goes on with it has to stand in the same one. Who holds
 * which folder is written in the vault, where no agent can change it.
 */
export function sliceFolder(places: Places, o: Of): string {
  const held = readHeld(places, o);
  const task = places.task(o.goalId, o.taskId);
  for (const [name, holder] of held) if (holder === o.attemptId) return join(task, name);
  // Its own folder is another's now, and nothing of it was left to move away.
  return held.has(o.attemptId)
    ? join(task, `.gone-${o.attemptId}`)
    : places.slice(o.goalId, o.taskId, o.attemptId);
}

/** Worktrees of a task that are there, and whose they are. */
export function sliceFolders(
  places: Places,
  o: Omit<Of, 'attemptId'>,
): readonly { readonly dir: string; readonly attemptId: AttemptId }[] {
  const task = places.task(o.goalId, o.taskId);
  const held = readHeld(places, o);
  return readdirSync(task).flatMap((name) => {
    const attemptId = held.get(name) ?? AttemptId.safeParse(name).data;
    return attemptId === undefined ? [] : [{ dir: join(task, name), attemptId }];
  });
}

/**
 * Gives the folder of an earlier attempt, whose bytes are in custody, to a new one; what is in it is moved aside. Moved first
 * and written down second: dying in between leaves a folder that is free.
 */
export function takePlace(places: Places, o: Of & { readonly earlier: AttemptId }): string {
  const dir = sliceFolder(places, { ...o, attemptId: o.earlier });
  const held = new Map(readHeld(places, o));
  if (existsSync(dir)) {
    const aside = unusedName(join(dirname(dir), `.earlier-${o.earlier}`));
    renameSync(dir, aside);
    held.set(basename(aside), o.earlier);
  }
  held.set(basename(dir), o.attemptId);
  const file = heldFile(places, o);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(held)), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return dir;
}

export function unusedName(place: string): string {
  for (let n = 1; ; n++) if (!existsSync(`${place}-${n}`)) return `${place}-${n}`;
}

const heldFile = (places: Places, o: Omit<Of, 'attemptId'>): string =>
  join(places.vault(o.goalId), 'omk-folders', `${basename(places.task(o.goalId, o.taskId))}.json`);

function readHeld(places: Places, o: Omit<Of, 'attemptId'>): Held {
  const text = readSmall(heldFile(places, o), 1_000_000)?.toString('utf8') ?? '{}';
  return new Map(
    Object.entries(JSON.parse(text) as Record<string, string>).map(([name, id]) => [
      name,
      AttemptId.parse(id),
    ]),
  );
}
