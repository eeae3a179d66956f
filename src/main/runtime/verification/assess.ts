import type { Finding, GateRecord, Reason } from '../../../shared/goal/vocabulary.ts';
import { few, plural } from './compare-gate.ts';

/** Everything that was found about a candidate, before it is put into words. */
export type Assessment = {
  readonly records: readonly GateRecord[];
  readonly findings: readonly Finding[];
  readonly greenToRed: readonly string[];
  /** Records of the extra run with the tests the slice brings; empty when it brings none. */
  readonly ownRecords: readonly GateRecord[];
};

export function candidatePassed(a: Assessment): boolean {
  return reasonsAgainst(a).length === 0;
}

/** Why this candidate does not pass, most telling first; empty exactly when it passes. */
export function reasonsAgainst(a: Assessment): Reason[] {
  const reasons: Reason[] = [];
  for (const finding of a.findings)
    if (finding.effect === 'breach')
      reasons.push({
        code: `finding.${part(finding.rule)}`,
        message: `${finding.file}: ${finding.message}`.slice(0, 2_000),
      });
  const required = a.records.filter((record) => record.required && record.kind !== 'setup');
  for (const record of required)
    if (record.outcome !== 'passed')
      reasons.push({
        code: `gate.${record.outcome}`,
        message: gateSentence(record),
        evidence: record.evidence.slice(0, 40),
      });
  if (a.greenToRed.length > 0)
    reasons.push({
      code: 'gate.regression',
      message: `${plural(a.greenToRed.length, 'check')} that passed on base ${a.greenToRed.length === 1 ? 'does' : 'do'} not pass now: ${few(a.greenToRed)}.`,
    });
  for (const record of a.ownRecords)
    if (record.required && record.outcome !== 'passed')
      reasons.push({
        code: 'gate.own_tests',
        message: `With the tests that the change brings: ${gateSentence(record)}`.slice(0, 2_000),
        evidence: record.evidence.slice(0, 40),
      });
  if (!required.some((record) => record.outcome === 'passed') && reasons.length === 0)
    reasons.push({ code: 'gate.none', message: 'No required gate ran, so nothing speaks for this change.' });
  return reasons.slice(0, 50);
}

function gateSentence(record: GateRecord): string {
  const what = {
    passed: 'passed',
    failed: 'failed',
    errored: 'could not be judged',
    timed_out: 'ran out of time',
    skipped: 'was not run',
    flaky: 'is flaky',
  }[record.outcome];
  const tests = record.failedTests.length > 0 ? ` Failed: ${few(record.failedTests)}.` : '';
  return `The gate "${record.name}" ${what}.${tests}${record.notes.length > 0 ? ` ${record.notes[0]}` : ''}`.slice(
    0,
    2_000,
  );
}

const part = (rule: string): string => rule.replaceAll(/[^a-z_]/g, '_');
