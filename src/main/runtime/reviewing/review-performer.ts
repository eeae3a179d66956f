import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { Bug } from '../../../shared/kernel/bug.ts';
import type { Performer } from '../performer.ts';
import { readInSession } from '../performers/reading-session.ts';
import type { ReadingDeps } from '../performers/reading-session.ts';
import { numberPatch } from './number-patch.ts';
import { readReview } from './read-review.ts';
import type { ReadReview } from './read-review.ts';
import { reviewPrompt } from './review-prompt.ts';

/** What one prompt can hold; a longer diff is shown as far as whole lines go, and the review says so. */
const mostPatchBytes = 120_000;

/**
 * One session that has seen nothing of the work reads the diff of the result that passed. An answer that is no review is none;
 * nobody asks twice. Dying in between leaves a folder that the next reading session of the goal removes.
 */
export function reviewPerformer(deps: ReadingDeps): Performer {
  return async (context) => {
    const { goal } = context;
    const verification = goal.verifications.at(-1);
    if (!goal.base || !verification) throw new Bug('A review was due before anything was verified.');
    const { commit, tree } = verification;
    const diff = await deps.workspaces.diff({
      goalId: goal.goalId,
      from: goal.base.tree,
      to: tree,
      maxPatchBytes: 4 * mostPatchBytes,
    });
    if (!diff.ok) return { type: 'failed', failure: diff.error, evidence: [] };
    const { patch } = diff.value;
    const shown =
      patch.length <= mostPatchBytes ? patch : patch.slice(0, patch.lastIndexOf('\n', mostPatchBytes));
    const partial = diff.value.truncated || shown.length < patch.length;
    const { lines, numbered } = numberPatch(shown);
    for (const { path } of diff.value.files) if (!lines.has(path)) lines.set(path, new Set());
    let review: ReadReview | null = null;
    let problem = '';
    const read = await readInSession(deps, context, {
      tree,
      label: 'reviews',
      first: reviewPrompt(goal, verification, { patch: numbered, partial }),
      next(answer) {
        const found = readReview(answer, lines);
        if (found.ok) review = found.value;
        else problem = found.error;
        return null;
      },
    });
    const { evidence } = read;
    if (review !== null) {
      const said = { commit, tree, partial, ...(review as ReadReview) };
      return { type: 'finished', result: { kind: 'review', review: said }, evidence };
    }
    if (read.type === 'interrupted') return { type: 'interrupted' };
    return { type: 'failed', failure: read.failure ?? noReview(problem), evidence };
  };
}

const noReview = (problem: string): Failure => ({
  code: 'review.invalid',
  message: `The answer of the agent was no review. ${problem}`.trim().slice(0, 2_000),
  retry: 'never',
  blame: 'agent',
});
