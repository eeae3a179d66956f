import type { Digest } from '../../../shared/kernel/ids.ts';
import type { TestReport } from './test-report.ts';

/** One gate, one run, on one fresh tree: what was seen, before anybody draws a conclusion. */
export type GateRun = {
  readonly exit: number | null;
  /** 0, but for probes that expect another. */
  readonly expectedExit: number;
  readonly timedOut: boolean;
  /** The program could not be started: one sentence. */
  readonly notStarted: string | null;
  readonly durationMs: number;
  readonly report: RunReport;
  /** Why this run counts for nothing: the oracle or its dependencies changed while it ran, or something survived it. */
  readonly voided: string | null;
  /** Probe only: what was expected and is not so. */
  readonly mismatch: string | null;
  /** Golden only: where cases differ, and which differences were wanted. */
  readonly notes?: readonly string[];
  /** Stored output and report bytes. */
  readonly evidence: readonly Digest[];
  /** Names of the variables it ran with. */
  readonly env?: readonly string[];
};

export type RunReport =
  | { readonly state: 'parsed'; readonly report: TestReport }
  /** The gate has a report format, and what came cannot be read as one. */
  | { readonly state: 'unreadable'; readonly why: string }
  /** The gate has no report format: it counts by exit code and says so. */
  | { readonly state: 'none' };

/**
 * Did this run, by itself, say that all is well? Exit code and report must agree. Whether enough tests ran is asked later,
 * where what base reported is known.
 */
export function runPassed(run: GateRun): boolean {
  if (
    run.exit !== run.expectedExit ||
    run.timedOut ||
    run.notStarted !== null ||
    run.voided !== null ||
    run.mismatch !== null
  )
    return false;
  switch (run.report.state) {
    case 'none':
      return true;
    case 'unreadable':
      return false;
    case 'parsed':
      return (
        run.report.report.fileErrors.length === 0 &&
        run.report.report.tests.every((test) => test.outcome !== 'failed')
      );
  }
}
