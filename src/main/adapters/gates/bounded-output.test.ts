import { expect, it } from 'vitest';
import { boundedOutput } from './bounded-output.ts';

const of = (head: number, tail: number, ...chunks: string[]): string => {
  const output = boundedOutput(head, tail);
  for (const chunk of chunks) output.push(Buffer.from(chunk));
  return output.text();
};

it('keeps everything that fits', () => {
  expect(of(3, 3, 'ab', 'cd', 'ef')).toBe('abcdef');
  expect(of(3, 3)).toBe('');
});
it('keeps head and tail of what does not, and says how much is missing', () => {
  expect(of(3, 3, 'abcdefghij')).toBe('abc\n[… 4 bytes not kept …]\nhij');
  expect(of(3, 3, ...'abcdefghij'.split(''))).toBe('abc\n[… 4 bytes not kept …]\nhij');
  expect(of(2, 0, 'abc')).toBe('ab\n[… 1 bytes not kept …]\n');
});
