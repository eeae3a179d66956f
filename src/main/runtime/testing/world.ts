import type { AttemptResult, GoalCommand, Rejection } from '../../../shared/goal/commands.ts';
import { evolve } from '../../../shared/goal/evolve.ts';
import type { GoalEvent, NewEvent } from '../../../shared/goal/events.ts';
import { noGoal } from '../../../shared/goal/state.ts';
import type { AskedQuestion, Attempt, GoalState, OpenGoal } from '../../../shared/goal/state.ts';
import type { Actor, Failure, GoalPolicy, QuestionKind } from '../../../shared/goal/vocabulary.ts';
import { AttemptId, CommandId } from '../../../shared/kernel/ids.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { decide, settle } from '../decide/index.ts';
import { plan } from '../plan.ts';
import { digestOf, goalId, happyResult, openedWith, slice, someFailure } from './results.ts';

/** What the world under test consists of; a mutant replaces one of them. */
export type Core = {
  readonly decide: typeof decide;
  readonly settle: typeof settle;
  readonly evolve: typeof evolve;
  readonly plan: typeof plan;
};
export const realCore: Core = { decide, settle, evolve, plan };

/**
 * A host in memory: decides, settles, appends, folds. No store and no clock, so a test reaches any moment at once. It keeps
 * the log, which is what everything is judged by.
 */
export class World {
  readonly log: GoalEvent[] = [];
  state: GoalState = noGoal;
  now = 1_767_268_800_000;
  readonly core: Core;
  private ids = 0;
  private commands = 0;

  constructor(core: Core = realCore) {
    this.core = core;
  }

  get goal(): OpenGoal {
    if (!this.state.exists) throw new Error('No goal was opened.');
    return this.state;
  }

  nextId(): string {
    this.ids += 1;
    return `id-${this.ids}`;
  }

  /** As the engine does it: decide, settle, one append. */
  send(command: GoalCommand, actor: Actor = 'operator'): Result<readonly GoalEvent[], Rejection> {
    const decided = this.core.decide(this.state, command, {
      now: this.now,
      actor,
      nextId: () => this.nextId(),
      digest: digestOf,
    });
    if (!decided.ok) return decided;
    this.commands += 1;
    const added = [...this.append(decided.value, actor)];
    added.push(...this.append(this.core.settle(this.state), actor));
    return { ok: true, value: added };
  }

  append(events: readonly NewEvent[], actor: Actor): readonly GoalEvent[] {
    const commandId = CommandId.parse(`command-${this.commands}`);
    return events.map((one) => {
      const version = this.log.length + 1;
      const event: GoalEvent = {
        ...one,
        position: version,
        goalId,
        version,
        eventId: `event-${version}`,
        at: this.now,
        actor,
        commandId,
        causationId: null,
      };
      this.log.push(event);
      this.state = this.core.evolve(this.state, event);
      return event;
    });
  }

  /** Sends what must not be refused. */
  must(command: GoalCommand, actor: Actor = 'operator'): this {
    const sent = this.send(command, actor);
    if (!sent.ok) throw new Error(`${command.type} was refused: ${sent.error.code}: ${sent.error.message}`);
    return this;
  }

  due(): readonly { readonly kind: Attempt['kind']; readonly taskId: string | null }[] {
    return this.core
      .plan(this.state, this.now, { agents: 16, gates: 16 })
      .flatMap((one) => (one.type === 'start' ? [{ kind: one.kind, taskId: one.taskId }] : []));
  }

  /** Begins the one attempt that is due and says which it is. */
  begin(): Attempt {
    const [next] = this.due();
    if (!next) throw new Error('Nothing is due.');
    const attemptId = AttemptId.parse(`attempt-${this.nextId()}`);
    this.must({ type: 'attempt.begin', attemptId, ...next }, 'host');
    return this.attempt(attemptId);
  }

  attempt(attemptId: AttemptId): Attempt {
    const attempt = this.goal.attempts.find((one) => one.attemptId === attemptId);
    if (!attempt) throw new Error('No such attempt.');
    return attempt;
  }

  finish({ attemptId, fence }: Attempt, result: AttemptResult): this {
    return this.must(
      { type: 'attempt.report', attemptId, fence, outcome: { type: 'finished', result, evidence: [] } },
      'host',
    );
  }

  fail({ attemptId, fence }: Attempt, failure: Partial<Failure>): this {
    return this.must(
      {
        type: 'attempt.report',
        attemptId,
        fence,
        outcome: { type: 'failed', failure: { ...someFailure, ...failure }, evidence: [] },
      },
      'host',
    );
  }

  lose(
    { attemptId }: Attempt,
    reason: 'host_restarted' | 'lease_expired' | 'interrupted' = 'host_restarted',
  ): this {
    return this.must({ type: 'attempt.lose', attemptId, reason }, 'host');
  }

  /** Carries out what is due, as a world in which everything goes well, until `kind` is due or nothing is. */
  driveTo(kind: Attempt['kind'] | null, name = 'fix'): this {
    for (let step = 0; step < 30; step += 1) {
      const [next] = this.due();
      if (!next || next.kind === kind) return this;
      const attempt = this.begin();
      this.finish(attempt, happyResult(this.goal, attempt, name));
    }
    throw new Error('The goal does not come to rest.');
  }

  /** The open question of this kind. */
  question(kind: QuestionKind): AskedQuestion {
    const asked = this.goal.questions.find((one) => one.question.kind === kind && one.state.type === 'open');
    if (!asked) throw new Error(`There is no open question ${kind}.`);
    return asked;
  }

  answer(kind: QuestionKind, said: { choice?: string; text?: string }): this {
    const { questionId, question } = this.question(kind);
    const { choice = null, text = null } = said;
    return this.must({ type: 'question.answer', questionId, choice, text, digest: question.digest });
  }

  /** Runs the agent once and finishes with this slice. */
  deliver(name: string): this {
    this.driveTo('agent');
    return this.finish(this.begin(), slice(name));
  }

  types(): readonly string[] {
    return this.log.map((one) => one.type);
  }
}

/** A goal that was opened with this policy; the usual start of a test. */
export const openGoal = (
  policy: Partial<GoalPolicy> = {},
  more: Parameters<typeof openedWith>[1] = {},
): World => new World().must({ type: 'goal.open', opened: openedWith(policy, more) });
