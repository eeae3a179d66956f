import { z } from 'zod';
import { ok } from '../../../../shared/kernel/result.ts';
import type { FileError, RawTest, TestOutcome } from '../../../runtime/verification/test-report.ts';
import { readJsonReport } from './json-report.ts';
import type { ParsedReport } from './types.ts';

/** Vitest's json reporter writes the format that Jest made; both are read with the fields they share. */
const Report = z.object({
  numTotalTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string().optional(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()).default([]),
          title: z.string(),
          status: z.string(),
        }),
      ),
    }),
  ),
});

const outcomes: Readonly<Record<string, TestOutcome>> = { passed: 'passed', failed: 'failed' };

/** `failed` as a whole with no failing test inside: the file did not load, or a hook around its tests failed. */
export function parseJestJson(text: string): ParsedReport {
  const parsed = readJsonReport(text, Report, 'a test report');
  if (!parsed.ok) return parsed;
  const tests: RawTest[] = [];
  const fileErrors: FileError[] = [];
  for (const file of parsed.value.testResults) {
    for (const test of file.assertionResults)
      tests.push({
        file: file.name,
        path: [...test.ancestorTitles, test.title].filter((name) => name !== ''),
        outcome: outcomes[test.status] ?? 'skipped',
      });
    const explained = file.assertionResults.some((test) => test.status === 'failed');
    if (file.status === 'failed' && !explained)
      fileErrors.push({ file: file.name, message: (file.message ?? 'failed').split('\n')[0] ?? 'failed' });
  }
  return ok({ tests, fileErrors });
}
