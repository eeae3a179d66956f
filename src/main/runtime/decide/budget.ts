import { extendedBudget, hasUsage } from '../../../shared/goal/budget.ts';
import type { GoalCommand } from '../../../shared/goal/commands.ts';
import { event } from '../../../shared/goal/events.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import type { Budget } from '../../../shared/goal/vocabulary.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { refuse } from './context.ts';
import type { Decided } from './context.ts';

export function extendBudget(state: OpenGoal, added: Budget): Decided {
  if (!added.timeMs && !added.tokens && !added.usd) {
    return refuse('budget.nothing_added', 'Say how much time, tokens or money to add.');
  }
  return ok([event('budget.extended', { added, total: extendedBudget(state, added) })]);
}

/** Spend is real even when its attempt has ended since; a usage id that was seen before is not spent twice. */
export function spendBudget(state: OpenGoal, spent: Extract<GoalCommand, { type: 'budget.spend' }>): Decided {
  const { type: _, ...payload } = spent;
  if (!state.attempts.some((one) => one.attemptId === spent.attemptId)) {
    return refuse('attempt.unknown', 'This goal has no such attempt.');
  }
  return ok(hasUsage(state, spent.usageId) ? [] : [event('budget.spent', payload)]);
}
