import { createContext, use } from 'react';
import { takesNotes } from '../../shared/goal/notes.ts';
import type { OpenGoal } from '../../shared/goal/state.ts';
import type { GoalData } from '../stores/goal.ts';

/** What every part of a goal's screen is given. */
export type GoalView = {
  /** As it is now, or as it was at the moment a person travelled to. */
  readonly state: OpenGoal;
  readonly data: GoalData;
  /** Set when looking at the past: nothing can be done there. */
  readonly past: { readonly version: number; readonly at: number } | null;
  /** Goes to how things stood at a version; `null` comes back to now. */
  readonly travel: (version: number | null) => void;
  /** Nothing can be changed: past, not connected, or a log that cannot be trusted. */
  readonly frozen: boolean;
};

/** A note to the agent would be taken. */
export const mayWrite = ({ state, frozen }: GoalView): boolean => !frozen && takesNotes(state);
/** The field in which it is written. */
export const NOTE_ID = 'note-text';

/** Where a part of the screen may put its own tools: at the end of the row of tabs. */
export const TabTools = createContext<HTMLElement | null>(null);
export const useTabTools = (): HTMLElement | null => use(TabTools);
