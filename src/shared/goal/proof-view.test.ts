import { describe, expect, test } from 'vitest';
import {
  gateRecord,
  prepared,
  refuted,
  slice,
  testGate,
  verified,
} from '../../main/runtime/testing/results.ts';
import { openGoal } from '../../main/runtime/testing/world.ts';
import type { World } from '../../main/runtime/testing/world.ts';
import { verdictCases } from '../../main/runtime/testing/verdict-cases.ts';
import { foldGoal } from './evolve.ts';
import { gateTable, shellText } from './gate-table.ts';
import { proofView } from './proof-view.ts';

const proof = (world: World) => proofView(world.goal);

describe('the sentence of a proof', () => {
  test('before anything was verified concludes nothing', () => {
    expect(proof(openGoal())).toMatchObject({
      sentence: 'Nothing concluded: no result was verified yet.',
      tone: 'open',
      acceptable: null,
    });
  });

  test('says what holds and whose move it is', () => {
    const world = openGoal().driveTo(null);
    const { sentence, tone, acceptable } = proof(world);
    expect(sentence).toMatch(
      /^Proven: 1 of 1 required gate passed on [0-9a-f]{7}, 1 check went from red to green\. 1 known gap\. Ready once you accept\.$/,
    );
    expect(tone).toBe('proven');
    expect(acceptable).toBe(world.goal.candidates[0]?.commit);
  });

  test('says that it was accepted and landed, and offers nothing more', () => {
    const world = openGoal({ accept: 'auto' }).driveTo(null);
    expect(proof(world).sentence).toMatch(/Accepted and landed\.$/);
    expect(proof(world)).toMatchObject({ acceptable: null, missing: [] });
  });

  test('says what is missing', () => {
    const world = openGoal({ maxAttempts: 1 }).deliver('wrong');
    world.finish(world.begin(), refuted(world.goal));
    expect(proof(world)).toMatchObject({
      sentence: 'Not proven: unit tests failed on the result.',
      tone: 'not_proven',
    });
  });

  test('concludes nothing from what cannot be trusted', () => {
    const world = openGoal().driveTo('verify');
    world.fail(world.begin(), {
      code: 'tree.not_trusted',
      blame: 'infra',
      retry: 'never',
      message: 'The tree changed.',
    });
    expect(proof(world)).toMatchObject({ sentence: 'Nothing concluded: The tree changed.', tone: 'open' });
  });

  test('is not proven while a person has to decide what counts', () => {
    const world = openGoal().driveTo('verify');
    world.finish(world.begin(), verified(world.goal, { redToGreenCount: 0, redToGreen: [] }));
    expect(proof(world).tone).toBe('not_proven');
    world.answer('red_to_green.missing', { choice: 'accept_risk' });
    expect(proof(world).sentence).toContain('no check went from red to green');
  });

  test.each(verdictCases)('and all its parts can be made of $name', ({ log }) => {
    const state = foldGoal(log);
    if (!state.exists) return;
    const view = proofView(state);
    expect(view.sentence).toMatch(/^(Proven|Not proven|Nothing concluded): ./);
    expect(JSON.stringify(view)).not.toMatch(/undefined|NaN|\[object/);
  });
});

describe('because', () => {
  test('every link that rests on something names its evidence', () => {
    const world = openGoal({ accept: 'auto' }).driveTo(null);
    const chain = proof(world).because;
    expect(chain.map((one) => [one.holds, one.evidence.length > 0])).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [true, true],
      [true, true],
      [true, false],
    ]);
    expect(chain.at(-1)?.text).toBe('Accepted by policy: Nothing was missing.');
  });

  test('a link that does not hold says so', () => {
    const finding = {
      rule: 'secret.key',
      severity: 'blocker',
      effect: 'breach',
      file: 'a',
      line: 1,
      message: 'A key.',
    } as const;
    const world = openGoal().driveTo('verify');
    world.finish(
      world.begin(),
      verified(world.goal, { findings: [finding], redToGreenCount: 0, redToGreen: [] }),
    );
    expect(
      proof(world)
        .because.filter((one) => !one.holds)
        .map((one) => one.text),
    ).toEqual([
      'No check went from red to green; none went the other way.',
      '1 finding in the diff: A key.',
      'You have not decided yet.',
    ]);
  });
});

describe('the gate table', () => {
  test('reads base beside result', () => {
    const world = openGoal().driveTo(null);
    expect(gateTable(world.goal)).toMatchObject({
      rows: [
        { name: 'unit tests', command: 'npm test', reads: 'Fixed. Red before, green now.', tone: 'pass' },
      ],
      redToGreenCount: 1,
    });
  });

  test.each([
    ['skipped', 'Skipped. Not a pass.'],
    ['flaky', 'Flaky. Not a pass.'],
    ['timed_out', 'Ran out of time. Not a pass.'],
    ['errored', 'Could not be run. Not a pass.'],
    ['failed', 'Red.'],
  ] as const)('a gate that is %s is no pass', (outcome, reads) => {
    const world = openGoal().driveTo('verify');
    world.finish(world.begin(), verified(world.goal, { gates: [gateRecord({ outcome })] }));
    expect(gateTable(world.goal).rows[0]).toMatchObject({ reads, tone: 'fail' });
  });

  test('says what was switched off, what has not run and what only sets up', () => {
    const world = openGoal();
    const off = { ...testGate, name: 'bench', selected: false };
    const install = { ...testGate, name: 'install', kind: 'setup' } as const;
    world.finish(world.begin(), prepared({ gates: [install, testGate, off] }));
    expect(gateTable(world.goal).rows.map((one) => one.reads)).toEqual([
      'Not run yet.',
      'Not run yet.',
      'Switched off before the start.',
    ]);
    world.driveTo('agent').finish(world.begin(), slice('fix'));
    expect(gateTable(world.goal).rows[1]?.reads).toBe('Red on base. The result has not run yet.');
    expect(gateTable(world.goal).summary).toBe('1 required gate, not run on a result yet.');
  });

  test('shows a command as a shell would take it', () => {
    expect(shellText(['npm', 'run', "it's two", ''])).toBe(String.raw`npm run 'it'\''s two' ''`);
  });
});
