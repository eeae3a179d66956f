import type { Performer } from '../performer.ts';
import type { Gates, Projects, Workspaces } from '../ports.ts';
import { selectGates } from './selection.ts';
import { visibleProbes } from './visible-probes.ts';

/**
 * Makes the goal's two repositories, pins base and finds the gates there. Dying in between leaves at most a half-made
 * temporary clone; doing it again looks first, so base stays the commit that was pinned.
 */
export function preparePerformer(deps: {
  readonly workspaces: Workspaces;
  readonly projects: Projects;
  readonly gates: Gates;
}): Performer {
  return async ({ goal, signal, progress }) => {
    const { project, policy } = goal.opened;
    progress(`Copying ${project.name}`, null, null);
    const created = await deps.workspaces.create({
      goalId: goal.goalId,
      projectPath: project.path,
      from: policy.from,
      // Pinned before, yet due again: its gates could not be read, and the person has committed better ones since.
      anew: goal.base !== null && goal.oracle === null,
      signal,
    });
    if (signal.aborted) return { type: 'interrupted' };
    if (!created.ok) return { type: 'failed', failure: created.error, evidence: [] };
    progress('Finding gates', null, null);
    const tree = deps.workspaces.tree(goal.goalId, created.value.tree);
    const base = {
      ...created.value,
      warnings: [...created.value.warnings, ...(await visibleProbes(goal, tree))].slice(-50),
      fingerprint: (await deps.projects.fingerprint(project.path)).digest,
    };
    const found = await deps.gates.find(tree);
    if (found.type === 'unreadable') {
      return {
        type: 'finished',
        result: { kind: 'prepare_unreadable', base, message: found.message },
        evidence: [],
      };
    }
    const gates = selectGates(
      found.type === 'found' ? found.gates : [],
      goal.opened.gates,
      goal.opened.probes,
    );
    const oracle = {
      source: found.type === 'found' ? found.source : ('person' as const),
      gates: [...gates],
      digest: await deps.gates.digest(tree, gates),
      lockedFiles: found.type === 'found' ? found.lockedFiles : 0,
      notes: [...found.notes],
    };
    return { type: 'finished', result: { kind: 'prepare', base, oracle }, evidence: [] };
  };
}
