import { useCallback } from 'react';
import { findingsAsComments } from '../../../shared/goal/review-view.ts';
import { useApp } from '../../app-context.ts';
import { commentsOf, setComment } from '../../stores/ui.ts';
import type { GoalView } from '../../ui/goal-view.ts';

/**
 * Writes findings down as comments a person has not sent yet, beside those already there, and opens the rejection with what belongs
 * to no line. `null` where nothing can be sent back now.
 */
export function useSendFindings(view: GoalView, open: (reason: string) => void): (() => void) | null {
  const { ui } = useApp();
  const { state, frozen } = view;
  const send = useCallback((): void => {
    const { comments, reason } = findingsAsComments(state);
    const own = commentsOf(ui.getState(), state.goalId);
    for (const comment of comments) {
      const there = own.some(
        (one) => one.file === comment.file && one.line === comment.line && one.side === comment.side,
      );
      if (!there) setComment(ui, state.goalId, comment);
    }
    open(reason);
  }, [open, state, ui]);
  const decidable = state.concluded === null && state.accepted === null && state.candidates.length > 0;
  return decidable && !frozen ? send : null;
}
