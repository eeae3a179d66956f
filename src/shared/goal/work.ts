import { dueOf } from './attempts.ts';
import type { Halt } from './attempts.ts';
import { questionSince } from './questions.ts';
import type { Attempt, OpenGoal } from './state.ts';
import type { AttemptKind, Failure, QuestionKind } from './vocabulary.ts';

/** The code of an attempt whose agent said that what is asked cannot be done. */
export const cannotBeDone = 'agent.cannot_be_done';

export type StartIntent = {
  readonly type: 'start';
  readonly kind: AttemptKind;
  readonly taskId: string | null;
};
/** What should be in flight: attempts to begin, and live ones to go on with. */
export type Intent =
  | StartIntent
  | {
      readonly type: 'continue';
      readonly kind: AttemptKind;
      readonly taskId: string | null;
      readonly attemptId: Attempt['attemptId'];
      readonly fence: number;
    };

/** A question that has to be asked now. `failure` is what the person is asked to put right. */
export type Ask = { readonly kind: QuestionKind; readonly failure?: Failure };
/** What policy does by itself. */
export type Act = 'trust' | 'propose_plan' | 'accept_plan' | 'accept';

/** Everything that follows from the state alone: what should run, what to ask, what policy does, and why nothing more can. */
export type Work = {
  readonly intents: readonly Intent[];
  readonly ask: Ask | null;
  readonly act: Act | null;
  readonly halts: readonly Halt[];
};

export const nothing: Work = { intents: [], ask: null, act: null, halts: [] };
export const asking = (ask: Ask): Work => ({ ...nothing, ask });
export const acting = (act: Act): Work => ({ ...nothing, act });
export const halting = (...halts: readonly Halt[]): Work => ({ ...nothing, halts });

/** One attempt of omk's own kinds: begin it, go on with it, ask a person about it, or say why it cannot be. */
export function attemptWork(
  state: OpenGoal,
  kind: AttemptKind,
  cause: number,
  taskId: string | null = null,
): Work {
  const due = dueOf(state, kind, taskId, cause);
  switch (due.type) {
    case 'due':
      return { ...nothing, intents: [{ type: 'start', kind, taskId }] };
    case 'in_flight': {
      const { attemptId, fence } = due.attempt;
      return { ...nothing, intents: [{ type: 'continue', kind, taskId, attemptId, fence }] };
    }
    case 'busy':
      return nothing;
    case 'halted':
      return halting(due.halt);
    case 'person': {
      const asked = askedAbout(kind, due.failure);
      const answer = questionSince(state, asked, due.attempt.endedVersion ?? 0);
      if (answer.type === 'answered') return { ...nothing, intents: [{ type: 'start', kind, taskId }] };
      return asking({ kind: asked, failure: due.failure });
    }
  }
}

/** An agent that says the goal cannot be reached is answered; everything else is tried again. */
function askedAbout(kind: AttemptKind, failure: Failure): QuestionKind {
  if (kind === 'land') return 'landing.refused';
  return failure.code === cannotBeDone ? 'goal.impossible' : 'person.needed';
}
