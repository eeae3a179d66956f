import { expect, test } from 'vitest';
import { brokenSourceRules } from './source-rules.ts';

test('a file of 500 lines passes and one of 501 does not', () => {
  expect(brokenSourceRules('src/a.ts', 'x\n'.repeat(500))).toEqual([]);
  expect(brokenSourceRules('src/a.ts', 'x\n'.repeat(501))).toHaveLength(1);
});

test('pure code may turn a number into a date, but not ask what day it is', () => {
  const path = 'src/shared/goal/evolve.ts';
  expect(brokenSourceRules(path, 'new Date(at).toISOString(); Date.parse(text);')).toEqual([]);
  expect(brokenSourceRules(path, 'const now = new Date();')).toHaveLength(1);
  expect(brokenSourceRules(path, 'const now = Date();')).toHaveLength(1);
});

test('code outside the pure folders, and tests, may read the clock', () => {
  for (const path of ['src/main/host/main.ts', 'src/shared/a.test.ts', 'src/main/runtime/testing/world.ts']) {
    expect(brokenSourceRules(path, 'new Date()')).toEqual([]);
  }
});
