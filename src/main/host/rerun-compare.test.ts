import { expect, it } from 'vitest';
import { gateRecord, oidOf } from '../runtime/testing/results.ts';
import { compareRuns } from './rerun-compare.ts';

const was = {
  tree: oidOf('tree'),
  passed: true,
  gates: [
    gateRecord({ name: 'tests', counts: { passed: 3, failed: 0, skipped: 0 } }),
    gateRecord({ name: 'lint' }),
  ],
  redToGreen: ['a'],
  redToGreenCount: 1,
  greenToRed: [],
  isolation: 'L2' as const,
  toolVersions: { node: '24.1.0' },
};

it('the same outcome is the same, whatever the machine', () => {
  expect(compareRuns(was, was)).toEqual({ same: ['tests', 'lint'], problems: [], notes: [] });
  expect(compareRuns(was, { ...was, isolation: 'L0', toolVersions: { node: '22.0.0' } })).toMatchObject({
    problems: [],
    notes: ['Isolation was L2 and is L0 here.', 'node was 24.1.0 and is 22.0.0 here.'],
  });
});

it.each([
  [
    'a gate',
    { gates: [gateRecord({ name: 'tests', outcome: 'failed' }), was.gates[1] ?? gateRecord()] },
    /^tests: passed in the proof, failed now/,
  ],
  ['a gate that is not there', { gates: was.gates.slice(0, 1) }, /^lint: passed in the proof, not run now/],
  [
    'fewer tests',
    {
      gates: [
        gateRecord({ name: 'tests', counts: { passed: 2, failed: 0, skipped: 0 } }),
        was.gates[1] ?? gateRecord(),
      ],
    },
    /3 tests passed in the proof, 2 now/,
  ],
  ['the whole', { passed: false }, /^It does not pass now/],
  ['a check that is not green any more', { redToGreen: [], redToGreenCount: 0 }, /0 now; not any more: a/],
  ['a check that went red', { greenToRed: ['b'] }, /^Went from green to red now: b/],
  ['the tree', { tree: oidOf('other') }, /^The tree is another one/],
] as const)('%s that comes out differently is named', (_, change, said) => {
  expect(compareRuns(was, { ...was, ...structuredClone(change) } as typeof was).problems.join('\n')).toMatch(
    said,
  );
});
