import { evolve } from '../../../shared/goal/evolve.ts';
import type { Rejection } from '../../../shared/goal/commands.ts';
import type { NewEvent } from '../../../shared/goal/events.ts';
import type { GoalState } from '../../../shared/goal/state.ts';
import type { Actor, Question } from '../../../shared/goal/vocabulary.ts';
import { CommandId, GoalId, QuestionId } from '../../../shared/kernel/ids.ts';
import type { Digest } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { err } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';

/** What a decision needs from outside, as values: it has no clock, no randomness and no hash of its own. */
export type DecideContext = {
  /** ms since the epoch. */
  readonly now: number;
  readonly actor: Actor;
  /** A fresh id of lower-case letters, digits and dashes, at most 60 characters. */
  readonly nextId: () => string;
  /** SHA-256 of the UTF-8 text. */
  readonly digest: (text: string) => Digest;
};

export type Decided = Result<readonly NewEvent[], Rejection>;

export const refuse = (code: Rejection['code'], message: string, more: Partial<Rejection> = {}): Decided =>
  err({ code, message, ...more });

export const mintQuestionId = (ctx: DecideContext): QuestionId =>
  QuestionId.parse(`question-${ctx.nextId()}`);

/** Digest over exactly what is asked; an answer that names another one is refused. */
export function sealQuestion(asked: Omit<Question, 'digest'>, ctx: DecideContext): Question {
  return { ...asked, digest: ctx.digest(canonicalJson(asked)) };
}

const unsaved = {
  goalId: GoalId.parse('goal-19700101-000000-000-00000000'),
  commandId: CommandId.parse('undecided'),
};

/** The state as it will be with these events; `evolve` reads nothing of what is made up here into anything decided. */
export function foldNew(
  state: GoalState,
  events: readonly NewEvent[],
  ctx: Pick<DecideContext, 'now' | 'actor'> & {
    /** Of a goal that is only being opened; matters where more than decisions is made of the state. */
    readonly goalId?: GoalId;
  },
): GoalState {
  return events.reduce((before: GoalState, event, index) => {
    const version = before.exists ? before.version + 1 : index + 1;
    return evolve(before, {
      ...event,
      position: before.exists ? before.position + 1 : 1,
      goalId: before.exists ? before.goalId : (ctx.goalId ?? unsaved.goalId),
      version,
      eventId: `undecided-${version}`,
      at: ctx.now,
      actor: ctx.actor,
      commandId: unsaved.commandId,
      causationId: null,
    });
  }, state);
}
