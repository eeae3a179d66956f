import type { WatchItem } from '../../shared/api/goals.ts';
import type { GoalEvent } from '../../shared/goal/events.ts';
import { evolve } from '../../shared/goal/evolve.ts';
import { noGoal } from '../../shared/goal/state.ts';
import type { GoalState } from '../../shared/goal/state.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { Signal } from '../../shared/signals.ts';
import { newTimeline } from '../../shared/timeline/model.ts';
import type { Timeline } from '../../shared/timeline/model.ts';
import { addSignal, endLive, newLive } from '../../shared/timeline/signals.ts';
import type { Live } from '../../shared/timeline/signals.ts';
import { addEvent } from '../../shared/timeline/timeline.ts';
import type { HostClient, HostConnection } from '../connection.ts';
import { createMirror } from './create-mirror.ts';
import type { Mirror } from './create-mirror.ts';
import type { Pending } from './pending.ts';

/** What the screen of one goal knows. The timeline and live rows grow in place; `revision` says that they did. */
export type GoalData = {
  readonly version: number;
  readonly state: GoalState;
  readonly timeline: Timeline;
  readonly live: Live;
  readonly revision: number;
  /** All history has arrived; what comes now is new. */
  readonly caughtUp: boolean;
  /** Set when the log cannot be read or was changed outside omk. */
  readonly readOnly: string | null;
  /** States along the way, so that going back in time folds little. */
  readonly checkpoints: { version: number; at: number; state: GoalState }[];
};

const CHECKPOINT_EVERY = 200;

export const emptyGoal = (): GoalData => ({
  version: 0,
  state: noGoal,
  timeline: newTimeline(),
  live: newLive(),
  revision: 0,
  caughtUp: false,
  readOnly: null,
  checkpoints: [],
});

/** Folds one item of the stream. Events already seen are dropped, so that a reopened stream may overlap. */
export function applyWatchItem(
  data: GoalData,
  item: WatchItem,
  now: () => number,
  pending: Pending,
): GoalData {
  switch (item.type) {
    case 'events':
      return applyEvents(data, item.events, pending);
    case 'caught_up':
      return { ...data, caughtUp: true, revision: data.revision + 1 };
    case 'signals':
      return applySignals(data, item.signals, now());
    case 'read_only':
      return { ...data, readOnly: item.message };
  }
}

function applyEvents(data: GoalData, events: readonly GoalEvent[], pending: Pending): GoalData {
  let { state, version } = data;
  for (const event of events) {
    if (event.version <= version) continue;
    state = evolve(state, event);
    version = event.version;
    addEvent(data.timeline, event);
    if ('attemptId' in event.payload && isEnd(event.type) && event.payload.attemptId !== null) {
      endLive(data.live, event.payload.attemptId);
    }
    if (version % CHECKPOINT_EVERY === 0) data.checkpoints.push({ version, at: event.at, state });
    pending.settle(event.commandId);
  }
  return { ...data, state, version, revision: data.revision + 1 };
}

const isEnd = (type: GoalEvent['type']): boolean =>
  type === 'attempt.finished' || type === 'attempt.failed' || type === 'attempt.lost';

export function applySignals(data: GoalData, signals: readonly Signal[], at: number): GoalData {
  for (const signal of signals) addSignal(data.timeline, data.live, signal, at);
  return { ...data, revision: data.revision + 1 };
}

export function createGoalMirror(o: {
  readonly connection: HostConnection;
  readonly goalId: GoalId;
  readonly pending: Pending;
  readonly now: () => number;
  readonly flush: (publish: () => void) => void;
}): Mirror<GoalData> {
  const { connection, goalId, pending, now, flush } = o;
  return createMirror<WatchItem, GoalData>({
    connection,
    empty: emptyGoal(),
    open: (client, data, signal) => watchWithTails(client, goalId, data, signal),
    apply: (data, item) => applyWatchItem(data, item, now, pending),
    flush,
  });
}

/**
 * The stream of a goal, with what attempts in flight said before this page was there. While that is asked for, live
 * signals are left out: the answer has them. A second opening asks for nothing again, what was seen is still there.
 */
async function* watchWithTails(
  client: HostClient,
  goalId: GoalId,
  data: GoalData,
  signal: AbortSignal,
): AsyncGenerator<WatchItem> {
  const items = client.goals
    .watch({ goalId, afterVersion: data.version }, { signal })
    [Symbol.asyncIterator]();
  let asked = data.caughtUp;
  let tails: Promise<WatchItem> | null = null;
  let next = items.next();
  for (;;) {
    const first = await Promise.race(tails === null ? [next] : [next, tails]);
    if ('type' in first) {
      tails = null;
      yield first;
      continue;
    }
    if (first.done === true) return;
    next = items.next();
    if (tails !== null && first.value.type === 'signals') continue;
    yield first.value;
    if (first.value.type !== 'caught_up' || asked) continue;
    asked = true;
    tails = readTails(client, goalId, data.timeline, signal);
  }
}

async function readTails(
  client: HostClient,
  goalId: GoalId,
  timeline: Timeline,
  signal: AbortSignal,
): Promise<WatchItem> {
  const open = [...timeline.attempts].filter(([, facts]) => !facts.ended);
  const answers = await Promise.all(
    open.map(([attemptId]) =>
      client.goals
        .attemptTail({ goalId, attemptId }, { signal })
        // Without its beginning a live text is still worth showing; a lost connection is seen by the stream itself.
        .catch(() => ({ signals: [] })),
    ),
  );
  return { type: 'signals', signals: answers.flatMap((answer) => answer.signals) };
}
