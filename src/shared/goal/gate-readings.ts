import { duration } from '../units.ts';
import type { GateRow, GateTable } from './gate-table.ts';
import type { GateOutcome, GateRecord } from './vocabulary.ts';

/** What a run reads as. `absent`: not there, or not known. */
export type Reading = 'passed' | 'failed' | 'flaky' | 'skipped' | 'absent';

/** One side of a gate, base or result, as a table shows it. */
export type GateSide = {
  readonly reading: Reading;
  /** One per run. A run not recorded on its own reads as the whole. */
  readonly runs: readonly Reading[];
  readonly took: string;
  /** `148 passed, 2 failed`, or how it ended when it reports no single tests. */
  readonly says: string;
};

export type TestRow = {
  readonly id: string;
  readonly base: Reading;
  readonly result: Reading;
  readonly tone: 'pass' | 'fail' | 'warn' | 'mute';
  /** The word that counts, and what follows it. */
  readonly lead: string;
  readonly rest: string;
};

export function gateSide(record: GateRecord): GateSide {
  const { counts, runs, outcome } = record;
  const reading = readingOf(outcome);
  return {
    reading,
    runs: Array.from({ length: Math.max(1, runs) }, (_, index) => runReading(record, index) ?? reading),
    took: duration(record.durationMs),
    says: counts
      ? [
          `${counts.passed} passed`,
          ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
          ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
        ].join(', ')
      : endings[outcome],
  };
}

const endings: Readonly<Record<GateOutcome, string>> = {
  passed: 'passed',
  failed: 'failed',
  errored: 'could not run',
  timed_out: 'ran out of time',
  skipped: 'skipped',
  flaky: 'flaky',
};

export const readingOf = (outcome: GateOutcome): Reading =>
  outcome === 'errored' || outcome === 'timed_out' ? 'failed' : outcome;

/** Runs are told apart by their exit codes only where the gate itself says that they disagree. */
function runReading(record: GateRecord, index: number): Reading | null {
  if (record.outcome !== 'flaky') return null;
  const code = record.exitCodes[index];
  return code === undefined ? null : code === 0 ? 'passed' : 'failed';
}

/**
 * The single checks of a gate that are red somewhere, worst first. Those green on both sides are only counted: the log keeps
 * names of failures, the artifacts have the rest.
 */
export function testRows(gate: GateRow, table: GateTable): readonly TestRow[] {
  const redBefore = new Set(gate.base?.failedTests);
  const redAfter = new Set(gate.result?.failedTests);
  // The table's lists name tests of all gates: one belongs here when this gate reported it, on either side.
  const fixed = new Set(table.redToGreen.filter((id) => redBefore.has(id)));
  const broken = new Set(table.greenToRed.filter((id) => redAfter.has(id)));
  const ids = [...new Set([...broken, ...redAfter, ...fixed, ...redBefore])];
  return ids
    .filter((id) => id !== gate.name)
    .map((id) => {
      const base: Reading = redBefore.has(id) ? 'failed' : broken.has(id) ? 'passed' : 'absent';
      const result: Reading = redAfter.has(id) ? 'failed' : fixed.has(id) ? 'passed' : 'absent';
      return { id, base, result, ...reads(base, result, gate.result !== null) };
    });
}

function reads(base: Reading, result: Reading, ran: boolean): Pick<TestRow, 'tone' | 'lead' | 'rest'> {
  if (!ran) return { tone: 'mute', lead: 'Red on base', rest: '' };
  if (base === 'failed' && result === 'passed') {
    return { tone: 'pass', lead: 'Fixed.', rest: 'Red before, green now' };
  }
  if (base === 'passed') return { tone: 'fail', lead: 'Broken', rest: 'by the change' };
  if (result === 'absent') return { tone: 'warn', lead: 'Not seen', rest: 'on the result' };
  return base === 'failed'
    ? { tone: 'fail', lead: 'Still red', rest: 'as on base' }
    : { tone: 'fail', lead: 'Red', rest: 'on the result' };
}
