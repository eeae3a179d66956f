import { z } from 'zod';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { FileError, RawTest, TestOutcome } from '../../../runtime/verification/test-report.ts';
import type { ParsedReport } from './types.ts';

const Event = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
});

const outcomes: Readonly<Record<string, TestOutcome>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

/** The events of `go test -json`, which the go tool writes, not the tests. A package that fails without a failing test is a failed file. */
export function parseGoJson(text: string): ParsedReport {
  const tests: RawTest[] = [];
  const fileErrors: FileError[] = [];
  const packages = new Map<string, string>();
  const started = new Set<string>();
  for (const line of text.split('\n')) {
    // Before Go 1.24 a package that does not build is told outside the events.
    const unbuilt = /^FAIL\t(\S+) \[(?:build|setup) failed\]$/.exec(line)?.[1];
    if (unbuilt !== undefined) packages.set(unbuilt, 'fail');
    if (!line.startsWith('{')) continue;
    const event = parseEvent(line);
    if (event === null) return err('a line of it is not an event of go test.');
    const { Action, Package = '', Test } = event;
    if (Test === undefined) {
      if (Action in outcomes) packages.set(Package, Action);
      continue;
    }
    const key = `${Package}\0${Test}`;
    if (Action === 'run') started.add(key);
    const outcome = outcomes[Action];
    if (outcome === undefined) continue;
    started.delete(key);
    tests.push({ file: Package, path: Test.split('/'), outcome });
  }
  if (packages.size === 0) return err('it names no package.');
  for (const key of started) {
    const [file = '', test = ''] = key.split('\0');
    tests.push({ file, path: test.split('/'), outcome: 'failed' });
  }
  for (const [name, action] of packages)
    if (action === 'fail' && !tests.some((test) => test.file === name && test.outcome === 'failed'))
      fileErrors.push({
        file: name,
        message: 'The package failed as a whole: it does not build, or it ended early.',
      });
  return ok({ tests, fileErrors });
}

function parseEvent(line: string): z.infer<typeof Event> | null {
  try {
    const parsed = Event.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // said by the caller
  }
}
