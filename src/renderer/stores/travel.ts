import { evolve } from '../../shared/goal/evolve.ts';
import { noGoal } from '../../shared/goal/state.ts';
import type { GoalState } from '../../shared/goal/state.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { HostClient } from '../connection.ts';
import type { GoalData } from './goal.ts';

/**
 * The state of a goal as it was at `version`, folded from the nearest checkpoint with events read again from the host: the
 * page keeps rows, not the log.
 */
export async function stateAt(
  client: HostClient,
  goalId: GoalId,
  data: GoalData,
  version: number,
  signal: AbortSignal,
): Promise<GoalState> {
  if (version >= data.version) return data.state;
  const from = data.checkpoints.findLast((one) => one.version <= version);
  let state: GoalState = from?.state ?? noGoal;
  if (from?.version === version) return state;
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  try {
    for await (const item of client.goals.watch(
      { goalId, afterVersion: from?.version ?? 0 },
      { signal: either },
    )) {
      if (item.type !== 'events') return state;
      for (const event of item.events) {
        if (event.version > version) return state;
        state = evolve(state, event);
        if (event.version === version) return state;
      }
    }
    return state;
  } finally {
    stop.abort();
  }
}
