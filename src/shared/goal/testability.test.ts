import { describe, expect, test } from 'vitest';
import { isTestable, titleOf } from './testability.ts';

describe('a goal that nobody could check is asked about', () => {
  test.each([
    '',
    '   \n',
    'fix it',
    'Make it better',
    'please  MAKE\tthis awesome now',
    'improve this for everybody',
  ])('%j', (text) => expect(isTestable(text)).toBe(false));
});

describe('a goal that names something to see is not', () => {
  test.each([
    'Make it better: npm test must pass',
    'Rename the retry option everywhere',
    'Improve this so that coverage stays above 90',
    '把重试测试 修好 并通过',
  ])('%j', (text) => expect(isTestable(text)).toBe(true));
});

describe('the title', () => {
  test('is the first line with text, white space folded', () => {
    expect(titleOf('\n \n  Fix   the\ttest  \nThen more')).toBe('Fix the test');
    expect(titleOf('')).toBe('');
  });

  test('has at most 200 characters and never half of one', () => {
    expect(titleOf('x'.repeat(200))).toHaveLength(200);
    expect(titleOf('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`);
    const cut = titleOf(`${'x'.repeat(198)}${'😀'.repeat(5)}`);
    expect(cut).toBe(`${'x'.repeat(198)}…`);
    expect(cut.length).toBeLessThanOrEqual(200);
  });
});
