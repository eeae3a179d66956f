import { describe, expect, it } from 'vitest';
import { gateRecord, slice, testGate, verified, refuted } from '../../main/runtime/testing/results.ts';
import { openGoal } from '../../main/runtime/testing/world.ts';
import type { World } from '../../main/runtime/testing/world.ts';
import type { ChangedFile } from '../goal/vocabulary.ts';
import { structuredClaims } from './claims.ts';

const changed = (path: string): ChangedFile => ({
  path,
  change: 'modified',
  added: 1,
  removed: 1,
  binary: false,
  locked: false,
  oldBlob: null,
  newBlob: null,
});

/** A goal whose agent said this last, on a result that changes src/money.js and docs/old.md. */
function after(summary: string, o: Parameters<typeof verified>[1] = {}, red = false): World {
  const world = openGoal();
  world.driveTo('agent');
  const delivered = slice('fix');
  world.finish(world.begin(), { ...delivered, slice: { ...delivered.slice, summary } });
  const files = ['src/money.js', 'docs/old.md'].map(changed);
  const attempt = world.begin();
  return world.finish(
    attempt,
    (red ? refuted : verified)(world.goal, { changed: files, changedCount: 2, ...o }),
  );
}
const verdicts = (summary: string, o: Parameters<typeof verified>[1] = {}, red = false) =>
  structuredClaims(after(summary, o, red).goal).map((one) => one.verdict);

describe('structured claims', () => {
  it.each([
    'All tests pass.',
    'The test suite is green now!',
    'All 6 tests passed, 0 failed.',
    '6 of 6 tests pass.',
    'Passing all checks.',
  ])('are supported when the gates passed: %s', (summary) => {
    expect(verdicts(summary)).toEqual(['supported']);
  });

  it.each(['All tests pass.', 'Tests: 6 passed, 0 failed.'])(
    'are contradicted when a required gate did not: %s',
    (summary) => {
      const [claim] = structuredClaims(after(summary, {}, true).goal);
      expect(claim).toMatchObject({
        verdict: 'contradicted',
        found: '1 of 1 gates did not pass: unit tests.',
      });
    },
  );

  it('count an optional gate that failed for what it is', () => {
    const gates = [gateRecord(), gateRecord({ name: 'lint', required: false, outcome: 'failed' })];
    const [claim] = structuredClaims(after('All tests pass.', { gates }).goal);
    expect(claim).toMatchObject({ verdict: 'supported', found: '1 of 2 gates passed in a clean tree.' });
  });

  it.each([
    'The tests do not pass yet.',
    'Tests still fail.',
    'No tests pass.',
    "The suite doesn't pass here.",
    '4 of 6 tests pass.',
    'Tests should pass now.',
    'I changed it so that the tests pass.',
    'I could run the tests if they pass the linter.',
    'The password check is stronger.',
    'Everything is fine.',
  ])('are not made of a sentence that denies, wishes or says something else: %s', (summary) => {
    expect(verdicts(summary)).toEqual([]);
    expect(verdicts(summary, {}, true)).toEqual([]);
  });

  it.each([
    ['I edited src/money.js.', 'supported'],
    ['Updated `money.js` and docs/old.md.', 'supported'],
    ['Changed money.js accordingly.', 'supported'],
    ['Fixed /home/user/worktree/src/money.js.', 'supported'],
    ['I fixed ./src/money.js.', 'supported'],
    ['I rewrote src/other.js.', 'contradicted'],
    ['Fixed src/money.js and `lib/more.ts`.', 'contradicted'],
  ])('hold named files against the diff: %s is %s', (summary, verdict) => {
    expect(verdicts(summary)).toEqual([verdict]);
  });

  it.each([
    'I updated it for Node.js and v1.5.',
    'Added support for amounts such as 12.03.',
    'Fixed as described at https://example.com/docs/rounding.html today.',
    'I did not change src/other.js.',
    'I updated the code and left test/money.test.js untouched.',
    'Created by example.com.',
  ])('take no version, amount, address or file left alone for a changed file: %s', (summary) => {
    expect(verdicts(summary)).toEqual([]);
  });

  it('do not call a file missing from a list that was cut', () => {
    expect(verdicts('I changed src/far.js.', { changedCount: 5_000 })).toEqual(['unsupported']);
  });

  it('hold a command against what omk ran itself', () => {
    expect(verdicts('I ran `npm test` twice.')).toEqual(['supported']);
    expect(verdicts('I ran `npm test` twice.', {}, true)).toEqual(['contradicted']);
    expect(verdicts('I ran `make bench` twice.')).toEqual(['unsupported']);
    expect(verdicts('I did not run `npm test`.')).toEqual([]);
    expect(testGate.argv.join(' ')).toBe('npm test');
  });

  it('stay few, short and quick, whatever an agent writes', () => {
    const long = `All tests pass ${'really '.repeat(200)}. `.repeat(5);
    const claims = structuredClaims(after(`${long}`.slice(0, 8_000)).goal);
    expect(claims.length).toBeLessThanOrEqual(40);
    for (const claim of claims) expect(claim.said.length).toBeLessThanOrEqual(400);
    const before = performance.now();
    structuredClaims(after(`changed ${'a.'.repeat(3_900)}`).goal);
    structuredClaims(after(`changed ${'a/'.repeat(3_900)}`).goal);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

it('makes no claim of nothing', () => {
  expect(structuredClaims(openGoal().goal)).toEqual([]);
  expect(verdicts('')).toEqual([]);
});

describe('what an agent reported on purpose', () => {
  const reported = (claim: { said: string; files?: string[]; command?: string }, red = false) => {
    const world = openGoal().driveTo('agent');
    const attempt = world.begin();
    const { attemptId, fence } = attempt;
    world.must(
      {
        type: 'claim.make',
        attemptId,
        fence,
        claim: { said: claim.said, files: claim.files ?? [], command: claim.command ?? null },
      },
      'agent',
    );
    world.finish(attempt, slice('fix'));
    const next = world.begin();
    world.finish(
      next,
      (red ? refuted : verified)(world.goal, { changed: [changed('src/money.js')], changedCount: 1 }),
    );
    const [found] = structuredClaims(world.goal);
    return found;
  };

  it.each([
    ['supported', { said: 'All tests pass.' }],
    ['supported', { said: 'It is faster.', files: ['src/money.js'] }],
    ['contradicted', { said: 'It is faster.', files: ['src/other.js'] }],
    ['contradicted', { said: 'All tests pass.', files: ['src/other.js'] }],
    ['unsupported', { said: 'It is faster.' }],
    ['unsupported', { said: 'It is faster.', command: 'make bench' }],
    ['unsupported', { said: 'All tests pass.', command: 'make bench' }],
  ] as const)('is %s: %j', (verdict, claim) => {
    expect(reported({ ...claim, files: 'files' in claim ? [...claim.files] : [] })).toMatchObject({
      said: claim.said,
      verdict,
    });
  });

  it('never makes a failed result look better', () => {
    expect(reported({ said: 'All tests pass.' }, true)).toMatchObject({ verdict: 'contradicted' });
  });
});
