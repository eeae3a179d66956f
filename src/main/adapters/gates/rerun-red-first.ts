import type { Failure, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { GateComparison } from '../../runtime/verification/compare-gate.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { narrowed } from '../../runtime/verification/narrowed.ts';

type Rerun = {
  readonly compared: GateComparison;
  /** Every run of the gate as a whole. */
  readonly whole: readonly GateRun[];
  /** The run of the red-first tests alone. */
  readonly alone: GateRun | null;
};

/**
 * A gate that takes long runs once, and its red-first tests once more by themselves (decisions H17). Tests may rest on others that
 * ran before them, so red there decides nothing: then the gate runs as a whole again after all.
 */
export async function rerunRedFirst(o: {
  readonly gate: GateSpec;
  readonly runs: readonly GateRun[];
  readonly compare: (runs: readonly GateRun[]) => GateComparison;
  readonly run: (gate: GateSpec) => Promise<Result<GateRun, Failure>>;
}): Promise<Result<Rerun, Failure>> {
  const { gate, runs, compare } = o;
  const compared = compare(runs);
  const enough = { compared, whole: runs, alone: null };
  if (compared.record.outcome !== 'passed' || runs.length > 1 || gate.repeat < 2) return ok(enough);
  const wanted = compared.redToGreen.filter((id) => id !== gate.name);
  const less = narrowed(gate, wanted);
  if (less === null) return ok(enough);
  const run = await o.run(less);
  if (!run.ok) return run;
  const { report, voided } = run.value;
  const tests = report.state === 'parsed' ? report.report.tests : [];
  const green = new Set(tests.filter((test) => test.outcome === 'passed').map((test) => test.id));
  if (voided === null && wanted.every((id) => green.has(id))) {
    const note = `Red-first tests ran once more by themselves: ${wanted.length} of ${wanted.length} passed.`;
    const record = {
      ...compared.record,
      notes: [...compared.record.notes, note].slice(-20),
      evidence: [...new Set([...compared.record.evidence, ...run.value.evidence])].slice(0, 40),
    };
    return ok({ compared: { ...compared, record }, whole: runs, alone: run.value });
  }
  const second = await o.run(gate);
  if (!second.ok) return second;
  const whole = [...runs, second.value];
  return ok({ compared: compare(whole), whole, alone: run.value });
}
