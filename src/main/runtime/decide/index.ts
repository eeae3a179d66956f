import type { GoalCommand } from '../../../shared/goal/commands.ts';
import { event } from '../../../shared/goal/events.ts';
import type { NewEvent } from '../../../shared/goal/events.ts';
import { changesAreTheirs } from '../../../shared/goal/project-changes.ts';
import { openQuestions } from '../../../shared/goal/questions.ts';
import type { GoalState, OpenGoal } from '../../../shared/goal/state.ts';
import { conclusion, stop } from '../../../shared/goal/verdict.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { acceptResult, rejectResult } from './acceptance.ts';
import { beginAttempt, loseAttempt, openConversation, renewAttempt, reportAttempt } from './attempt.ts';
import { makeClaim, proposeTask } from './agent-words.ts';
import { extendBudget, spendBudget } from './budget.ts';
import { foldNew, refuse } from './context.ts';
import type { DecideContext, Decided } from './context.ts';
import { follow } from './follow.ts';
import { cancelGoal, openGoal, pauseGoal, resumeGoal, retryGoal } from './goal.ts';
import { deliverNote, writeNote } from './note.ts';
import { answerQuestion, askQuestion, withdrawQuestion } from './question.ts';

/**
 * The events a command causes, with what policy does and asks in consequence; or why it is refused. An empty list is a
 * command that was carried out before. Whoever appends them appends `settle` of the resulting state with them.
 */
export function decide(state: GoalState, command: GoalCommand, ctx: DecideContext): Decided {
  const primary = primaryEvents(state, command, ctx);
  if (!primary.ok || primary.value.length === 0) return primary;
  return ok([...primary.value, ...follow(foldNew(state, primary.value, ctx), ctx)]);
}

function primaryEvents(state: GoalState, command: GoalCommand, ctx: DecideContext): Decided {
  if (command.type === 'goal.open') {
    return state.exists ? refuse('goal.exists', 'This goal was opened already.') : openGoal(command.opened);
  }
  if (!state.exists) return refuse('goal.unknown', 'There is no such goal.');
  if (state.concluded) return refuse('goal.concluded', 'This goal has ended; nothing can be added to it.');
  return decideOpen(state, command, ctx);
}

function decideOpen(
  state: OpenGoal,
  command: Exclude<GoalCommand, { type: 'goal.open' }>,
  ctx: DecideContext,
): Decided {
  switch (command.type) {
    case 'goal.pause':
      return pauseGoal(state);
    case 'goal.resume':
      return resumeGoal(state);
    case 'goal.retry':
      return retryGoal(state);
    case 'goal.cancel':
      return cancelGoal(state);
    case 'goal.accept':
      return acceptResult(state, command.commit, command.note);
    case 'goal.reject':
      return rejectResult(state, command);
    case 'goal.extend_budget':
      return extendBudget(state, command.added);
    case 'goal.note':
      return writeNote(state, command.text, ctx);
    case 'note.deliver':
      return deliverNote(state, command);
    case 'question.answer':
      return answerQuestion(state, command, ctx);
    case 'question.ask':
      return askQuestion(state, command, ctx);
    case 'question.withdraw':
      return withdrawQuestion(state, command);
    case 'task.propose':
      return proposeTask(state, command);
    case 'claim.make':
      return makeClaim(state, command);
    case 'attempt.begin':
      return beginAttempt(state, command, ctx);
    case 'attempt.renew':
      return renewAttempt(state, command, ctx);
    case 'attempt.report':
      return reportAttempt(state, command, ctx);
    case 'attempt.lose':
      return loseAttempt(state, command, ctx);
    case 'conversation.open':
      return openConversation(state, command);
    case 'budget.spend':
      return spendBudget(state, command);
    case 'proof.issue':
      return ok(state.proof?.digest === command.proof.digest ? [] : [event('proof.issued', command.proof)]);
    case 'project.report_change': {
      const what = command.what.slice(0, 20).map((line) => line.slice(0, 500));
      const breach = command.breach.slice(0, 20).map((line) => line.slice(0, 100));
      const byOperator = command.byOperator || changesAreTheirs(state);
      return ok([event('project.changed', { what, byOperator, ...(breach.length > 0 && { breach }) })]);
    }
  }
}

/**
 * The stop or the conclusion a goal has come to, when nothing is in flight, nothing can be planned and the log does not say
 * so yet. Appended in the same transaction as the events that led here, so that every run ends with exactly one.
 */
export function settle(state: GoalState): readonly NewEvent[] {
  if (!state.exists || state.concluded) return [];
  const end = conclusion(state);
  if (end) {
    const pointless = openQuestions(state).map(({ questionId }) =>
      event('question.withdrawn', { questionId, reason: 'The goal has ended.' }),
    );
    return [
      ...pointless,
      event('goal.concluded', { status: end.status, reasons: [...end.reasons].slice(0, 50) }),
    ];
  }
  const stopped = stop(state);
  if (!stopped || saysSo(state, stopped)) return [];
  return [event('goal.stopped', { status: stopped.status, reasons: [...stopped.reasons].slice(0, 50) })];
}

const saysSo = (state: OpenGoal, { status, reasons }: NonNullable<ReturnType<typeof stop>>): boolean =>
  state.stopped !== null &&
  canonicalJson([state.stopped.status, state.stopped.reasons]) ===
    canonicalJson([status, reasons.slice(0, 50)]);
