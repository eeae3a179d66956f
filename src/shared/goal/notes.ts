import { isConcluding } from './next-step.ts';
import type { Note, OpenGoal } from './state.ts';

export const noteLimits = {
  characters: 8_000,
  /** Not told yet: each of them goes into the next prompt whole. */
  waiting: 10,
  /** Of one goal. */
  all: 200,
} as const;

/** Notes that no agent was told of yet, oldest first. Notes are told in order, so these are the newest of all. */
export const waitingNotes = (notes: readonly Note[]): readonly Note[] =>
  notes.filter((one) => one.told === null);

/** An agent may still come to work on this goal, so that a note to it is not said into the void. */
export const takesNotes = (state: OpenGoal): boolean =>
  !state.concluded && !state.cancelRequested && !state.accepted && !isConcluding(state);
