import { readingSince } from './reading.ts';
import type { OpenGoal, Verification } from './state.ts';
import type { Remark } from './vocabulary.ts';
import { attemptWork } from './work.ts';
import type { Work } from './work.ts';

/** What another session of the agent thought of a result. Nothing is decided by it. */
export type SecondOpinion =
  | {
      readonly type: 'assessed';
      readonly remarks: readonly Remark[];
      readonly summary: string;
      readonly partial: boolean;
    }
  | { readonly type: 'not_assessed'; readonly why: string }
  | { readonly type: 'due' };

/** `null`: nobody wanted one. An answer that was none is no opinion, never a good one. */
export function secondOpinion(state: OpenGoal, verification: Verification): SecondOpinion | null {
  if (state.opened.policy.review === 'none') return null;
  const review = state.reviews.findLast(
    (one) => one.commit === verification.commit && one.tree === verification.tree,
  );
  if (review) {
    const { remarks, summary, partial } = review;
    return { type: 'assessed', remarks, summary, partial };
  }
  const reading = readingSince(state, 'review', verification.version);
  return reading.type === 'wanted' ? { type: 'due' } : { type: 'not_assessed', why: reading.why };
}

/** The session that has to be waited for before anybody is asked to accept; `null` when there is none. */
export const reviewWork = (state: OpenGoal, verification: Verification): Work | null =>
  secondOpinion(state, verification)?.type === 'due'
    ? attemptWork(state, 'review', verification.version)
    : null;
