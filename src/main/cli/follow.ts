import type { Api } from '../../shared/api/index.ts';
import { evolve } from '../../shared/goal/evolve.ts';
import type { GoalEvent } from '../../shared/goal/events.ts';
import { nowNextBlocks } from '../../shared/goal/selectors.ts';
import { everyAttemptWaits } from '../../shared/goal/questions.ts';
import { noGoal } from '../../shared/goal/state.ts';
import type { AskedQuestion, GoalState, OpenGoal } from '../../shared/goal/state.ts';
import { exitCodeOf, statusWord } from '../../shared/goal/status-table.ts';
import { verdict } from '../../shared/goal/verdict.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { Client } from '../../shared/rpc/connect.ts';
import { newCommandId } from './client.ts';
import type { Io } from './io.ts';
import { inert } from '../../shared/safe-text.ts';

export type FollowOptions = {
  readonly json: boolean;
  /** The newest event that was shown already; moves on, so that following can be taken up again. */
  readonly shown: { version: number };
  readonly io: Io;
};

/**
 * Follows a goal until it stops or concludes and returns its exit code. In a terminal questions are asked inline; elsewhere a live
 * turn that waits for an answer is parked, so that the run ends with the question open. Interrupting pauses the goal.
 */
export async function follow(client: Client<Api>, goalId: GoalId, o: FollowOptions): Promise<number> {
  const ending = new AbortController();
  let state: GoalState = noGoal;
  let asking: AbortController | null = null;
  let said = '';
  const interrupt = (): void => {
    o.io.err('\nPausing; what was done so far is kept.\n');
    void client.goals.pause({ goalId, commandId: newCommandId() });
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    for await (const item of client.goals.watch({ goalId, afterVersion: 0 }, { signal: ending.signal })) {
      if (item.type === 'read_only') {
        o.io.err(`${inert(item.message)}\n`);
        return await finish(client, goalId, state, o);
      }
      if (item.type !== 'events') continue;
      for (const event of item.events) {
        state = evolve(state, event);
        if (event.version <= o.shown.version) continue;
        show(event, o);
        o.shown.version = event.version;
      }
      if (!state.exists) continue;
      if (!o.json) said = narrate(state, said, o.io);
      if (isOver(state)) {
        asking?.abort();
        return await finish(client, goalId, state, o);
      }
      const open = openQuestions(state)[0];
      if (!open) {
        asking?.abort();
        asking = null;
      } else if (o.io.isTty && !o.json) {
        if (asking === null) {
          asking = new AbortController();
          void askInline(client, goalId, open, o.io, asking.signal).then(() => (asking = null));
        }
      } else if (everyAttemptWaits(state)) void client.goals.park({ goalId });
    }
    return await finish(client, goalId, state, o);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    ending.abort();
  }
}

/** Stopped, concluded, or paused with nothing in flight any more. */
function isOver(state: OpenGoal): boolean {
  if (state.concluded !== null || state.stopped !== null) return true;
  return state.paused && state.attempts.every((one) => one.outcome.type !== 'in_flight');
}

const openQuestions = (state: OpenGoal): readonly AskedQuestion[] =>
  state.questions.filter((one) => one.state.type === 'open');

function show(event: GoalEvent, o: FollowOptions): void {
  if (o.json) o.io.out(`${JSON.stringify(event)}\n`);
}

function narrate(state: OpenGoal, said: string, io: Io): string {
  const { now } = nowNextBlocks(state);
  if (now === said) return said;
  io.err(`${inert(now)}\n`);
  return now;
}

async function finish(
  client: Client<Api>,
  goalId: GoalId,
  state: GoalState,
  o: FollowOptions,
): Promise<number> {
  const { status, reasons } = verdict(state);
  const proof = await client.proofs.get({ goalId });
  const exitCode = exitCodeOf(status);
  if (o.json) {
    const result = {
      type: 'result',
      goal_id: goalId,
      status,
      reasons,
      proof_path: proof?.path ?? null,
      exit_code: exitCode,
    };
    o.io.out(`${JSON.stringify(result)}\n`);
    return exitCode;
  }
  o.io.out(`\n${statusWord(status)} (${status})\n`);
  for (const reason of reasons) o.io.out(`  ${inert(reason.message)}\n`);
  if (state.exists) {
    for (const { questionId, question } of openQuestions(state)) {
      o.io.out(`\n${inert(question.title)}\n`);
      if (question.context !== '') o.io.out(`  ${inert(question.context)}\n`);
      question.choices.forEach((choice, index) => o.io.out(`  ${index + 1}. ${inert(choice.label)}\n`));
      o.io.out(
        `  omk goal answer ${goalId} ${questionId} --choice N${question.allowText ? ' | --text T' : ''}\n`,
      );
    }
    if (state.landed) o.io.out(`Branch: ${state.landed.ref.replace('refs/heads/', '')}\n`);
  }
  o.io.out(`Goal:   ${goalId}\n`);
  if (proof) o.io.out(`Proof:  ${proof.path}\n`);
  return exitCode;
}

async function askInline(
  client: Client<Api>,
  goalId: GoalId,
  open: AskedQuestion,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const { question, questionId } = open;
  io.err(`\n${inert(question.title)}\n`);
  if (question.context !== '') io.err(`${inert(question.context)}\n`);
  if (question.subject !== undefined) io.err(`\n${inert(question.subject)}\n\n`);
  if (question.quote !== undefined) io.err(`The agent: ${inert(question.quote)}\n`);
  question.choices.forEach((choice, index) => {
    const mark = choice.id === question.defaultChoice ? ' (default)' : '';
    io.err(`  ${index + 1}. ${inert(choice.label)}${mark}\n`);
  });
  for (;;) {
    const typed = await io.question(question.allowText ? 'Number or text: ' : 'Number: ', signal);
    if (typed === null || signal.aborted) return;
    const line = typed.trim();
    const byNumber = /^\d+$/.test(line) ? question.choices[Number(line) - 1]?.id : undefined;
    const choice = line === '' ? question.defaultChoice : (byNumber ?? null);
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
    if (answered.ok) return;
    io.err(`${answered.error.message}\n`);
    if (answered.error.code !== 'question.choice_unknown' && answered.error.code !== 'question.text_required')
      return;
  }
}
