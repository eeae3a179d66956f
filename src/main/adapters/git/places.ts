import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { AttemptId, GoalId } from '../../../shared/kernel/ids.ts';
import { Bug } from '../../../shared/kernel/bug.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { failure, ioFailure } from './failure.ts';

/** Where a goal's two repositories and its slices are. Every id is checked again: it becomes a part of a path. */
export type Places = {
  readonly roots: readonly string[];
  /** Empty, never written to: what git takes for a home. */
  readonly home: string;
  readonly goal: (goalId: GoalId) => string;
  /** What agents may read: objects of base, and nothing that omk decides by. */
  readonly workspace: (goalId: GoalId) => string;
  readonly task: (goalId: GoalId, taskId: string) => string;
  readonly slice: (goalId: GoalId, taskId: string, attemptId: AttemptId) => string;
  /** Bare, omk's own; agents are never told where. */
  readonly vault: (goalId: GoalId) => string;
};

export function placesUnder(workspaceRoot: string, vaultRoot: string): Places {
  const goal = (goalId: GoalId) => join(workspaceRoot, 'goals', checked(GoalId, goalId));
  const task = (goalId: GoalId, taskId: string) => {
    if (!/^[a-z0-9][a-z0-9-]{0,60}$/.test(taskId))
      throw new Bug('A task id cannot be a folder name.', taskId);
    return join(goal(goalId), 'slices', taskId);
  };
  return {
    roots: [workspaceRoot, vaultRoot],
    home: join(vaultRoot, 'home'),
    goal,
    workspace: (goalId) => join(goal(goalId), 'workspace'),
    task,
    slice: (goalId, taskId, attemptId) => join(task(goalId, taskId), checked(AttemptId, attemptId)),
    vault: (goalId) => join(vaultRoot, 'goals', checked(GoalId, goalId)),
  };
}

function checked(schema: { safeParse(text: string): { success: boolean } }, text: string): string {
  if (!schema.safeParse(text).success) throw new Bug('An id cannot be a folder name.', text);
  return text;
}

/** Makes a folder that only its owner may enter. One that is a link is refused: its target may be anybody's. */
export function privateFolder(dir: string): Result<null, Failure> {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const stat = lstatSync(dir);
    if (!stat.isDirectory()) {
      const message = `${dir} is a link or a file, not a folder. Remove it, then continue.`;
      return err(failure('workspace.unsafe', message));
    }
    if ((stat.mode & 0o077) !== 0) chmodSync(dir, 0o700);
    return ok(null);
  } catch (error) {
    return err(ioFailure(error, `make the folder ${dir}`));
  }
}

export const refs = {
  base: 'refs/omk/base',
  slice: (goalId: GoalId, taskId: string) => `refs/heads/goal/${goalId}/slice/${taskId}`,
  result: (goalId: GoalId) => `refs/heads/goal/${goalId}/result`,
  /** Where an attempt's worktree started. */
  opened: (attemptId: AttemptId) => `refs/omk/opened/${attemptId}`,
  custody: (attemptId: AttemptId, what: string) => `refs/omk/custody/${attemptId}/${what}`,
} as const;

/** Seconds since the epoch at which the goal was opened: a date for omk's commits that doing them again does not change. */
export function goalSeconds(goalId: GoalId): number {
  const digits = goalId.replace(/\D/g, '');
  const part = (from: number, length: number) => Number(digits.slice(from, from + length));
  return Math.floor(
    Date.UTC(part(0, 4), part(4, 2) - 1, part(6, 2), part(8, 2), part(10, 2), part(12, 2)) / 1_000,
  );
}
