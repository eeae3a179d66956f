import { expect, test } from 'vitest';
import { adversaryCounts, playwrightCounts, sum, vitestCounts } from './test-counts.ts';

const vitest = (over: object): string =>
  JSON.stringify({
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [],
    ...over,
  });

const playwright = (stats: object, errors: unknown[] = []): string =>
  JSON.stringify({ stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0, ...stats }, errors });

test('passed, failed and skipped tests are counted', () => {
  expect(vitestCounts(vitest({ numFailedTests: 2 }))).toEqual({ passed: 3, failed: 2, skipped: 1 });
  expect(playwrightCounts(playwright({ unexpected: 1 }))).toEqual({ passed: 2, failed: 1, skipped: 0 });
});

test('a file that could not even be loaded is a failure', () => {
  const broken = { status: 'failed', assertionResults: [] };
  expect(vitestCounts(vitest({ testResults: [broken] })).failed).toBe(1);
});

test('a flaky test and an error outside any test are failures', () => {
  expect(playwrightCounts(playwright({ flaky: 1 }, ['no browser'])).failed).toBe(2);
});

test('a run of an adversary is a test, one skipped without a word a failure', () => {
  const summary = { runs: 5, failed: 1, silentSkips: 2, skipped: [{}] };
  expect(adversaryCounts(JSON.stringify({ summary }))).toEqual({ passed: 4, failed: 3, skipped: 1 });
  expect(adversaryCounts('{}').failed).toBe(1);
});

test('a missing, cut or foreign report is never read as success', () => {
  for (const text of [undefined, '', '{"numPassedTests": 3', '{}', 'null']) {
    expect(vitestCounts(text).failed).toBe(1);
    expect(playwrightCounts(text).failed).toBe(1);
  }
});

test('counts add up', () => {
  expect(sum([vitestCounts(vitest({})), playwrightCounts(playwright({}))])).toEqual({
    passed: 5,
    failed: 0,
    skipped: 1,
  });
});
