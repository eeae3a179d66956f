import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Adversary } from './testing/adversary.ts';
import { checkAll } from './testing/invariants.ts';
import { mutants } from './testing/mutants.ts';
import { script } from './testing/script.ts';
import { realCore } from './testing/world.ts';
import type { Core } from './testing/world.ts';

/** Fixed, so that a mutant that is killed today is killed tomorrow. */
const plays = { seed: 20_260_101, numRuns: 2_000, endOnFailure: true };

const killed = (core: Core): boolean =>
  fc.check(
    fc.property(script, (one) => {
      const adversary = new Adversary(one, core);
      adversary.play();
      checkAll(adversary);
    }),
    plays,
  ).failed;

describe('the properties notice a core in which', () => {
  test.each(Object.entries(mutants))('%s', (_, core) => {
    expect(killed(core)).toBe(true);
  });
});

test('the same plays find nothing wrong with the real core', () => {
  expect(killed(realCore)).toBe(false);
});
