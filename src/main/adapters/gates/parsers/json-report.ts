import type { z } from 'zod';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { Result } from '../../../../shared/kernel/result.ts';

/** A report that is one JSON document, as `schema` has it. The error says that it is not `what`: "a report of Mocha". */
export function readJsonReport<T>(text: string, schema: z.ZodType<T>, what: string): Result<T, string> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return err('it is not one JSON document.');
  }
  const parsed = schema.safeParse(data);
  return parsed.success ? ok(parsed.data) : err(`it is JSON, but not ${what}.`);
}
