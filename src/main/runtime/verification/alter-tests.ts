import { alterComparisons } from './alter-comparisons.ts';
import type { Alteration } from './alter-comparisons.ts';
import { plantCanary } from './canary.ts';
import { literalTitles } from './test-source.ts';

/**
 * A copy of a file of tests in which every test found in it expects something wrong; without named tests, every comparison in it.
 * `null`: nothing of this kind is there.
 */
export function alterTests(
  path: string,
  text: string,
  how: Alteration,
  pick: (n: number) => number,
): string | null {
  const planted = how === 'literals' ? plantCanary(path, text, literalTitles(path, text), pick) : null;
  return planted?.text ?? alterComparisons(path, text, how, pick);
}
