import type { Payload } from '../../../shared/goal/events.ts';
import type { Failure, GateSpec, IsolationLevel } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { baseOf, redOnBase } from '../../runtime/verification/base-result.ts';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import { recordOf } from '../../runtime/verification/gate-record.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { planOracle } from '../../runtime/verification/oracle-plan.ts';
import type { GateContext } from '../../runtime/ports.ts';
import { baseEvidence } from './base-evidence.ts';
import { judgedBy } from './judging.ts';
import { baseOverlay } from './overlay.ts';
import { runGateOn } from './golden-run.ts';
import { refineGates } from './refine.ts';
import { installer } from './setup.ts';
import type { SetupDeps } from './setup.ts';

/** A gate that takes longer runs once (decisions H17); the record then says *1 run*. */
const LONG_RUN_MS = 120_000;

export function runsOf(gate: GateSpec): boolean {
  return gate.selected && gate.kind !== 'setup';
}

/** Cheap gates first, so that slow ones can be spared. */
export function inOrder(gates: readonly GateSpec[]): GateSpec[] {
  return gates.filter(runsOf).toSorted((a, b) => Number(a.cost === 'slow') - Number(b.cost === 'slow'));
}

export function enoughRuns(gate: GateSpec, runs: readonly GateRun[]): boolean {
  if (runs.length >= gate.repeat) return true;
  return runs.some((run) => run.durationMs > LONG_RUN_MS || run.timedOut || run.notStarted !== null);
}

/** Runs every selected gate on base; what it reported there is what a candidate will be held against. */
export async function checkBase(
  deps: SetupDeps,
  o: GateContext & { readonly sealed: Payload<'setup.sealed'> | null },
  isolation: IsolationLevel,
): Promise<Result<Payload<'base.checked'>, Failure>> {
  const tree = deps.workspaces.tree(o.goalId, o.baseTree);
  const entries = await tree.all();
  const refined = await refineGates(tree, o.gates);
  const gates = inOrder(refined);
  const overlay = await baseOverlay(planOracle(entries, entries, await judgedBy(tree, refined)), tree, tree);

  const results: { readonly gate: GateSpec; readonly base: GateBase; readonly runs: readonly GateRun[] }[] =
    [];
  for (const [index, gate] of gates.entries()) {
    const runs: GateRun[] = [];
    while (!enoughRuns(gate, runs)) {
      o.progress(`Base run ${runs.length + 1} of ${gate.repeat}: ${gate.name}`, index, gates.length);
      const install = installer(deps, o.sealed);
      const run = await runGateOn(deps, {
        goalId: o.goalId,
        tree: o.baseTree,
        overlay,
        install,
        base: { tree: o.baseTree, install },
        namespaces: isolation === 'L2',
        gate,
        env: o.env,
        hide: [],
        signal: o.signal,
      });
      if (!run.ok) return run;
      runs.push(run.value);
    }
    results.push({ gate, base: baseOf(gate, runs), runs });
  }
  const evidence = await deps.artifacts.put(baseEvidence(o.baseTree, results));
  if (!evidence.ok) return err(evidence.error);
  return ok({
    isolation,
    gates: results.map(({ gate, runs }) => recordOf(gate, runs, [])),
    expectedTests: results.reduce((sum, { base }) => sum + base.expected.length, 0),
    red: results
      .flatMap(({ base }) => redOnBase(base))
      .slice(0, 50)
      .map((id) => id.slice(0, 500)),
    evidence: evidence.value,
  });
}
