import { z } from 'zod';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { RawTest } from '../../../runtime/verification/test-report.ts';
import { readJsonReport } from './json-report.ts';
import type { ParsedReport } from './types.ts';

const Test = z.object({ title: z.string(), fullTitle: z.string(), file: z.string().nullish() });
const Report = z.object({
  stats: z.object({ tests: z.number(), passes: z.number(), pending: z.number(), failures: z.number() }),
  tests: z.array(Test),
  pending: z.array(Test),
  failures: z.array(Test),
  passes: z.array(Test),
});

/** Mocha's json reporter. A hook that fails is listed among the failures only, under its own title. */
export function parseMochaJson(text: string): ParsedReport {
  const parsed = readJsonReport(text, Report, 'a report of Mocha');
  if (!parsed.ok) return parsed;
  const { stats, passes, failures, pending } = parsed.value;
  if (
    stats.passes !== passes.length ||
    stats.failures !== failures.length ||
    stats.pending !== pending.length
  )
    return err('its sums do not match its lists.');
  const as = (list: readonly z.infer<typeof Test>[], outcome: RawTest['outcome']): RawTest[] =>
    list.map((test) => ({
      file: test.file ?? '',
      path: [test.fullTitle.slice(0, -test.title.length).trim(), test.title].filter((name) => name !== ''),
      outcome,
    }));
  return ok({
    tests: [...as(passes, 'passed'), ...as(failures, 'failed'), ...as(pending, 'skipped')],
    fileErrors: [],
  });
}
