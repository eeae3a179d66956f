import type { GoalCommand } from '../../../shared/goal/commands.ts';
import { event } from '../../../shared/goal/events.ts';
import type { NewEvent } from '../../../shared/goal/events.ts';
import { asksToPlanAgain } from '../../../shared/goal/planning.ts';
import { choicesOf, openQuestions } from '../../../shared/goal/questions.ts';
import type { AskedQuestion, OpenGoal } from '../../../shared/goal/state.ts';
import { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { Bug } from '../../../shared/kernel/bug.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { splitShellWords } from '../../../shared/kernel/shell-words.ts';
import { acceptResult } from './acceptance.ts';
import { foldNew, refuse, sealQuestion } from './context.ts';
import type { DecideContext, Decided } from './context.ts';

type AnswerCommand = Extract<GoalCommand, { type: 'question.answer' }>;
type Said = { readonly choice: string | null; readonly text: string | null };

export function answerQuestion(state: OpenGoal, command: AnswerCommand, ctx: DecideContext): Decided {
  const asked = state.questions.find((one) => one.questionId === command.questionId);
  const open = openQuestions(state);
  const only = open.length === 1 ? open[0] : undefined;
  const current = only ? { current: only.questionId } : {};
  if (!asked) return refuse('question.unknown', 'This goal has no such question.', current);
  if (asked.state.type !== 'open') {
    return refuse('question.already_answered', 'This question was answered or withdrawn already.', current);
  }
  const { question } = asked;
  if (command.digest !== null && command.digest !== question.digest) {
    return refuse('question.changed', 'The question is not the one you saw. Look at it again.', current);
  }
  const ids = question.choices.map((one) => one.id);
  if (!choicesOf(question, command.choice).every((one) => ids.includes(one))) {
    return refuse(
      'question.choice_unknown',
      `Choose ${question.multi === true ? 'some' : 'one'} of: ${ids.join(', ')}.`,
    );
  }
  const text =
    question.allowText && command.text !== null && command.text.trim() !== '' ? command.text : null;
  const said: Said = { choice: command.choice, text };
  if (said.choice === null && text === null) {
    return refuse(
      'question.text_required',
      question.allowText ? 'Say something, or choose an answer.' : 'Choose an answer.',
    );
  }
  const answered = event('question.answered', {
    questionId: asked.questionId,
    ...said,
    digest: question.digest,
  });
  const effects = effectsOf(state, asked, said, answered, ctx);
  return effects.ok ? ok([answered, ...effects.value]) : effects;
}

/** What an answer makes happen beside being recorded. Most of what follows is derived from the answer itself. */
function effectsOf(
  state: OpenGoal,
  asked: AskedQuestion,
  said: Said,
  answered: NewEvent,
  ctx: DecideContext,
): Decided {
  if (said.choice === 'cancel') return ok([event('goal.cancel_requested', {})]);
  if (said.choice === 'conclude') return ok([rejected('conclude', said.text ?? '')]);
  switch (asked.question.kind) {
    case 'gates.missing':
      return addGate(state, said.text, ctx);
    case 'gates.trust':
      if (!state.oracle) throw new Bug('Trust was asked for without an oracle.');
      return ok([event('oracle.trusted', { digest: state.oracle.digest })]);
    case 'plan.approve':
      if (!state.plan) throw new Bug('Approval was asked for without a plan.');
      if (asksToPlanAgain(state, said))
        return said.text === null ? refuse('question.text_required', 'Say what the plan should do.') : ok([]);
      return ok([event('plan.accepted', { digest: state.plan.proposed.digest })]);
    case 'oracle.changed':
    case 'policy.finding':
      return ok(said.choice === 'send_back' ? [rejected('revise', sendBack(state))] : []);
    case 'red_to_green.missing':
    case 'diff.empty':
      return ok(said.choice === null && said.text !== null ? [rejected('revise', said.text)] : []);
    case 'acceptance':
      return answerAcceptance(state, said, answered, ctx);
    case 'goal.vague':
    case 'gates.unreadable':
    case 'base.dirty':
    case 'base.green':
    case 'project.changed':
    case 'approval':
    case 'agent.question':
    case 'landing.refused':
    case 'person.needed':
    case 'goal.impossible':
      return ok([]);
  }
}

function answerAcceptance(state: OpenGoal, said: Said, answered: NewEvent, ctx: DecideContext): Decided {
  if (said.choice !== 'accept') {
    if (said.text === null) return refuse('question.text_required', 'Say what to change.');
    return ok([rejected('revise', said.text)]);
  }
  const candidate = state.candidates.at(-1);
  const after = foldNew(state, [answered], ctx);
  if (!candidate || !after.exists) throw new Bug('Acceptance was asked for without a candidate.');
  return acceptResult(after, candidate.commit, said.text ?? '');
}

const rejected = (mode: 'revise' | 'conclude', reason: string): NewEvent =>
  event('goal.rejected', { mode, reason: reason.slice(0, 8_000), comments: [] });

function sendBack(state: OpenGoal): string {
  const verification = state.verifications.at(-1);
  const files = [
    ...(verification?.lockedChanged ?? []),
    ...(verification?.findings ?? []).filter((one) => one.effect === 'question').map((one) => one.file),
  ];
  return `Leave these as they are on base: ${[...new Set(files)].slice(0, 50).join(', ')}`;
}

/** The person's command becomes a gate and thereby trusted; it is part of a new oracle with a digest of its own. */
function addGate(state: OpenGoal, text: string | null, ctx: DecideContext): Decided {
  const { oracle } = state;
  if (!oracle) throw new Bug('A gate was asked for before the oracle was looked for.');
  if (text === null) return refuse('question.text_required', 'Type the command.');
  const words = splitShellWords(text);
  if (!words.ok) return refuse('question.text_required', words.error.message);
  const named = GateSpec.safeParse({
    name: freshName(text.trim().replace(/\s+/g, ' ').slice(0, 90), oracle.gates),
    kind: 'check',
    argv: words.value,
    source: 'typed by you',
  });
  if (!named.success)
    return refuse('question.text_required', 'This command is too long. Put it into a script.');
  const gates = [...oracle.gates, named.data];
  const digest = ctx.digest(canonicalJson({ before: oracle.digest, gates }));
  return ok([
    event('oracle.defined', { ...oracle, source: 'person', gates, digest }),
    event('oracle.trusted', { digest }),
  ]);
}

function freshName(wanted: string, taken: readonly GateSpec[]): string {
  let name = wanted;
  for (let count = 2; taken.some((gate) => gate.name === name); count += 1) name = `${wanted} (${count})`;
  return name;
}

/** A live agent asks; recorded before it waits. Asking again with the same id changes nothing. */
export function askQuestion(
  state: OpenGoal,
  command: Extract<GoalCommand, { type: 'question.ask' }>,
  ctx: DecideContext,
): Decided {
  const { questionId, attemptId, fence, question } = command;
  if (question.kind !== 'approval' && question.kind !== 'agent.question') {
    throw new Bug('Only omk itself asks such a question.', { kind: question.kind });
  }
  const attempt = state.attempts.find((one) => one.attemptId === attemptId);
  if (!attempt) return refuse('attempt.unknown', 'This goal has no such attempt.');
  if (attempt.outcome.type !== 'in_flight' || attempt.fence !== fence) {
    return refuse('attempt.fenced', 'The attempt that asks has ended.');
  }
  if (state.questions.some((one) => one.questionId === questionId)) return ok([]);
  const { digest: _, ...asked } = question;
  return ok([
    event('question.asked', {
      questionId,
      attemptId,
      question: sealQuestion({ ...asked, blocks: 'attempt' }, ctx),
    }),
  ]);
}

/** Only an agent takes back what it asked; a question of the goal needs its answer. */
export function withdrawQuestion(
  state: OpenGoal,
  { questionId, reason }: Extract<GoalCommand, { type: 'question.withdraw' }>,
): Decided {
  const asked = state.questions.find((one) => one.questionId === questionId);
  if (!asked || asked.attemptId === null)
    return refuse('question.unknown', 'No agent asked such a question.');
  return ok(
    asked.state.type === 'open'
      ? [event('question.withdrawn', { questionId, reason: reason.slice(0, 500) })]
      : [],
  );
}
