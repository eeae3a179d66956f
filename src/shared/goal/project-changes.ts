import { openQuestions } from './questions.ts';
import type { Answered } from './questions.ts';
import type { AskedQuestion, OpenGoal } from './state.ts';
import type { Reason } from './vocabulary.ts';

const isAboutProject = ({ question }: AskedQuestion): boolean => question.kind === 'project.changed';

const answers = (state: OpenGoal): readonly Answered[] =>
  state.questions
    .filter(isAboutProject)
    .flatMap(({ state: answer }) => (answer.type === 'answered' ? [answer] : []));

/** A person said that what changes outside the goal is theirs: they are asked that once. */
export const changesAreTheirs = (state: OpenGoal): boolean =>
  answers(state).some((one) => one.choice === 'mine');

/**
 * What may have been an agent's doing while nothing confined it, and nobody has said whose it is; `asked` once the person can
 * read it. One question at a time, however much changes meanwhile.
 */
export function doubtedChange(
  state: OpenGoal,
): { readonly asked: boolean; readonly what: readonly string[] } | null {
  if (changesAreTheirs(state)) return null;
  const doubted = state.projectChanges.filter((one) => !one.byOperator && one.what.length > 0);
  const last = doubted.at(-1);
  if (!last) return null;
  const what = [...new Set(doubted.flatMap((one) => one.what))];
  const settled = answers(state).some((one) => one.version > last.version);
  return settled ? null : { asked: openQuestions(state).some(isAboutProject), what };
}

/** Reasons to trust nothing of this try: somebody reached into the project, by no act of omk. A retry by a person clears them. */
export function projectBreach(state: OpenGoal): readonly Reason[] {
  const parts = state.projectChanges
    .filter((one) => one.version > state.marks.wave)
    .flatMap((one) => one.breach ?? []);
  const disowned = answers(state).some((one) => one.choice === 'not_mine' && one.version > state.marks.wave);
  return [...(parts.length > 0 ? [breached([...new Set(parts)])] : []), ...(disowned ? [notTheirs] : [])];
}

const breached = (parts: readonly string[]): Reason => ({
  code: 'project.breached',
  message: `While an agent worked that nothing confines, the project’s ${parts.join(', ')} changed, by no act of omk. Look at it, put it right, then retry.`,
});

const notTheirs: Reason = {
  code: 'project.breached',
  message:
    'Files outside the goal changed while an agent worked that nothing confines, and you say not by you. Put them right, then retry.',
};
