import { event } from '../../../shared/goal/events.ts';
import type { Payload } from '../../../shared/goal/events.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import { titleOf } from '../../../shared/goal/testability.ts';
import { mayRecheck, mayRetry } from '../../../shared/goal/verdict.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { refuse } from './context.ts';
import type { Decided } from './context.ts';

/** The title is derived here, so that every client shows the same one. */
export const openGoal = (opened: Payload<'goal.opened'>): Decided =>
  ok([event('goal.opened', { ...opened, title: titleOf(opened.text) })]);

export function pauseGoal(state: OpenGoal): Decided {
  if (state.cancelRequested) return refuse('goal.concluded', 'This goal is being cancelled.');
  if (state.paused) return refuse('goal.already_paused', 'This goal is paused already.');
  return ok([event('goal.paused', {})]);
}

/** Also looks again at what blocked a goal from outside. */
export function resumeGoal(state: OpenGoal): Decided {
  if (state.cancelRequested) return refuse('goal.concluded', 'This goal is being cancelled.');
  if (!state.paused && !mayRecheck(state)) return refuse('goal.not_paused', 'This goal is not paused.');
  return ok([event('goal.resumed', {})]);
}

export function retryGoal(state: OpenGoal): Decided {
  if (!mayRetry(state)) {
    return refuse(
      'goal.not_retryable',
      'There is nothing to retry now. Answer what is open, or extend the budget.',
    );
  }
  return ok([event('goal.retried', {})]);
}

/** Asking twice is asking once. */
export const cancelGoal = (state: OpenGoal): Decided =>
  ok(state.cancelRequested ? [] : [event('goal.cancel_requested', {})]);
