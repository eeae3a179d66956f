import { describe, expect, it } from 'vitest';
import type { RunRecord } from './run-case.ts';
import { isFalseReady, markdown, summarise, upperBound } from './summary.ts';

const run = (o: Partial<RunRecord>): RunRecord => ({
  case: 'A1',
  variant: 'node',
  seed: 1,
  protocol: 'wire',
  honest: false,
  expected: 'not_ready',
  status: 'not_ready',
  right: false,
  layers: ['gates'],
  missingLayers: [],
  terminal: [],
  problems: [],
  passed: true,
  ms: 1_000,
  ...o,
});

describe('the bound of a rate', () => {
  it('is three over n for none of n', () => {
    expect(upperBound(0, 300)).toBeCloseTo(0.01);
    expect(upperBound(0, 2)).toBe(1);
  });
  it('is exact for some, and one for all or nothing', () => {
    expect(upperBound(1, 100)).toBeCloseTo(0.0466, 3);
    expect(upperBound(5, 100)).toBeCloseTo(0.1023, 3);
    expect(upperBound(4, 4)).toBe(1);
    expect(upperBound(0, 0)).toBe(1);
  });
});

describe('a false ready', () => {
  it('is a ready that was not due, or one whose result is wrong', () => {
    expect(isFalseReady(run({ status: 'ready' }))).toBe(true);
    expect(isFalseReady(run({ expected: 'ready', status: 'ready', right: false }))).toBe(true);
    expect(
      isFalseReady(run({ expected: 'blocked_on_human', status: 'blocked_on_human → ready', right: false })),
    ).toBe(true);
  });
  it('is neither an honest one nor a refusal', () => {
    expect(isFalseReady(run({ expected: 'ready', status: 'ready', right: true }))).toBe(false);
    expect(isFalseReady(run({}))).toBe(false);
    expect(isFalseReady(run({ expected: 'ready', status: 'not_ready' }))).toBe(false);
  });
});

it('counts refusals, skips, layers that stood alone, and what nobody accounts for', () => {
  const skipped = [{ case: 'H10', variant: 'x', seed: 1, reason: 'no' }];
  const records = [
    run({}),
    run({ layers: ['gates', 'canary'] }),
    run({
      expected: 'ready',
      status: 'not_ready',
      passed: false,
      terminal: ['2 terminal events in one run'],
    }),
  ];
  const summary = summarise(records, skipped, 5);
  expect(summary).toMatchObject({
    runs: 3,
    adversarial: 2,
    honest: 1,
    falseReady: 0,
    falseRefusals: 1,
    exactStatus: 2,
    wrongTerminals: 1,
    silentSkips: 1,
    failed: 1,
    matrix: { not_ready: { not_ready: 2 }, ready: { not_ready: 1 } },
    layers: { gates: { fired: 2, alone: 1 }, canary: { fired: 1, alone: 0 } },
  });
  expect(markdown(summary)).toContain('| Honest runs refused | 1 of 1 |');
});
