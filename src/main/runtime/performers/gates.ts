import { z } from 'zod';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { Bug } from '../../../shared/kernel/bug.ts';
import { Digest } from '../../../shared/kernel/ids.ts';
import type { PerformContext, Performer, Report } from '../performer.ts';
import type { AgentPlaces, Clock, GateContext, Gates, Workspaces } from '../ports.ts';
import { outOfSight } from './out-of-sight.ts';

type Deps = {
  readonly gates: Gates;
  readonly workspaces: Workspaces;
  readonly agentPlaces: AgentPlaces;
  readonly clock: Clock;
  /** Values of variables that gates may name; everything else stays out. */
  readonly gateEnv: (names: readonly string[]) => Readonly<Record<string, string>>;
};

/** Gates are idempotent: after a crash the run is simply made again on the same tree. */
export function setupPerformer(deps: Deps): Performer {
  return (context) =>
    timed(deps, context, async (gateContext) => {
      const sealed = await deps.gates.setup(gateContext);
      if (!sealed.ok) return failedWith(sealed.error);
      return { type: 'finished', result: { kind: 'setup', sealed: sealed.value, gateMs: 0 }, evidence: [] };
    });
}

/** Same: running base again gives the same facts. */
export function basePerformer(deps: Deps): Performer {
  return (context) =>
    timed(deps, context, async (gateContext) => {
      const checked = await deps.gates.checkBase({ ...gateContext, sealed: context.goal.setup });
      if (!checked.ok) return failedWith(checked.error);
      return {
        type: 'finished',
        result: { kind: 'base', checked: checked.value, gateMs: 0 },
        evidence: [checked.value.evidence],
      };
    });
}

/** Same: verification reads a commit in the vault that nobody can change; a repeated run is a new, whole verification. */
export function verifyPerformer(deps: Deps): Performer {
  return (context) =>
    timed(deps, context, async (gateContext) => {
      const { goal } = context;
      const candidate = goal.candidates.at(-1);
      if (!candidate || !goal.baseChecked)
        throw new Bug('Verification was due without a candidate or a base run.');
      const options = {
        ...gateContext,
        sealed: goal.setup,
        base: goal.baseChecked,
        candidate: { commit: candidate.commit, tree: candidate.tree },
        policy: goal.opened.policy,
        approvedOracles: goal.approvedOracles.map((approved) => approved.digest),
        hideDirs: [
          ...deps.workspaces.agentDirs(goal.goalId),
          // Code under test must not read there what it is about to be asked.
          ...goal.opened.probes.flatMap(({ file }) => (file === undefined ? [] : [file])),
        ],
        outside: candidate.outside,
      };
      const verified = await outOfSight(deps, gateContext, () => deps.gates.verify(options));
      if (!verified.ok) return failedWith(verified.error);
      return {
        type: 'finished',
        result: { kind: 'verify', verification: verified.value, gateMs: 0 },
        evidence: [verified.value.diff],
      };
    });
}

/** The output that a failure names is what a person reads next. */
function failedWith(failure: Failure): Report {
  const named = z.array(Digest).safeParse(failure.detail?.['evidence']);
  return { type: 'failed', failure, evidence: named.success ? named.data : [] };
}

async function timed(
  deps: Deps,
  context: PerformContext,
  run: (gateContext: GateContext) => Promise<Report>,
): Promise<Report> {
  const { goal, attempt, signal, progress } = context;
  if (!goal.base || !goal.oracle) throw new Bug('A gate was due before base was pinned.');
  const startedAt = deps.clock.monotonic();
  const report = await run({
    goalId: goal.goalId,
    gates: goal.oracle.gates.filter((gate) => gate.selected),
    baseTree: goal.base.tree,
    oracleDigest: goal.oracle.digest,
    isolation: goal.opened.policy.isolation,
    env: deps.gateEnv(goal.oracle.gates.flatMap((gate) => gate.env)),
    signal,
    progress,
  });
  context.spend({ usageId: `${attempt.attemptId}:gates`, gateMs: deps.clock.monotonic() - startedAt });
  return signal.aborted ? { type: 'interrupted' } : report;
}
