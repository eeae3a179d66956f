import { Bug } from '../../../shared/kernel/bug.ts';
import type { Performer } from '../performer.ts';
import type { Workspaces } from '../ports.ts';

/**
 * Writes the accepted commit into the project as `goal/<goal-id>/result`. Dying in between leaves objects without a ref, or the
 * ref already at this commit; both are looked at first, so landing twice is landing once.
 */
export function landPerformer(deps: { readonly workspaces: Workspaces }): Performer {
  return async ({ goal, progress }) => {
    if (!goal.accepted || !goal.base) throw new Bug('Landing was due before anything was accepted.');
    progress('Landing the verified commit', null, null);
    const landed = await deps.workspaces.land({
      goalId: goal.goalId,
      projectPath: goal.opened.project.path,
      commit: goal.accepted.commit,
      base: goal.base.commit,
      branch: goal.base.branch,
    });
    if (!landed.ok) return { type: 'failed', failure: landed.error, evidence: [] };
    return { type: 'finished', result: { kind: 'land', landed: landed.value }, evidence: [] };
  };
}
