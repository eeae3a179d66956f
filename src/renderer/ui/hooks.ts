import { useCallback, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { GoalRow } from '../../shared/api/goals.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import { RpcError } from '../../shared/rpc/rpc-error.ts';
import { useApp } from '../app-context.ts';
import type { HostClient } from '../connection.ts';
import type { Action } from '../stores/actions.ts';
import type { MirrorState } from '../stores/create-mirror.ts';
import type { GoalData } from '../stores/goal.ts';
import type { Ui } from '../stores/ui.ts';

/** The rows of the list, and whether they are all there. */
export function useGoals() {
  return useStore(useApp().goals.store);
}

export function useGoalRow(goalId: GoalId): GoalRow | null {
  const { goals } = useApp();
  return useStore(goals.store, (state) => state.data.rows.get(goalId) ?? null);
}

export function useUi<T>(select: (ui: Ui) => T): T {
  return useStore(useApp().ui, select);
}

export function useConnection() {
  return useStore(useApp().connection.store);
}

export function useRoute() {
  return useStore(useApp().router.store);
}

/** The mirror of one goal, held while the component is there. */
export function useGoal(goalId: GoalId): MirrorState<GoalData> | null {
  const { goal } = useApp();
  const hold = useCallback(
    (changed: () => void) => {
      const stop = goal.open(goalId).store.subscribe(changed);
      return () => {
        stop();
        goal.release(goalId);
      };
    },
    [goal, goalId],
  );
  return useSyncExternalStore(hold, () => goal.peek(goalId)?.store.getState() ?? null);
}

export type Remote<T> =
  | { readonly phase: 'loading'; readonly value: T | undefined }
  | { readonly phase: 'ready'; readonly value: T }
  | { readonly phase: 'failed'; readonly value: T | undefined; readonly message: string };

/**
 * The answer to a query, asked again when `key` changes or `reload` is called, and when a lost connection comes back.
 * `key` null: not asked. Until a reload is answered the last answer stays.
 */
export function useRemote<T>(
  key: string | null,
  ask: (client: HostClient, signal: AbortSignal) => Promise<T>,
): Remote<T> & { readonly reload: () => void } {
  const { connection } = useApp();
  const [round, setRound] = useState(0);
  const [answer, setAnswer] = useState<{ key: string; round: number; remote: Remote<T> } | null>(null);
  const asking = useRef(ask);
  useEffect(() => {
    asking.current = ask;
  });
  useEffect(() => {
    if (key === null) return undefined;
    const controller = new AbortController();
    const settle = (remote: Remote<T>): void => {
      if (!controller.signal.aborted) setAnswer({ key, round, remote });
    };
    const run = async (): Promise<void> => {
      const client = await connection.whenLive(controller.signal);
      settle({ phase: 'ready', value: await asking.current(client, controller.signal) });
    };
    run().catch((cause: unknown) => {
      if (cause instanceof RpcError && cause.code === 'disconnected') return setRound((last) => last + 1);
      settle({
        phase: 'failed',
        value: undefined,
        message: cause instanceof Error ? cause.message : String(cause),
      });
    });
    return () => controller.abort();
  }, [connection, key, round]);
  const reload = useCallback(() => setRound((last) => last + 1), []);
  const known = answer?.key === key ? answer : null;
  if (known === null) return { phase: 'loading', value: undefined, reload };
  if (known.round !== round) return { phase: 'loading', value: known.remote.value, reload };
  return { ...known.remote, reload };
}

/** Offers actions while the component is there. Memoise the array. */
export function useActions(actions: readonly Action[]): void {
  const app = useApp();
  const owner = useId();
  useEffect(() => app.actions.register(owner, actions), [app.actions, owner, actions]);
}

/** The time, read again every `everyMs` for what is shown as an age. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Whether a media query holds, such as `(max-width: 1080px)`. */
export function useMedia(query: string): boolean {
  const list = useMemo(() => matchMedia(query), [query]);
  const [matches, setMatches] = useState(list.matches);
  useEffect(() => {
    const read = (): void => setMatches(list.matches);
    read();
    list.addEventListener('change', read);
    return () => list.removeEventListener('change', read);
  }, [list]);
  return matches;
}

/** The arrow keys move focus between the `[data-row]`s inside. Put the answer on the container's `onKeyDown`. */
export function moveBetweenRows(event: React.KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' && event.key !== 'Home' && event.key !== 'End')
    return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  if (at < 0) return;
  const to = {
    ArrowDown: Math.min(rows.length - 1, at + 1),
    ArrowUp: Math.max(0, at - 1),
    Home: 0,
    End: rows.length - 1,
  }[event.key];
  event.preventDefault();
  rows[to]?.focus();
}
