import { z } from 'zod';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { FileError, RawTest, TestOutcome } from '../../../runtime/verification/test-report.ts';
import { readJsonReport } from './json-report.ts';
import type { ParsedReport } from './types.ts';

const Test = z.object({
  projectName: z.string().default(''),
  expectedStatus: z.string(),
  status: z.string(),
});
const Spec = z.object({ title: z.string(), file: z.string(), tests: z.array(Test) });
type Suite = {
  readonly title: string;
  readonly specs: readonly z.infer<typeof Spec>[];
  readonly suites?: readonly Suite[] | undefined;
};
const Suite: z.ZodType<Suite> = z.lazy(() =>
  z.object({ title: z.string(), specs: z.array(Spec), suites: z.array(Suite).optional() }),
);
const Report = z.object({
  config: z.object({ rootDir: z.string() }),
  suites: z.array(Suite),
  errors: z.array(
    z.object({ message: z.string().default('failed'), location: z.object({ file: z.string() }).optional() }),
  ),
  stats: z.object({
    expected: z.number(),
    skipped: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
  }),
});

/**
 * Playwright's json reporter. A test that needed a second try gave two answers about one tree, and one that is expected to fail
 * shows nothing by failing: neither is a pass.
 */
export function parsePlaywrightJson(text: string): ParsedReport {
  const parsed = readJsonReport(text, Report, 'a report of Playwright');
  if (!parsed.ok) return parsed;
  const { config, suites, errors, stats } = parsed.value;
  const tests: RawTest[] = [];
  const visit = (suite: Suite, names: readonly string[]): void => {
    for (const spec of suite.specs)
      for (const test of spec.tests)
        tests.push({
          file: `${config.rootDir}/${spec.file}`,
          path: [test.projectName, ...names, spec.title].filter((name) => name !== ''),
          outcome: outcomeOf(test),
        });
    for (const inner of suite.suites ?? []) visit(inner, [...names, inner.title]);
  };
  // The outermost suites are the files themselves.
  for (const file of suites) visit(file, []);
  if (tests.length !== stats.expected + stats.skipped + stats.unexpected + stats.flaky)
    return err('its sums do not match its lists.');
  const fileErrors: FileError[] = [];
  for (const { message, location } of errors) {
    const said = message.split('\n')[0] ?? 'failed';
    if (location === undefined)
      return err(`it tells of an error outside of its tests: ${said.slice(0, 200)}`);
    fileErrors.push({ file: location.file, message: said });
  }
  return ok({ tests, fileErrors });
}

function outcomeOf(test: z.infer<typeof Test>): TestOutcome {
  if (test.status === 'unexpected' || test.status === 'flaky') return 'failed';
  return test.status === 'expected' && test.expectedStatus === 'passed' ? 'passed' : 'skipped';
}
