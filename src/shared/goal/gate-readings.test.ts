import { describe, expect, it } from 'vitest';
import { gateRecord } from '../testing/story.ts';
import { gateSide, testRows } from './gate-readings.ts';
import type { GateRow, GateTable } from './gate-table.ts';

const gate = (more: Partial<GateRow>): GateRow => ({
  name: 'unit tests',
  kind: 'check',
  command: 'npm test',
  cwd: '',
  script: null,
  source: '',
  required: true,
  selected: true,
  base: null,
  result: null,
  reads: '',
  tone: 'open',
  ...more,
});
const table = (redToGreen: string[], greenToRed: string[]): GateTable => ({
  rows: [],
  summary: '',
  resultCommit: null,
  redToGreen,
  redToGreenCount: redToGreen.length,
  greenToRed,
});

describe('sides of a gate', () => {
  it('tell runs apart only when the gate says that they disagree', () => {
    const flaky = gateSide(gateRecord('x', { outcome: 'flaky', exitCodes: [0, 1, 0], runs: 3 }));
    expect(flaky.runs).toEqual(['passed', 'failed', 'passed']);
    // Exit 0 with a failed test inside: the gate is red, whatever its exit code says.
    const lying = gateSide(gateRecord('x', { outcome: 'failed', exitCodes: [0, 0] }));
    expect(lying.runs).toEqual(['failed', 'failed']);
  });

  it('say how a gate ended that reports no single tests', () => {
    expect(gateSide(gateRecord('x', { outcome: 'timed_out' }))).toMatchObject({
      reading: 'failed',
      says: 'ran out of time',
    });
    expect(gateSide(gateRecord('x', { counts: { passed: 3, failed: 0, skipped: 1 } })).says).toBe(
      '3 passed, 1 skipped',
    );
  });
});

describe('checks of a gate', () => {
  it('read base against result, what broke first', () => {
    const row = gate({
      base: gateRecord('unit tests', { failedTests: ['adds', 'stays red', 'gone'] }),
      result: gateRecord('unit tests', { failedTests: ['breaks', 'stays red', 'new'] }),
    });
    const rows = testRows(row, table(['adds'], ['breaks']));
    expect(rows.map((one) => [one.id, one.base, one.result, one.lead])).toEqual([
      ['breaks', 'passed', 'failed', 'Broken'],
      ['stays red', 'failed', 'failed', 'Still red'],
      ['new', 'absent', 'failed', 'Red'],
      ['adds', 'failed', 'passed', 'Fixed.'],
      ['gone', 'failed', 'absent', 'Not seen'],
    ]);
  });

  it('leave out tests of other gates', () => {
    const row = gate({ base: gateRecord('unit tests'), result: gateRecord('unit tests') });
    expect(testRows(row, table(['of another gate'], []))).toEqual([]);
  });

  it('only say that a check is red on base before there is a result', () => {
    const row = gate({ base: gateRecord('unit tests', { failedTests: ['adds'] }) });
    expect(testRows(row, table([], []))[0]?.lead).toBe('Red on base');
  });
});
