import type { Attempt, OpenGoal } from '../../shared/goal/state.ts';
import type { GoalCommand } from '../../shared/goal/commands.ts';
import { drivesAgent } from '../../shared/goal/vocabulary.ts';
import type { AttemptKind, Question } from '../../shared/goal/vocabulary.ts';
import type { AttemptId, Digest, GoalId } from '../../shared/kernel/ids.ts';
import { AttemptId as AttemptIdSchema, CommandId } from '../../shared/kernel/ids.ts';
import { Bug } from '../../shared/kernel/bug.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import type { Signal } from '../../shared/signals.ts';
import { askPerson } from './ask-person.ts';
import type { Engine } from './engine.ts';
import type { Answer, Kept, Performer, Report } from './performer.ts';
import { personNotes } from './person-notes.ts';
import { recoverWith } from './recover.ts';
import { repeat } from './repeat.ts';
import { brokenPromise, reportCommand, spendCommand } from './report-command.ts';
import { nextWake, plan, surplus } from './plan.ts';
import type { Clock, Ids, Log, Reserve, Timers } from './ports.ts';
import { isNotWritten, notRecorded, outcomeRecorder, REWRITE_MS } from './record-outcome.ts';
import { createSignalTail } from './signal-tail.ts';

export interface Runner {
  /** Gives every attempt an earlier host left in flight its outcome, then starts what is due. */
  start(): void;
  /** Ends live turns of this goal that wait for an answer; the question stays open and its answer goes to the next turn. */
  park(goalId: GoalId): void;
  /** Resolves once nothing is in flight and nothing is due for any goal. */
  settled(): Promise<void>;
  /** Starts nothing any more, interrupts what runs, waits for it to end. */
  stop(): Promise<void>;
  tail(attemptId: AttemptId): readonly Signal[];
}

type Live = {
  readonly attempt: Attempt;
  readonly controller: AbortController;
  waiting: number;
  /** What the log did not take, in order; written before the outcome. */
  readonly unwritten: { readonly command: GoalCommand; readonly message: string }[];
  readonly tail: ReturnType<typeof createSignalTail>;
};

/** Half the lease: one missed renewal is survived. */
const RENEW_MS = 60_000;

