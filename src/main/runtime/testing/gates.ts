import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { GateRun } from '../verification/gate-run.ts';
import type { ReportedTest } from '../verification/test-report.ts';

export function gateOf(argv: string[], more: Partial<GateSpec> = {}): GateSpec {
  return {
    name: 'test',
    kind: 'check',
    argv,
    cwd: '',
    required: true,
    selected: true,
    timeoutMs: 60_000,
    repeat: 2,
    cost: 'cheap',
    network: false,
    exclusive: false,
    env: [],
    parser: 'none',
    outputs: [],
    source: 'test',
    ...more,
  };
}

/** A run that reported tests, written as `file > name` → outcome. */
export function runOf(
  tests: Readonly<Record<string, ReportedTest['outcome']>>,
  more: Partial<GateRun> = {},
): GateRun {
  const failed = Object.values(tests).includes('failed');
  return {
    exit: failed ? 1 : 0,
    expectedExit: 0,
    timedOut: false,
    notStarted: null,
    durationMs: 10,
    report: {
      state: 'parsed',
      report: {
        tests: Object.entries(tests).map(([id, outcome]) => ({
          id,
          file: id.split(' > ')[0] ?? '',
          outcome,
        })),
        fileErrors: [],
      },
    },
    voided: null,
    mismatch: null,
    evidence: [],
    ...more,
  };
}
