import { resolve } from 'node:path';
import type { api } from '../../../shared/api/index.ts';
import type { Inspection, InspectionProblem } from '../../../shared/api/projects.ts';
import type { Payload } from '../../../shared/goal/events.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import type { Handlers } from '../../../shared/rpc/serve.ts';
import type { Engine } from '../../runtime/engine.ts';
import { selectGates } from '../../runtime/performers/selection.ts';
import type { Gates, OracleFound, Projects } from '../../runtime/ports.ts';

export function projectHandlers(deps: {
  readonly engine: Engine;
  readonly projects: Projects;
  readonly gates: Gates;
}): Handlers<typeof api>['projects'] {
  return {
    async inspect({ path, chosen }) {
      const inspected = await deps.projects.inspect(
        resolve(path),
        async (tree): Promise<Inspection['gates']> => {
          const found = shown(await deps.gates.find(tree));
          if (chosen === undefined) return found;
          const gates = selectGates(found.gates, chosen, chosen.probes);
          return { ...found, gates: [...gates], digest: await deps.gates.digest(tree, gates) };
        },
      );
      if (!inspected.ok) return inspected;
      const busy = goalsUnderWay(deps.engine, inspected.value.topLevel);
      if (busy === 0) return inspected;
      const note = `${busy === 1 ? 'Another goal is' : `${busy} other goals are`} under way in this project; each works on its own copy.`;
      return ok({ ...inspected.value, warnings: [...inspected.value.warnings, note] });
    },
    async dirty({ path }) {
      const dirty = await deps.projects.dirty(resolve(path));
      return dirty && { ...dirty, paths: [...dirty.paths] };
    },
    recent() {
      const newest = new Map<string, { path: string; name: string; lastUsedAt: number }>();
      for (const goalId of deps.engine.goals()) {
        const state = deps.engine.state(goalId);
        if (!state.exists) continue;
        const { path, name } = state.opened.project;
        const known = newest.get(path);
        if (!known || known.lastUsedAt < state.openedAt)
          newest.set(path, { path, name, lastUsedAt: state.openedAt });
      }
      return [...newest.values()].toSorted((a, b) => b.lastUsedAt - a.lastUsedAt).slice(0, 20);
    },
  };
}

/** The project of a new goal: the git top level, and the subfolder that was dropped. */
export async function projectFor(
  projects: Projects,
  path: string,
): Promise<Result<Payload<'goal.opened'>['project'], InspectionProblem>> {
  const inspected = await projects.inspect(path, async (tree) => {
    await tree.list('');
    return { source: 'none', gates: [], digest: noGates, notes: [], unreadable: null };
  });
  if (!inspected.ok) return inspected;
  const { topLevel, name, subfolder } = inspected.value;
  return ok({ path: topLevel, name, subfolder });
}

const noGates = '0'.repeat(64) as Inspection['gates']['digest'];

function shown(found: OracleFound): Inspection['gates'] {
  switch (found.type) {
    case 'found':
      return {
        source: found.source,
        gates: [...found.gates],
        digest: found.digest,
        notes: [...found.notes],
        unreadable: null,
      };
    case 'none':
      return { source: 'none', gates: [], digest: found.digest, notes: [...found.notes], unreadable: null };
    case 'unreadable':
      return { source: 'none', gates: [], digest: found.digest, notes: [], unreadable: found.message };
  }
}

function goalsUnderWay(engine: Engine, topLevel: string): number {
  return engine.goals().filter((goalId) => {
    const state = engine.state(goalId);
    return (
      state.exists &&
      state.opened.project.path === topLevel &&
      state.concluded === null &&
      state.stopped === null
    );
  }).length;
}
