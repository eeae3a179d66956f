import { describe, expect, it } from 'vitest';
import { gateOf, runOf } from '../testing/gates.ts';
import { baseOf, redOnBase } from './base-result.ts';
import { compareGate } from './compare-gate.ts';
import type { GateRun } from './gate-run.ts';

const gate = gateOf(['node', '--test'], { parser: 'node-tap' });
const red = runOf({ 'a > one': 'passed', 'a > two': 'failed', 'a > three': 'skipped' });
const base = baseOf(gate, [red, red]);
const compare = (
  runs: readonly GateRun[],
  its = base,
  titles = new Map<string, readonly string[]>(),
): ReturnType<typeof compareGate> => compareGate(gate, its, runs, titles);
const twice = (run: GateRun): GateRun[] => [run, run];

describe('base', () => {
  it('expects what both runs reported, whatever its outcome', () => {
    expect(base).toMatchObject({ colour: 'red', parsed: true });
    expect(base.expected.map((test) => `${test.id} ${test.outcome}`)).toEqual([
      'a > one passed',
      'a > two failed',
      'a > three skipped',
    ]);
    expect(redOnBase(base)).toEqual(['a > two']);
  });

  it('folds ids that only one run reported to their parent, with the smaller count', () => {
    const [first, second] = [
      runOf({ 'a > s > 1': 'passed', 'a > s > 2': 'passed' }),
      runOf({ 'a > s > 3': 'passed' }),
    ];
    expect(baseOf(gate, [first, second])).toMatchObject({
      expected: [],
      atLeast: [{ parent: 'a > s', count: 1 }],
    });
  });

  it('takes a test with two answers for neither red nor green', () => {
    const flaky = baseOf(gate, [runOf({ a: 'passed' }), runOf({ a: 'failed' })]);
    expect(flaky).toMatchObject({ colour: 'unsettled', expected: [{ outcome: 'flaky' }] });
    expect(redOnBase(flaky)).toEqual([]);
  });

  it('is the gate itself where nothing finer is red', () => {
    expect(redOnBase(baseOf(gate, twice(runOf({ a: 'passed' }, { exit: 1 }))))).toEqual(['test']);
    expect(redOnBase(baseOf(gate, twice({ ...red, report: { state: 'none' } })))).toEqual(['test']);
  });
});

describe('a candidate', () => {
  const green = runOf({ 'a > one': 'passed', 'a > two': 'passed', 'a > three': 'skipped' });

  it('passes when everything of base is there and nothing is red', () => {
    expect(compare(twice(green))).toMatchObject({
      record: { outcome: 'passed' },
      redToGreen: ['a > two'],
      greenToRed: [],
    });
  });

  it.each<[string, GateRun[], string]>([
    [
      'a missing test',
      twice(runOf({ 'a > one': 'passed', 'a > two': 'passed' })),
      '1 test that ran on base did not run: a > three.',
    ],
    [
      'a test that is skipped now',
      twice(runOf({ 'a > one': 'passed', 'a > two': 'skipped', 'a > three': 'skipped' })),
      'skipped now: a > two.',
    ],
    [
      'exit 0 with a failed test',
      twice({ ...red, exit: 0 }),
      'It ended with exit code 0 although 1 of its tests failed.',
    ],
    [
      'another exit code with no failed test',
      twice({ ...green, exit: 3 }),
      'It ended with exit code 3 although no reported test failed.',
    ],
    [
      'a report that cannot be read',
      twice({ ...green, report: { state: 'unreadable', why: 'it is cut off.' } }),
      'cannot be read: it is cut off.',
    ],
    ['nothing reported at all', twice(runOf({})), 'It reported no test at all.'],
  ])('fails by %s', (_, runs, note) => {
    const { record, redToGreen } = compare(runs);
    expect(record.outcome).toBe('failed');
    expect(record.notes.join('\n')).toContain(note);
    expect(redToGreen.filter((id) => id === 'test')).toEqual([]);
  });

  it('is flaky, not passed, when its runs disagree', () => {
    expect(compare([green, red])).toMatchObject({ record: { outcome: 'flaky' }, redToGreen: [] });
    const other = runOf({ 'a > one': 'passed', 'a > two': 'passed', 'a > three': 'passed' });
    expect(compare([green, other]).record.outcome).toBe('flaky');
  });

  it('names what broke', () => {
    const broken = runOf({ 'a > one': 'failed', 'a > two': 'passed', 'a > three': 'skipped' });
    expect(compare(twice(broken))).toMatchObject({
      greenToRed: ['a > one'],
      red: [{ id: 'a > one', file: 'a' }],
    });
  });

  it('is not judged by a run that was void, timed out or never started', () => {
    expect(compare(twice({ ...green, voided: 'x' })).record.outcome).toBe('errored');
    expect(compare(twice({ ...green, notStarted: 'x' })).record.outcome).toBe('errored');
    expect(compare(twice({ ...green, timedOut: true })).record.outcome).toBe('timed_out');
  });

  it('must run every test that is written in a file that did not load on base', () => {
    const unloaded = runOf(
      {},
      {
        exit: 1,
        report: { state: 'parsed', report: { tests: [], fileErrors: [{ file: 'b', message: 'x' }] } },
      },
    );
    const before = baseOf(gate, twice(unloaded));
    expect(redOnBase(before)).toEqual(['b']);
    const titles = new Map([['b', ['one', 'two']]]);
    expect(compare(twice(runOf({ 'b > one': 'passed', 'b > two': 'passed' })), before, titles)).toMatchObject(
      { record: { outcome: 'passed' }, redToGreen: ['b'] },
    );
    expect(compare(twice(runOf({ 'b > one': 'passed' })), before, titles).record.notes[0]).toContain(
      'did not run: two',
    );
    expect(compare(twice(runOf({})), before, titles)).toMatchObject({
      record: { outcome: 'failed' },
      redToGreen: [],
    });
  });

  it('keeps its lists and notes within bounds', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`a > ${'x'.repeat(900)}${i}`, 'failed' as const]),
    );
    const { record } = compare(twice(runOf(many)));
    expect(record.failedTests).toHaveLength(50);
    expect(
      Math.max(...record.failedTests.map((id) => id.length), ...record.notes.map((note) => note.length)),
    ).toBeLessThanOrEqual(500);
  });
});
