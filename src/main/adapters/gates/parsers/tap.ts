import { z } from 'zod';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { FileError, RawTest } from '../../../runtime/verification/test-report.ts';
import type { ParsedReport } from './types.ts';

const Names = z.array(z.string()).min(1);
const LINE = /^(not )?ok (\d+) - (\[.*\])(?: # (SKIP|TODO))?$/;
const FILE_ERROR = /^# file-error (\[.*\])$/;

/**
 * TAP 14 as omk's own reporters for node:test and pytest write it: flat, numbered, every description a JSON array of file,
 * suites and name, files that failed as a whole in a comment, the plan last. Strict on purpose: a line that our reporter
 * would not write, a wrong number or a missing plan means that somebody else wrote into the pipe, or that it was cut off.
 */
export function parseTap(text: string): ParsedReport {
  const lines = text.split('\n');
  if (lines.pop() !== '') return err('it ends in the middle of a line.');
  if (lines.shift() !== 'TAP version 14') return err('it does not begin with a TAP version.');
  const plan = lines.pop();
  const tests: RawTest[] = [];
  const fileErrors: FileError[] = [];
  for (const line of lines) {
    const broken = FILE_ERROR.exec(line)?.[1];
    if (broken !== undefined) {
      const names = namesOf(broken);
      if (names === null) return err('a line of it is not what the reporter writes.');
      fileErrors.push({ file: names[0] ?? '', message: names[1] ?? '' });
      continue;
    }
    const match = LINE.exec(line);
    const names = match === null ? null : namesOf(match[3] ?? '');
    if (match === null || names === null) return err('a line of it is not what the reporter writes.');
    if (Number(match[2]) !== tests.length + 1) return err('its tests are not numbered one by one.');
    const outcome = match[4] !== undefined ? 'skipped' : match[1] === undefined ? 'passed' : 'failed';
    tests.push({ file: names[0] ?? '', path: names.slice(1), outcome });
  }
  if (plan !== `1..${tests.length}`)
    return err('it is not complete: the plan at its end is missing or wrong.');
  return ok({ tests, fileErrors });
}

function namesOf(json: string): string[] | null {
  try {
    const parsed = Names.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // said by the caller
  }
}
