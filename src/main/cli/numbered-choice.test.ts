import { expect, test } from 'vitest';
import { approvalQuestion } from '../runtime/testing/questions.ts';
import { choiceByNumbers, choiceNamed } from './numbered-choice.ts';

const one = { ...approvalQuestion, choices: ['a', 'b', 'c'].map((id) => ({ id, label: id })) };
const several = { ...one, multi: true as const };

test('choices are named by number or id, several only where the question takes several', () => {
  expect(choiceNamed(one, '2')).toBe('b');
  expect(choiceNamed(one, 'c')).toBe('c');
  expect(choiceNamed(one, '1,2')).toBe('1,2');
  expect(choiceNamed(several, '1, c')).toBe('a,c');
  expect(choiceNamed(several, '2,2')).toBe('b');
});

test('what is no number that was offered is words', () => {
  expect(choiceByNumbers(several, '3,1')).toBe('c,a');
  expect(choiceByNumbers(one, '3')).toBe('c');
  for (const words of ['4', 'a', '1,4', '1 or 2', '']) expect(choiceByNumbers(several, words)).toBeNull();
  expect(choiceByNumbers(one, '1,2')).toBeNull();
});