export function createRunner(deps: {
  readonly engine: Engine;
  readonly performers: Readonly<Record<AttemptKind, Performer>>;
  /** What an attempt of an earlier host left that is worth starting from. Never rejects. */
  readonly salvage: (goal: OpenGoal, attempt: Attempt) => Promise<Kept | null>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  readonly reserve: Reserve;
  readonly digest: (text: string) => Digest;
  readonly log: Log;
  readonly onSignal: (signal: Signal) => void;
  /** A question nobody answers for so long ends its live turn. */
  readonly parkAfterMs: number;
  readonly capacity: { readonly agents: number; readonly gates: number };
}): Runner {
  const { engine, clock, ids, timers, log } = deps;
  const live = new Map<GoalId, Map<AttemptId, Live>>();
  const running = new Set<Promise<void>>();
  const tails = new Map<AttemptId, readonly Signal[]>();
  const idle = new Set<() => void>();
  const due = new Set<GoalId>();
  let stopping = false;
  let cancelWake: (() => void) | null = null;
  let scheduled = false;

  const commandId = (): CommandId => CommandId.parse(ids.uuid());
  const asHost = (goalId: GoalId, command: GoalCommand, actor: 'host' | 'agent' = 'host') =>
    engine.execute(goalId, command, { actor, commandId: commandId() });

  const record = outcomeRecorder({
    execute: asHost,
    reserve: deps.reserve,
    timers,
    log,
    stopping: () => stopping,
  });

  const liveOf = (goalId: GoalId): Map<AttemptId, Live> => {
    const known = live.get(goalId) ?? new Map<AttemptId, Live>();
    live.set(goalId, known);
    return known;
  };

  const perform = async (goal: OpenGoal, one: Live): Promise<void> => {
    const { attempt, controller } = one;
    const { attemptId, fence } = attempt;
    const goalId = goal.goalId;
    const tell = (command: GoalCommand): void => {
      const done = asHost(goalId, command);
      if (done.ok || !isNotWritten(done)) return;
      one.unwritten.push({ command, message: done.error.message });
      controller.abort('not_recorded');
    };
    const stopRenewing = repeat(timers, RENEW_MS, () => tell({ type: 'attempt.renew', attemptId, fence }));
    let report: Report;
    try {
      report = await deps.performers[attempt.kind]({
        goal,
        attempt,
        signal: controller.signal,
        progress: (label, done, total) =>
          signal(one, {
            type: 'activity',
            goalId,
            attemptId: attempt.attemptId,
            label,
            silentMs: 0,
            done,
            total,
          }),
        emit: (observed) => signal(one, observed),
        spend: (o) => tell(spendCommand(attempt, o)),
        remember: (conversationId, prompt) => {
          tell({ type: 'conversation.open', attemptId, fence, conversationId, prompt });
        },
        note(note) {
          const done = asHost(goalId, { ...note, attemptId, fence }, 'agent');
          return done.ok ? ok(null) : err({ message: done.error.message });
        },
        notes: personNotes(engine, goalId, attempt, tell),
        projectChanged: (change) => record(goalId, { type: 'project.report_change', ...change }),
        ask: (question, abort) => ask(goalId, one, question, abort),
      });
    } catch (cause) {
      log.error('A performer broke its promise.', { goalId, kind: attempt.kind, cause: String(cause) });
      report = brokenPromise(cause);
    }
    stopRenewing();
    for (const { command } of one.unwritten) await record(goalId, command);
    const [first] = one.unwritten;
    if (first !== undefined && report.type === 'interrupted')
      report = { ...report, type: 'failed', failure: notRecorded(first.message), evidence: [] };
    await record(goalId, reportCommand(attempt, report));
    tails.set(attempt.attemptId, one.tail.read());
    if (tails.size > 50) tails.delete([...tails.keys()][0] ?? attempt.attemptId);
    liveOf(goalId).delete(attempt.attemptId);
    schedule(goalId);
  };

  const signal = (one: Live, observed: Signal): void => {
    one.tail.push(observed);
    deps.onSignal(observed);
  };

  const ask = (
    goalId: GoalId,
    one: Live,
    asked: Omit<Question, 'digest'>,
    abort: AbortSignal,
  ): Promise<Answer | null> => {
    const { attempt } = one;
    return askPerson(deps, {
      goalId,
      asked,
      abort,
      record: (questionId, question) =>
        asHost(
          goalId,
          { type: 'question.ask', questionId, attemptId: attempt.attemptId, fence: attempt.fence, question },
          'agent',
        ).ok,
      waiting: () => {
        one.waiting += 1;
        const cancelPark = timers.after(deps.parkAfterMs, () => one.controller.abort('parked'));
        return () => {
          cancelPark();
          one.waiting -= 1;
        };
      },
    });
  };

  const tick = (goalId: GoalId): void => {
    const state = engine.state(goalId);
    if (stopping || !state.exists || engine.readOnly(goalId) !== null) return;
    const mine = liveOf(goalId);
    for (const attempt of state.attempts) {
      // In the log but not in this process: an earlier host started it and died.
      if (attempt.outcome.type === 'in_flight' && !mine.has(attempt.attemptId)) {
        recover(state, attempt);
        return;
      }
    }
    for (const { attemptId } of surplus(state)) {
      const why = state.cancelRequested ? 'cancelled' : state.paused ? 'paused' : 'not_wanted';
      mine.get(attemptId)?.controller.abort(why);
    }
    if (state.paused || state.cancelRequested || state.concluded) return;
    for (const intent of plan(state, clock.now(), free())) {
      if (intent.type === 'expire') {
        mine.get(intent.attemptId)?.controller.abort('lease_expired');
        void record(goalId, { type: 'attempt.lose', attemptId: intent.attemptId, reason: 'lease_expired' });
        return;
      }
      begin(goalId, intent.kind, intent.taskId);
    }
  };

  const recover = recoverWith({
    salvage: deps.salvage,
    lose: (goalId, attemptId, kept) =>
      record(goalId, {
        type: 'attempt.lose',
        attemptId,
        reason: 'host_restarted',
        ...(kept !== null && { kept }),
      }),
    running,
  });

  const begin = (goalId: GoalId, kind: AttemptKind, taskId: string | null): void => {
    const attemptId = AttemptIdSchema.parse(`attempt-${ids.uuid()}`);
    deps.reserve.hold();
    const begun = asHost(goalId, { type: 'attempt.begin', attemptId, kind, taskId });
    if (!begun.ok) {
      log.info('An attempt was not begun.', { goalId, kind, code: begun.error.code });
      if (begun.error.code === 'log.not_written') timers.after(REWRITE_MS, () => schedule(goalId));
      return;
    }
    const goal = engine.state(goalId);
    const attempt = goal.exists ? goal.attempts.find((one) => one.attemptId === attemptId) : undefined;
    if (!goal.exists || !attempt) throw new Bug('A begun attempt is not in its goal.', { goalId, attemptId });
    const one: Live = {
      attempt,
      controller: new AbortController(),
      waiting: 0,
      unwritten: [],
      tail: createSignalTail(),
    };
    liveOf(goalId).set(attemptId, one);
    const work = perform(goal, one);
    running.add(work);
    void work.finally(() => running.delete(work));
  };

  const free = (): { agents: number; gates: number } => {
    let { agents, gates } = deps.capacity;
    for (const attempts of live.values()) {
      for (const { attempt } of attempts.values()) {
        if (drivesAgent(attempt.kind)) agents -= 1;
        else gates -= 1;
      }
    }
    return { agents: Math.max(0, agents), gates: Math.max(0, gates) };
  };

  const wakeLater = (): void => {
    cancelWake?.();
    cancelWake = null;
    if (stopping) return;
    const now = clock.now();
    const times = engine.goals().map((goalId) => {
      const state = engine.state(goalId);
      return state.exists ? nextWake(state, now) : null;
    });
    const soonest = times.filter((time) => time !== null).toSorted((a, b) => a - b)[0];
    if (soonest === undefined) return;
    cancelWake = timers.after(Math.max(50, soonest - now), () => engine.goals().forEach(schedule));
  };

  /** Ticks run after the present call stack, so a commit listener never re-enters the engine. */
  const schedule = (goalId: GoalId): void => {
    due.add(goalId);
    if (scheduled) return;
    scheduled = true;
    timers.after(0, () => {
      scheduled = false;
      const batch = [...due];
      due.clear();
      for (const one of batch) tick(one);
      // Capacity that one goal gave back may be what another waits for.
      if (due.size === 0) {
        wakeLater();
        if (running.size === 0) for (const resolve of [...idle]) resolve();
      }
    });
  };

  return {
    start() {
      engine.onCommit((goalId) => schedule(goalId));
      // What it does can no longer be written down.
      engine.onFrozen((goalId) => {
        for (const one of liveOf(goalId).values()) one.controller.abort('frozen');
      });
      engine.goals().forEach(schedule);
    },
    park(goalId) {
      for (const one of liveOf(goalId).values()) if (one.waiting > 0) one.controller.abort('parked');
    },
    settled: () =>
      new Promise<void>((resolve) => {
        const check = (): void => {
          if (running.size > 0 || due.size > 0) return;
          idle.delete(check);
          resolve();
        };
        idle.add(check);
        timers.after(0, check);
      }),
    async stop() {
      stopping = true;
      cancelWake?.();
      for (const attempts of live.values())
        for (const one of attempts.values()) one.controller.abort('shutdown');
      await Promise.allSettled(running);
    },
    tail(attemptId) {
      for (const attempts of live.values()) {
        const one = attempts.get(attemptId);
        if (one) return one.tail.read();
      }
      return tails.get(attemptId) ?? [];
    },
  };
}
