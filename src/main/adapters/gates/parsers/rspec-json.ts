import { z } from 'zod';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { FileError, RawTest, TestOutcome } from '../../../runtime/verification/test-report.ts';
import { readJsonReport } from './json-report.ts';
import type { ParsedReport } from './types.ts';

const Example = z.object({
  id: z.string(),
  description: z.string(),
  full_description: z.string(),
  status: z.string(),
  file_path: z.string(),
});
const Report = z.object({
  messages: z.array(z.string()).default([]),
  examples: z.array(Example),
  summary: z.object({
    example_count: z.number(),
    failure_count: z.number(),
    pending_count: z.number(),
    errors_outside_of_examples_count: z.number().default(0),
  }),
});

const LOADING = /An error occurred while loading (.+?\.rb)\b/;
/** RSpec's own words for an example without a title; they change with what it saw, even between red and green. */
const GENERATED = /^(?:example at \.?\/|is expected (?:not )?to )/;

const outcomes: Readonly<Record<string, TestOutcome>> = { passed: 'passed', failed: 'failed' };

/** RSpec's json formatter. When one file does not load, RSpec runs nothing and says which. */
export function parseRspecJson(text: string): ParsedReport {
  const parsed = readJsonReport(text, Report, 'a report of RSpec');
  if (!parsed.ok) return parsed;
  const { examples, messages, summary } = parsed.value;
  const count = (status: string): number => examples.filter((one) => one.status === status).length;
  if (
    summary.example_count !== examples.length ||
    summary.failure_count !== count('failed') ||
    summary.pending_count !== count('pending')
  )
    return err('its sums do not match its lists.');
  const fileErrors: FileError[] = messages.flatMap((message) => {
    const file = LOADING.exec(message)?.[1];
    return file === undefined ? [] : [{ file, message: 'It could not be loaded.' }];
  });
  if (fileErrors.length < summary.errors_outside_of_examples_count)
    return err('it tells of an error outside of its examples.');
  return ok({ tests: examples.map(testOf), fileErrors });
}

function testOf(example: z.infer<typeof Example>): RawTest {
  const { description, full_description: full } = example;
  const group = full.endsWith(description) ? full.slice(0, full.length - description.length).trim() : '';
  const place = /\[[\d:]+\]$/.exec(example.id)?.[0];
  const name = GENERATED.test(description) && place !== undefined ? place : description;
  return {
    file: example.file_path,
    path: [group, name].filter((part) => part !== ''),
    outcome: outcomes[example.status] ?? 'skipped',
  };
}
