import type { GoalId } from '../../shared/kernel/ids.ts';
import type { HostConnection } from '../connection.ts';
import type { Mirror } from './create-mirror.ts';
import { createGoalMirror } from './goal.ts';
import type { GoalData } from './goal.ts';
import type { Pending } from './pending.ts';

export type GoalMirrors = {
  /** The mirror of a goal, made when somebody first looks. Every `open` is answered by one `release`. */
  readonly open: (goalId: GoalId) => Mirror<GoalData>;
  readonly release: (goalId: GoalId) => void;
  /** The mirror somebody has open now. */
  readonly peek: (goalId: GoalId) => Mirror<GoalData> | null;
};

export function createGoalMirrors(deps: {
  readonly connection: HostConnection;
  readonly pending: Pending;
  readonly now: () => number;
  readonly flush: (publish: () => void) => void;
}): GoalMirrors {
  const open = new Map<GoalId, { readonly mirror: Mirror<GoalData>; users: number }>();
  return {
    open(goalId) {
      const known = open.get(goalId) ?? { mirror: createGoalMirror({ ...deps, goalId }), users: 0 };
      known.users += 1;
      open.set(goalId, known);
      return known.mirror;
    },
    peek: (goalId) => open.get(goalId)?.mirror ?? null,
    release(goalId) {
      const known = open.get(goalId);
      if (!known) return;
      known.users -= 1;
      if (known.users > 0) return;
      known.mirror.close();
      open.delete(goalId);
    },
  };
}
