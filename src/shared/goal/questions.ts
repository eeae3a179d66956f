import type { AskedQuestion, OpenGoal } from './state.ts';
import type { Question, QuestionKind } from './vocabulary.ts';

export const openQuestions = (state: OpenGoal): readonly AskedQuestion[] =>
  state.questions.filter((one) => one.state.type === 'open');

/** Waits for a person while nothing else of the goal proceeds: its own questions, and those of an attempt that was parked. */
export function blocksGoal(state: OpenGoal, asked: AskedQuestion): boolean {
  if (asked.state.type !== 'open' || asked.question.blocks === 'acceptance') return false;
  if (asked.question.blocks === 'goal' || asked.attemptId === null) return true;
  const attempt = state.attempts.find((one) => one.attemptId === asked.attemptId);
  return attempt?.outcome.type !== 'in_flight';
}

/** Every live attempt waits for a person: nothing moves until somebody answers or parks it. */
export function everyAttemptWaits(state: OpenGoal): boolean {
  const live = state.attempts.filter((one) => one.outcome.type === 'in_flight');
  const waiting = new Set(openQuestions(state).map((one) => one.attemptId));
  return live.length > 0 && live.every((one) => waiting.has(one.attemptId));
}

/** Ids of the choices that an answer takes: one, or several where the question lets them. */
export const choicesOf = ({ multi }: Pick<Question, 'multi'>, choice: string | null): readonly string[] =>
  choice === null ? [] : multi === true ? [...new Set(choice.split(','))] : [choice];

/** What the choices of an answer say, in the order in which they were offered. */
export function chosenLabels(
  question: Pick<Question, 'multi' | 'choices'>,
  choice: string | null,
): readonly string[] {
  const chosen = choicesOf(question, choice);
  return question.choices.filter((one) => chosen.includes(one.id)).map((one) => one.label);
}

export type Answered = Extract<AskedQuestion['state'], { type: 'answered' }>;

/**
 * What became of a question about something that happened at version `cause`: a newer cause asks again. A withdrawn
 * question counts as never asked.
 */
export function questionSince(
  state: OpenGoal,
  kind: QuestionKind,
  cause: number,
): { readonly type: 'unasked' } | { readonly type: 'open' } | Answered {
  const last = state.questions.findLast(
    (one) => one.question.kind === kind && one.state.type !== 'withdrawn',
  );
  if (!last || last.askedVersion <= cause || last.state.type === 'withdrawn') return { type: 'unasked' };
  return last.state;
}
