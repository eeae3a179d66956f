import { err, ok } from '../../../../shared/kernel/result.ts';
import type { TestOutcome } from '../../../runtime/verification/test-report.ts';
import type { ParsedReport } from './types.ts';

const TEST = /^ *(\d+)\/(\d+) +Test +#(\d+): (.+?) \.{3,}(?: +(Passed)\b|[\w ]*\*\*\*(.*))/;
const SUM = /^\d+% tests passed, (\d+) tests? failed out of (\d+)$/;

type Listed = { readonly number: number; readonly name: string; readonly outcome: TestOutcome };

/**
 * What ctest prints about its tests. Its own report file is written beside its name and then moved, so no pipe can take its place,
 * and a file is open to whatever a test leaves running. Output of a passing test is not printed; a failing one that prints lines like
 * these makes the listing contradict itself, and it fails in any case.
 */
export function parseCtest(text: string): ParsedReport {
  const listed = new Map<number, Listed>();
  const turns = new Set<number>();
  let announced: number | null = null;
  let sum: { readonly failed: number; readonly all: number } | null = null;
  for (const line of text.split(/\r?\n/)) {
    const whole = SUM.exec(line);
    if (whole !== null) {
      if (sum !== null) return err('it is summed up twice.');
      sum = { failed: Number(whole[1]), all: Number(whole[2]) };
      continue;
    }
    const found = TEST.exec(line);
    if (found === null) continue;
    const [turn, all, number] = [Number(found[1]), Number(found[2]), Number(found[3])];
    if (turns.has(turn) || listed.has(number) || all !== (announced ?? all) || sum !== null)
      return err('it names a test twice, or in no order.');
    announced = all;
    turns.add(turn);
    listed.set(number, { number, name: found[4] ?? '', outcome: outcomeOf(found[5], found[6] ?? '') });
  }
  if (sum === null || announced === null) return err('it lists no test, or was cut off.');
  const tests = [...listed.values()].toSorted((a, b) => a.number - b.number);
  const failed = tests.filter((test) => test.outcome === 'failed').length;
  if (listed.size !== announced || sum.failed !== failed || sum.all > announced)
    return err('its sums do not match its list.');
  return ok({
    tests: tests.map(({ name, outcome }) => ({ file: '', path: [name], outcome })),
    fileErrors: [],
  });
}

function outcomeOf(passed: string | undefined, why: string): TestOutcome {
  if (passed !== undefined) return 'passed';
  return /^(?:Skipped|Not Run \(Disabled\))/.test(why) ? 'skipped' : 'failed';
}
