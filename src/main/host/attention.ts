import type { GoalRow } from '../../shared/api/goals.ts';
import { GoalStatus } from '../../shared/goal/vocabulary.ts';
import { QuestionId } from '../../shared/kernel/ids.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import { inertLine } from '../../shared/safe-text.ts';
import { z } from 'zod';

/** What the person was told of one goal, or did. Kept across restarts, so that nothing is said twice. */
export const Seen = z.object({
  status: GoalStatus,
  /** Open ones that were told. An answered question never opens again, so it is forgotten. */
  questions: z.array(QuestionId),
  /** The person was asked to accept: what becomes of the goal then is the person's own doing. */
  deciding: z.boolean(),
});
export type Seen = z.infer<typeof Seen>;

/** One notification. */
export type Notice = {
  readonly goalId: GoalId;
  /** `null`: the goal stopped or finished. */
  readonly questionId: QuestionId | null;
  readonly title: string;
  readonly body: string;
};

/** Says how a goal ended or stopped where no question tells it. Its own person's acts (pause, cancel) are no news. */
const news: Partial<Record<GoalStatus, string>> = {
  ready: 'Ready',
  not_ready: 'Not ready',
  blocked_on_external: 'Blocked outside',
  needs_more_budget: 'Needs budget',
  failed_infra: 'Cannot be trusted',
};

/**
 * What to tell of a goal whose row is new or changed: each question once, each stop or finish once, turns never. `live`: it
 * happened now; what had already stopped before we first looked is old news, an open question is not.
 */
export function attend(
  before: Seen | undefined,
  row: GoalRow,
  live: boolean,
): { readonly seen: Seen; readonly notices: readonly Notice[] } {
  const notices: Notice[] = row.questions
    .filter((one) => before?.questions.includes(one.questionId) !== true)
    .map((one) => ({
      goalId: row.goalId,
      questionId: one.questionId,
      title: inertLine(one.question.title),
      body: inertLine(row.title),
    }));
  const word = news[row.status];
  const changed = before === undefined ? live : before.status !== row.status;
  const ownDoing = row.status === 'ready' && before?.deciding === true;
  if (word !== undefined && changed && !ownDoing) {
    notices.push({
      goalId: row.goalId,
      questionId: null,
      title: `${word}: ${inertLine(row.title)}`,
      body: inertLine(row.line),
    });
  }
  return {
    seen: {
      status: row.status,
      questions: row.questions.map((one) => one.questionId),
      deciding: row.questions.some((one) => one.question.kind === 'acceptance'),
    },
    notices,
  };
}

/** What the tray and the badge show. */
export type Summary = {
  readonly running: number;
  /** Goals with an open question, the one that waits longest first. */
  readonly waiting: readonly {
    readonly goalId: GoalId;
    readonly title: string;
    /** The oldest open one. */
    readonly questionId: QuestionId;
  }[];
};

export function summarise(rows: Iterable<GoalRow>): Summary {
  const all = [...rows];
  const waiting = all.flatMap((row) => {
    const [oldest] = row.questions.toSorted((a, b) => a.askedAt - b.askedAt);
    return oldest ? [{ row, oldest }] : [];
  });
  return {
    running: all.filter((row) => row.status === 'running').length,
    waiting: waiting
      .toSorted((a, b) => a.oldest.askedAt - b.oldest.askedAt)
      .map(({ row, oldest }) => ({
        goalId: row.goalId,
        title: inertLine(row.title),
        questionId: oldest.questionId,
      })),
  };
}
