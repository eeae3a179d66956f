import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';
import { allCases } from './select.ts';

const cases = await allCases();
const read = (...args: string[]) => readOptions(args, cases);

describe('the command line of the adversaries', () => {
  it('takes cases, variants, layers and numbers', () => {
    expect(
      read('--case', 'C1', '--variant', 'node', '--seeds', '3', '--jobs', '1', '--without-layer', 'canary'),
    ).toMatchObject({
      wanted: { quick: false, seeds: 3, cases: new Set(['C1']), variants: new Set(['node']) },
      jobs: 1,
      without: 'canary',
    });
    expect(read()).toMatchObject({ wanted: { seeds: 1, cases: new Set() }, without: null, write: false });
  });

  it.each([
    [['--case', 'C99'], 'There is no "C99"'],
    [['--case', 'C1', '--variant', 'nodes'], 'There is no "nodes". Known: node,'],
    [['--without-layer', 'cannary'], 'There is no "cannary"'],
    [['--seeds', '0'], '--seeds wants'],
    [['--jobs', 'two'], '--jobs wants'],
    [['C1'], "Unexpected argument 'C1'"],
    [['--fast'], "Unknown option '--fast'"],
  ])('says what is wrong with %j, so that nothing passes for a run without failures', (args, words) => {
    expect(read(...args)).toContain(words);
  });
});
