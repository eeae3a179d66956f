import type { Api } from '../../shared/api/index.ts';
import { evolve } from '../../shared/goal/evolve.ts';
import { nowNextBlocks } from '../../shared/goal/selectors.ts';
import { everyAttemptWaits, openQuestions } from '../../shared/goal/questions.ts';
import { noGoal } from '../../shared/goal/state.ts';
import type { GoalState, OpenGoal } from '../../shared/goal/state.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { Client } from '../../shared/rpc/connect.ts';
import { inertLine } from '../../shared/safe-text.ts';
import { askInline } from './ask-inline.ts';
import { newCommandId } from './client.ts';
import { onInterrupt } from './interrupts.ts';
import type { Io } from './io.ts';
import { printOutcome } from './outcome.ts';
import { line } from './output.ts';

export type FollowOptions = {
  readonly json: boolean;
  /** The newest event that was shown already; moves on, so that following can be taken up again. */
  readonly shown: { version: number };
  readonly io: Io;
};

/**
 * Follows a goal until it stops or concludes and returns its exit code. In a terminal questions are asked inline; elsewhere, and where
 * the person closed the input, a live turn that waits for an answer is parked, so that the run ends with the question open.
 * Interrupting pauses the goal, and so does a reader of our output that has gone away.
 */
export async function follow(client: Client<Api>, goalId: GoalId, o: FollowOptions): Promise<number> {
  const { io } = o;
  const ending = new AbortController();
  let state: GoalState = noGoal;
  let caughtUp = false;
  let said = '';
  let mayAsk = io.isTty && !o.json;
  let asking: AbortController | null = null;

  // A host that has gone meanwhile shows in the stream below; what is sent beside it needs no answer.
  const pause = (): void => void client.goals.pause({ goalId, commandId: newCommandId() }).catch(() => {});
  const letGo = onInterrupt(() => {
    io.err('\nPausing; what was done so far is kept.\n');
    pause();
  });
  io.unread.addEventListener('abort', pause, { once: true });

  /** Asks what is open, or lets go of a turn that waits for an answer nobody gives here. */
  const attend = (goal: OpenGoal): void => {
    const open = openQuestions(goal)[0];
    if (!open) {
      asking?.abort();
      asking = null;
    } else if (!mayAsk) {
      if (everyAttemptWaits(goal)) void client.goals.park({ goalId }).catch(() => {});
    } else if (asking === null) {
      const mine = new AbortController();
      asking = mine;
      const asked = askInline(client, goalId, open, io, mine.signal).catch(() => 'done' as const);
      void asked.then((how) => {
        if (asking === mine) asking = null;
        if (how === 'done') return; // the answer comes back as an event, which asks what is still open
        mayAsk = false;
        if (state.exists && !isOver(state) && !ending.signal.aborted) attend(state);
      });
    }
  };

  try {
    for await (const item of client.goals.watch({ goalId, afterVersion: 0 }, { signal: ending.signal })) {
      if (item.type === 'read_only') {
        io.err(`${inertLine(item.message)}\n`);
        return await printOutcome(client, goalId, state, { ...o, unreadable: item.message });
      }
      if (item.type === 'caught_up') caughtUp = true;
      if (item.type === 'events') {
        for (const event of item.events) {
          state = evolve(state, event);
          if (event.version <= o.shown.version) continue;
          if (o.json) line(io, event);
          o.shown.version = event.version;
        }
      }
      // What history says in between is over: an old stop is none.
      if (!caughtUp || !state.exists || item.type === 'signals') continue;
      if (!o.json) said = narrate(state, said, io);
      if (isOver(state)) break;
      attend(state);
    }
    return await printOutcome(client, goalId, state, { ...o, unreadable: null });
  } finally {
    abort(asking);
    letGo();
    io.unread.removeEventListener('abort', pause);
    ending.abort();
  }
}

// A callback sets it, which the compiler cannot see.
const abort = (controller: AbortController | null): void => controller?.abort();

/** Stopped, concluded, or paused with nothing in flight any more. */
function isOver(state: OpenGoal): boolean {
  if (state.concluded !== null || state.stopped !== null) return true;
  return state.paused && state.attempts.every((one) => one.outcome.type !== 'in_flight');
}

function narrate(state: OpenGoal, said: string, io: Io): string {
  const { now } = nowNextBlocks(state);
  if (now === said) return said;
  io.err(`${inertLine(now)}\n`);
  return now;
}
