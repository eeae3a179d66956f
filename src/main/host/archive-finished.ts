import { existsSync, readdirSync } from 'node:fs';
import { GoalId } from '../../shared/kernel/ids.ts';
import { inFlight } from '../../shared/goal/attempts.ts';
import { removeTree } from '../adapters/process/remove-tree.ts';
import type { Engine } from '../runtime/engine.ts';
import type { AgentPlaces, Log, Workspaces } from '../runtime/ports.ts';
import type { Paths } from './paths.ts';

/**
 * Gives back the disk that a goal took once it is concluded, which no command leaves. A goal that merely stopped may go on, so it
 * keeps its worktrees, and the agent its conversation. What was in worktrees stays reachable in the
 * goal's vault, under `refs/omk/custody/`.
 *
 * @returns ends it, waiting for what is being removed
 */
export function archiveFinished(deps: {
  readonly engine: Engine;
  readonly workspaces: Pick<Workspaces, 'archive'>;
  readonly agentPlaces: AgentPlaces;
  readonly paths: Paths;
  readonly log: Log;
}): () => Promise<void> {
  const { engine, paths, log } = deps;
  let working: Promise<void> = Promise.resolve();
  let stopping = false;

  const isOver = (goalId: GoalId): boolean => {
    const state = engine.state(goalId);
    if (!state.exists || engine.readOnly(goalId) !== null) return false;
    return state.concluded !== null && inFlight(state).length === 0;
  };

  const archive = async (goalId: GoalId): Promise<void> => {
    if (stopping || !isOver(goalId)) return;
    try {
      const done = await deps.workspaces.archive(goalId);
      if (!done.ok)
        log.warn('The worktrees of a finished goal were not archived.', { goalId, code: done.error.code });
      else if (done.value.unkept.length > 0)
        log.warn('A worktree of a finished goal could not be kept, so it stays.', {
          goalId,
          dirs: done.value.unkept,
        });
      else {
        await removeTree(paths.rooms(goalId));
        log.info('The worktrees of a finished goal were archived.', { goalId });
      }
    } catch (cause) {
      log.warn('The worktrees of a finished goal were not archived.', { goalId, cause: String(cause) });
    }
  };

  const later = (goalId: GoalId): void => {
    working = working.then(() => deps.agentPlaces.inPlace(goalId, () => archive(goalId)));
  };

  const left = existsSync(paths.slices) ? readdirSync(paths.slices) : [];
  for (const name of left) {
    const goalId = GoalId.safeParse(name).data;
    if (goalId !== undefined && isOver(goalId)) later(goalId);
  }
  const forget = engine.onCommit((goalId, _events, state) => {
    if (state.exists && state.concluded) later(goalId);
  });
  return async () => {
    stopping = true;
    forget();
    await working;
  };
}
