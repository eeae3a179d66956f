import type { GoalCommand, Rejection } from '../../shared/goal/commands.ts';
import type { Failure } from '../../shared/goal/vocabulary.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { Log, Reserve, Timers } from './ports.ts';

/** How long to wait before writing an outcome again that the log refused. */
export const REWRITE_MS = 2_000;

export const isNotWritten = (done: Result<unknown, Rejection>): boolean =>
  !done.ok && done.error.code === 'log.not_written';

/** An attempt whose doings the log did not take: nobody could say afterwards what it had cost. */
export const notRecorded = (message: string): Failure => ({
  code: 'log.not_written',
  message: `The attempt was ended because the log did not take what it did. ${message}`.slice(0, 2_000),
  retry: 'ask',
  blame: 'infra',
});

/**
 * Writes an outcome, which must not be lost to a full disk: first into the space kept for exactly this, then as often as it
 * takes.
 */
export function outcomeRecorder(deps: {
  readonly execute: (goalId: GoalId, command: GoalCommand) => Result<unknown, Rejection>;
  readonly reserve: Reserve;
  readonly timers: Timers;
  readonly log: Log;
  readonly stopping: () => boolean;
}): (goalId: GoalId, command: GoalCommand) => Promise<void> {
  return async (goalId, command) => {
    for (;;) {
      const done = deps.execute(goalId, command);
      if (done.ok) return;
      if (!isNotWritten(done)) {
        deps.log.info('An outcome was refused.', { goalId, code: done.error.code });
        return;
      }
      if (deps.reserve.release()) continue;
      if (deps.stopping()) return;
      await new Promise<void>((resolve) => deps.timers.after(REWRITE_MS, resolve));
    }
  };
}
