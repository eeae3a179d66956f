import { choicesOf } from '../../shared/goal/questions.ts';
import type { Question } from '../../shared/goal/vocabulary.ts';

/** An answer whose choices are named by their numbers or ids, with commas in between where the question takes several, as one by ids. */
export const choiceNamed = (question: Question, typed: string): string =>
  choicesOf(question, typed)
    .map((one) => one.trim())
    .map((one) => (/^\d+$/.test(one) ? question.choices[Number(one) - 1]?.id : undefined) ?? one)
    .join(',');

/** Only numbers that were offered: where words may be an answer too, anything else is words. */
export function choiceByNumbers(question: Question, typed: string): string | null {
  const named = /^\d+(?:\s*,\s*\d+)*$/.test(typed) ? choiceNamed(question, typed) : '';
  const offered = choicesOf(question, named).every((one) => question.choices.some(({ id }) => id === one));
  return offered ? named : null;
}
