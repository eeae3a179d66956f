import { evolve, foldGoal } from '../../shared/goal/evolve.ts';
import type { GoalCommand, Rejection } from '../../shared/goal/commands.ts';
import type { GoalEvent, NewEvent } from '../../shared/goal/events.ts';
import { goalRow } from '../../shared/goal/selectors.ts';
import { noGoal } from '../../shared/goal/state.ts';
import type { GoalState } from '../../shared/goal/state.ts';
import type { Actor } from '../../shared/goal/vocabulary.ts';
import type { CommandId, Digest, GoalId } from '../../shared/kernel/ids.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { foldNew } from './decide/context.ts';
import { decide, settle } from './decide/index.ts';
import type { Clock, EventStore, Ids, Log } from './ports.ts';

export type Executed = { readonly goalId: GoalId; readonly version: number };
export type Sender = { readonly actor: Actor; readonly commandId: CommandId; readonly causationId?: string };

/** After each commit, in order. `events` is never empty. */
export type CommitListener = (goalId: GoalId, events: readonly GoalEvent[], state: GoalState) => void;

export interface Engine {
  /**
   * The one way to change a goal: receipt, decide, one transaction, publish. Synchronous because the writer is. A command id
   * seen before answers as it did then and changes nothing.
   */
  execute(goalId: GoalId, command: GoalCommand, from: Sender): Result<Executed, Rejection>;
  state(goalId: GoalId): GoalState;
  events(goalId: GoalId, afterVersion: number): readonly GoalEvent[];
  /** Why this goal can only be read: its log is unreadable or was changed outside omk. */
  readOnly(goalId: GoalId): string | null;
  goals(): readonly GoalId[];
  onCommit(listener: CommitListener): () => void;
  /** Told once when a goal's log turns out to have been changed while this host works on it: nothing can be recorded any more. */
  onFrozen(listener: (goalId: GoalId, message: string) => void): () => void;
}

type Loaded = { state: GoalState; events: GoalEvent[]; readOnly: string | null };

export function createEngine(deps: {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly digest: (text: string) => Digest;
  readonly log: Log;
  /** Translates what the store throws into one sentence. */
  readonly storeProblem: (cause: unknown) => { readonly message: string; readonly tampered: boolean };
}): Engine {
  const loaded = new Map<GoalId, Loaded>();
  const listeners = new Set<CommitListener>();
  const frozen = new Set<(goalId: GoalId, message: string) => void>();
  const known = new Set<GoalId>(deps.store.goals().map((row) => row.goalId));

  const load = (goalId: GoalId): Loaded => {
    const cached = loaded.get(goalId);
    if (cached) return cached;
    const { events, unreadable } = deps.store.read(goalId, 0);
    const entry: Loaded = { state: foldGoal(events), events: [...events], readOnly: unreadable };
    if (known.has(goalId)) loaded.set(goalId, entry);
    return entry;
  };

  const write = (
    goalId: GoalId,
    entry: Loaded,
    events: readonly NewEvent[],
    receipt: string,
    from: Sender,
  ): Result<GoalState, Rejection> => {
    const at = deps.clock.now();
    const version = entry.state.exists ? entry.state.version : 0;
    const preview =
      events.length > 0 ? foldNew(entry.state, events, { now: at, actor: from.actor, goalId }) : entry.state;
    try {
      // Nothing is accepted or concluded on a log that anybody changed, also where its newest event is as we left it.
      if (events.some(({ type }) => type === 'goal.accepted' || type === 'goal.concluded')) {
        const { problem } = deps.store.verifyChain(goalId);
        if (problem !== null) return refuseAndFreeze(goalId, entry, problem);
      }
      const appended = deps.store.append({
        goalId,
        expectedVersion: version,
        events,
        at,
        actor: from.actor,
        commandId: from.commandId,
        causationId: from.causationId ?? null,
        receipt,
        row: events.length > 0 && preview.exists ? JSON.stringify(goalRow(preview, at)) : null,
      });
      if (!appended.ok)
        return refuseAndFreeze(goalId, entry, 'The log of this goal moved without this host. Restart omk.');
      for (const one of appended.value) entry.state = evolve(entry.state, one);
      entry.events.push(...appended.value);
      if (appended.value.length > 0) {
        known.add(goalId);
        loaded.set(goalId, entry);
        for (const listener of listeners) listener(goalId, appended.value, entry.state);
      }
      return ok(entry.state);
    } catch (cause) {
      const problem = deps.storeProblem(cause);
      deps.log.error('The log could not be written.', { goalId, problem: problem.message });
      if (problem.tampered) return refuseAndFreeze(goalId, entry, problem.message);
      return err({ code: 'log.not_written', message: problem.message });
    }
  };

  const refuseAndFreeze = (goalId: GoalId, entry: Loaded, message: string): Result<never, Rejection> => {
    entry.readOnly = message;
    for (const listener of frozen) listener(goalId, message);
    return err({ code: 'goal.read_only', message });
  };

  return {
    execute(goalId, command, from) {
      let entry: Loaded;
      try {
        const seen = deps.store.receipt(from.commandId);
        if (seen) return JSON.parse(seen.outcome) as Result<Executed, Rejection>;
        entry = load(goalId);
      } catch (cause) {
        return err({ code: 'log.not_written', message: deps.storeProblem(cause).message });
      }
      if (entry.readOnly !== null) return err({ code: 'goal.read_only', message: entry.readOnly });
      const decided = decide(entry.state, command, {
        now: deps.clock.now(),
        actor: from.actor,
        nextId: () => deps.ids.uuid(),
        digest: deps.digest,
      });
      if (!decided.ok) {
        const refused = write(goalId, entry, [], JSON.stringify(decided), from);
        return refused.ok ? decided : refused;
      }
      const at = deps.clock.now();
      const settled = settle(foldNew(entry.state, decided.value, { now: at, actor: from.actor }));
      const events = [...decided.value, ...settled];
      const version = (entry.state.exists ? entry.state.version : 0) + events.length;
      const result = ok({ goalId, version });
      const written = write(goalId, entry, events, JSON.stringify(result), from);
      return written.ok ? result : written;
    },
    state: (goalId) => (known.has(goalId) ? load(goalId).state : noGoal),
    events: (goalId, afterVersion) => (known.has(goalId) ? load(goalId).events.slice(afterVersion) : []),
    readOnly: (goalId) => (known.has(goalId) ? load(goalId).readOnly : null),
    goals: () => [...known].toSorted().toReversed(),
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onFrozen(listener) {
      frozen.add(listener);
      return () => void frozen.delete(listener);
    },
  };
}
