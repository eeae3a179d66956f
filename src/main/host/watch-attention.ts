import { api } from '../../shared/api/index.ts';
import type { GoalRow } from '../../shared/api/goals.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import { connect } from '../../shared/rpc/connect.ts';
import { memoryPair } from '../../shared/rpc/memory.ts';
import { systemTimers } from '../adapters/system/clock.ts';
import type { Timers } from '../runtime/ports.ts';
import { attend, summarise } from './attention.ts';
import type { Notice, Seen, Summary } from './attention.ts';
import type { HostLink } from './host-link.ts';

/** How long after a lost connection the next one is tried. */
const AGAIN_MS = 1_000;

/** Follows all goals through the host and says what a person should be told and shown, whether or not a window is open. */
export function watchAttention(o: {
  readonly link: HostLink;
  readonly memory: {
    readonly get: (goalId: GoalId) => Seen | undefined;
    readonly set: (goalId: GoalId, seen: Seen) => void;
  };
  readonly timers?: Timers;
  readonly onNotice: (notice: Notice) => void;
  readonly onSummary: (summary: Summary) => void;
}): { readonly stop: () => void } {
  const controller = new AbortController();
  const { signal } = controller;

  const follow = async (): Promise<void> => {
    const [near, far] = memoryPair();
    const connected = await o.link.connect(far);
    if (!connected.ok) return;
    const { client, close } = connect(api, near);
    const rows = new Map<GoalId, GoalRow>();
    let live = false;
    try {
      for await (const item of client.goals.watchList({}, { signal })) {
        if (item.type === 'caught_up') live = true;
        else {
          for (const row of item.rows) {
            rows.set(row.goalId, row);
            const { seen, notices } = attend(o.memory.get(row.goalId), row, live);
            o.memory.set(row.goalId, seen);
            for (const notice of notices) o.onNotice(notice);
          }
        }
        if (live) o.onSummary(summarise(rows.values()));
      }
    } finally {
      close();
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      // However it ended (host gone, not reachable yet), the answer is to ask again.
      await follow().catch(() => {});
      if (!signal.aborted)
        await new Promise<void>((resolve) => (o.timers ?? systemTimers).after(AGAIN_MS, resolve));
    }
  };
  void run();
  return { stop: () => controller.abort() };
}
