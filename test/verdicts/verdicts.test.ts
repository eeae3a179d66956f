import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { verdictCases } from '../../src/main/runtime/testing/verdict-cases.ts';
import { GoalEvent } from '../../src/shared/goal/events.ts';
import { foldGoal } from '../../src/shared/goal/evolve.ts';
import { verdict } from '../../src/shared/goal/verdict.ts';
import { GoalStatus } from '../../src/shared/goal/vocabulary.ts';

/**
 * Golden histories: what was recorded once is judged the same for ever. A row is written only when it is new
 * (`RECORD_VERDICTS=1`), and never edited.
 */
const folder = join(import.meta.dirname, '..', 'fixtures', 'verdicts');
const tablePath = join(folder, 'table.json');
const Table = z.array(
  z.object({
    log: z.string(),
    status: GoalStatus,
    reasons: z.array(z.string()),
    secondary: z.array(z.string()),
  }),
);

if (process.env['RECORD_VERDICTS'] === '1') recordNew();
const table = Table.parse(JSON.parse(readFileSync(tablePath, 'utf8')));

describe('a recorded history is judged as it was', () => {
  test.each(table)('$log: $status', ({ log, status, reasons, secondary }) => {
    const text = readFileSync(join(folder, `${log}.jsonl`), 'utf8');
    const events = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => GoalEvent.parse(JSON.parse(line)));
    expect(codes(events)).toEqual({ status, reasons, secondary });
  });
});

describe('the commands that made it still lead there', () => {
  test.each(verdictCases)('$name: $status', ({ log, status, reasons, secondary }) => {
    expect(codes(log)).toEqual({ status, reasons, secondary });
  });
});

test('the table has a history for every status', () => {
  expect(new Set(table.map((one) => one.status))).toEqual(new Set(GoalStatus.options));
  expect(table.length).toBeGreaterThanOrEqual(40);
});

test('every case that is written down was recorded', () => {
  expect(table.map((one) => one.log)).toEqual(verdictCases.map((one) => one.name));
});

function codes(log: readonly GoalEvent[]) {
  const { status, reasons, secondary } = verdict(foldGoal(log));
  return { status, reasons: reasons.map((one) => one.code), secondary: secondary.map((one) => one.code) };
}

function recordNew(): void {
  mkdirSync(folder, { recursive: true });
  const known = existsSync(tablePath) ? Table.parse(JSON.parse(readFileSync(tablePath, 'utf8'))) : [];
  const rows = verdictCases.map(({ name, log, status, reasons, secondary }) => {
    const before = known.find((one) => one.log === name);
    if (before) return before;
    writeFileSync(join(folder, `${name}.jsonl`), log.map((one) => `${JSON.stringify(one)}\n`).join(''));
    return { log: name, status, reasons: [...reasons], secondary: [...secondary] };
  });
  writeFileSync(tablePath, `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`);
}
