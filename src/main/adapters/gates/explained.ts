import type { Finding } from '../../../shared/goal/vocabulary.ts';
import type { GateComparison } from '../../runtime/verification/compare-gate.ts';
import type { OraclePlan } from '../../runtime/verification/oracle-plan.ts';
import type { Session } from './session.ts';

/**
 * Decisions §1: red tests are a question instead of a verdict only if a person allowed tests to change before agents
 * started, and every red test is in a file that the slice changed.
 */
export function redIsExplained(
  s: Session,
  comparisons: readonly GateComparison[],
  findings: readonly Finding[],
): boolean {
  if (!s.o.policy.testsMayChange || findings.some((finding) => finding.effect === 'breach')) return false;
  const changed = new Set(
    s.plan.changed.filter((change) => change.change === 'modified').map((change) => change.path),
  );
  const failing = comparisons.filter(({ record }) => record.required && record.outcome !== 'passed');
  return (
    failing.length > 0 &&
    failing.every(
      ({ record, red, gone }) =>
        record.outcome === 'failed' && !gone && red.length > 0 && red.every((one) => changed.has(one.file)),
    )
  );
}

/** Recorded expectations of base that the change has otherwise; none where a breach decides already. */
export function changedGoldens(
  plan: OraclePlan,
  approved: ReadonlySet<string>,
  findings: readonly Finding[],
): Set<string> {
  if (approved.size > 0 || findings.some((finding) => finding.effect === 'breach')) return new Set();
  return new Set(
    plan.changed
      .filter(({ kind, change }) => kind === 'golden' && (change === 'modified' || change === 'deleted'))
      .map(({ path }) => path),
  );
}

export function changedTestQuestions(plan: OraclePlan): Finding[] {
  return plan.changed
    .filter(({ kind, change }) => kind === 'test' && change === 'modified')
    .map(({ path }) => ({
      rule: 'test.changed',
      severity: 'blocker',
      effect: 'question',
      file: path.slice(0, 1_000),
      line: null,
      message: 'Its tests fail as they are on base and pass as the change has them.',
    }));
}
