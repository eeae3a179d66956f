import { z } from 'zod';

/** How many tests of one runner passed and failed. A runner that left no readable report counts as one failure. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const NO_REPORT: Counts = { passed: 0, failed: 1, skipped: 0 };

const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()),
});

const AdversaryReport = z.object({
  summary: z.object({
    runs: z.number(),
    failed: z.number(),
    silentSkips: z.number(),
    skipped: z.array(z.unknown()),
  }),
});

const parse = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    // A report cut short by a crash is the same to us as none.
    return undefined;
  }
};

/** Reads vitest's JSON report. A file that failed before its first test (a syntax error, say) is one failure. */
export const vitestCounts = (text: string | undefined): Counts => {
  const report = VitestReport.safeParse(parse(text));
  if (!report.success) return NO_REPORT;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report.data;
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
  };
};

/** Reads Playwright's JSON report. A flaky test is a failed one; so is each error outside a test. */
export const playwrightCounts = (text: string | undefined): Counts => {
  const report = PlaywrightReport.safeParse(parse(text));
  if (!report.success) return NO_REPORT;
  const { stats, errors } = report.data;
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
};

/** Reads the report of the scripted adversaries: a run is a test, and one that nobody accounts for has failed. */
export const adversaryCounts = (text: string | undefined): Counts => {
  const report = AdversaryReport.safeParse(parse(text));
  if (!report.success) return NO_REPORT;
  const { runs, failed, silentSkips, skipped } = report.data.summary;
  return { passed: runs - failed, failed: failed + silentSkips, skipped: skipped.length };
};

export const sum = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((total, { passed }) => total + passed, 0),
  failed: all.reduce((total, { failed }) => total + failed, 0),
  skipped: all.reduce((total, { skipped }) => total + skipped, 0),
});
