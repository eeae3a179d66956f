import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { GoalId } from '../../shared/kernel/ids.ts';
import type { Log } from '../runtime/ports.ts';
import { Seen } from './attention.ts';

const File = z.object({ version: z.literal(1), goals: z.record(GoalId, Seen) });

/** What was told, on disk (0600). A file that cannot be read costs one repeated notification, so it is simply begun again. */
export function openAttentionMemory(
  path: string,
  log: Pick<Log, 'warn'>,
): {
  readonly get: (goalId: GoalId) => Seen | undefined;
  readonly set: (goalId: GoalId, seen: Seen) => void;
} {
  const goals = new Map<GoalId, Seen>(read(path));
  return {
    get: (goalId) => goals.get(goalId),
    set(goalId, seen) {
      if (JSON.stringify(goals.get(goalId)) === JSON.stringify(seen)) return;
      goals.set(goalId, seen);
      try {
        // Renamed into place: a crash in between must not leave half a file.
        writeFileSync(`${path}.new`, JSON.stringify({ version: 1, goals: Object.fromEntries(goals) }), {
          mode: 0o600,
        });
        renameSync(`${path}.new`, path);
      } catch (cause) {
        log.warn('What was notified could not be remembered.', { cause: String(cause) });
      }
    },
  };
}

function read(path: string): [GoalId, Seen][] {
  try {
    const file = File.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return file.success ? (Object.entries(file.data.goals) as [GoalId, Seen][]) : [];
  } catch {
    return []; // not there yet, or not ours any more
  }
}
