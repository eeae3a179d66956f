import type { Api } from '../../shared/api/index.ts';
import type { AskedQuestion } from '../../shared/goal/state.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { Client } from '../../shared/rpc/connect.ts';
import { inert, inertLine } from '../../shared/safe-text.ts';
import { newCommandId } from './client.ts';
import type { Io } from './io.ts';
import { choiceByNumbers } from './numbered-choice.ts';

/** Refusals after which the question is still open. */
const again: readonly string[] = ['question.choice_unknown', 'question.text_required', 'log.not_written'];

/**
 * Asks one question in the terminal until it has an answer that holds. `closed`: the person closed the input, so nobody answers here;
 * `done`: answered, here or elsewhere.
 */
export async function askInline(
  client: Client<Api>,
  goalId: GoalId,
  { question, questionId }: AskedQuestion,
  io: Io,
  signal: AbortSignal,
): Promise<'closed' | 'done'> {
  io.err(`\n${inertLine(question.title)}\n`);
  if (question.context !== '') io.err(`${inert(question.context)}\n`);
  if (question.subject !== undefined) io.err(`\n${inert(question.subject)}\n\n`);
  if (question.quote !== undefined) io.err(`The agent: ${inert(question.quote)}\n`);
  question.choices.forEach((choice, index) => {
    const mark = choice.id === question.defaultChoice ? ' (default)' : '';
    io.err(`  ${index + 1}. ${inertLine(choice.label)}${mark}\n`);
  });
  for (;;) {
    const number = question.multi === true ? 'Numbers, with commas in between' : 'Number';
    const typed = await io.question(question.allowText ? `${number} or text: ` : `${number}: `, signal);
    if (signal.aborted) return 'done';
    if (typed === null) return 'closed';
    const line = typed.trim();
    const choice = line === '' ? question.defaultChoice : choiceByNumbers(question, line);
    const text = choice === null && question.allowText && line !== '' ? line : null;
    if (choice === null && text === null) continue;
    const answered = await client.goals.answer({
      goalId,
      commandId: newCommandId(),
      questionId,
      choice,
      text,
      digest: question.digest,
    });
    if (answered.ok) return 'done';
    io.err(`${inertLine(answered.error.message)}\n`);
    if (!again.includes(answered.error.code)) return 'done';
  }
}
