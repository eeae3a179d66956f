import { describe, expect, it } from 'vitest';
import { gateRecord } from '../../testing/results.ts';
import { remark } from './finding.ts';
import { reviewSections } from './sections.ts';
import type { ReviewInput } from './sections.ts';

const states = (o: Partial<ReviewInput>): Record<string, string> =>
  Object.fromEntries(sectionsOf(o).map((one) => [one.name, one.state]));
const sectionsOf = (o: Partial<ReviewInput>): ReturnType<typeof reviewSections> =>
  reviewSections({ findings: [], records: [], base: [], reviewed: { read: 1, unread: 0 }, ...o });

describe('the sections of a review', () => {
  it('are six in the order of the reference, and say what was looked for', () => {
    expect(sectionsOf({}).map((one) => one.name)).toEqual([
      'architect',
      'code',
      'test',
      'security',
      'performance',
      'anti-slop',
    ]);
    expect(sectionsOf({})[0]).toEqual({
      name: 'architect',
      state: 'passed',
      note: 'Lengths, nesting, branching and new dependencies were measured; nobody judged the design. 1 changed source file read.',
    });
  });

  it('are not assessed where nothing could be read', () => {
    expect(states({ reviewed: { read: 0, unread: 3 } })).toMatchObject({
      architect: 'not_assessed',
      code: 'not_assessed',
      security: 'passed',
      performance: 'not_assessed',
      'anti-slop': 'not_assessed',
    });
  });

  it.each([
    ['structure.nesting', 'architect'],
    ['dependency.added', 'architect'],
    ['code.swallowed_error', 'code'],
    ['test.renamed', 'test'],
    ['oracle.lockfile', 'test'],
    ['sink.eval', 'security'],
    ['secret.token', 'security'],
    ['supply.install_script', 'security'],
    ['slop.debug', 'anti-slop'],
  ])('%s belongs to %s', (rule, name) => {
    const found = states({ findings: [remark('warning', rule, 'a.js', 3, 'Said.')] });
    expect(Object.entries(found).filter(([, state]) => state === 'findings')).toEqual([[name, 'findings']]);
  });

  it('name the first finding with its place and count the others; notes are none', () => {
    const eval_ = remark('warning', 'sink.eval', 'a.js', 3, 'Text becomes code.');
    expect(sectionsOf({ findings: [eval_, eval_] })[3]?.note).toBe('a.js:3: Text becomes code. And 1 more.');
    expect(states({ findings: [remark('note', 'slop.todo', 'a.js', 1, 'Later.')] })['anti-slop']).toBe(
      'passed',
    );
  });

  it('say of performance only what a gate measured', () => {
    const bench = gateRecord({ name: 'bench', durationMs: 4_000, runs: 2 });
    expect(
      sectionsOf({ records: [bench], base: [gateRecord({ name: 'bench', durationMs: 1_000, runs: 1 })] })[4],
    ).toEqual({
      name: 'performance',
      state: 'passed',
      note: '“bench” took 2.0 s (base: 1.0 s) and passed.',
    });
    expect(states({ records: [{ ...bench, outcome: 'failed', required: false }] })['performance']).toBe(
      'findings',
    );
  });
});
