import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { RpcError } from '../../shared/rpc/rpc-error.ts';
import type { HostClient, HostConnection, Phase } from '../connection.ts';

export type MirrorState<D> = {
  readonly phase: Phase;
  readonly data: D;
  /** Why `failed`, as a sentence. */
  readonly error: string | null;
};

export type Mirror<D> = {
  readonly store: StoreApi<MirrorState<D>>;
  readonly close: () => void;
};

/**
 * A local copy of something the host streams. Only this writes the store, only with `apply`. When the connection comes
 * back the stream is opened again from what `data` already holds. `flush` decides when the store hears of changes: once
 * per frame in a page, at once in a test.
 */
export function createMirror<Item, D>(o: {
  readonly connection: HostConnection;
  readonly empty: D;
  readonly open: (client: HostClient, data: D, signal: AbortSignal) => AsyncIterable<Item>;
  readonly apply: (data: D, item: Item) => D;
  readonly flush: (publish: () => void) => void;
}): Mirror<D> {
  const store = createStore<MirrorState<D>>(() => ({ phase: 'connecting', data: o.empty, error: null }));
  const controller = new AbortController();
  let data = o.empty;
  let waiting = false;

  const publish = (): void => {
    waiting = false;
    if (!controller.signal.aborted) store.setState({ phase: 'live', data });
  };
  const take = (item: Item): void => {
    data = o.apply(data, item);
    if (waiting) return;
    waiting = true;
    o.flush(publish);
  };

  const follow = async (): Promise<void> => {
    for (;;) {
      const client = await o.connection.whenLive(controller.signal);
      try {
        for await (const item of o.open(client, data, controller.signal)) take(item);
        if (controller.signal.aborted) return;
      } catch (cause) {
        if (controller.signal.aborted) return;
        if (!(cause instanceof RpcError) || cause.code !== 'disconnected') {
          store.setState({ phase: 'failed', error: cause instanceof Error ? cause.message : String(cause) });
          return;
        }
      }
      store.setState({ phase: 'stale' });
      // The transport fails its calls before the connection says it is gone: do not ask the dead client again.
      await gone(o.connection, client, controller.signal);
    }
  };
  follow().catch((cause: unknown) => {
    if (!controller.signal.aborted) store.setState({ phase: 'failed', error: String(cause) });
  });

  return { store, close: () => controller.abort() };
}

function gone(connection: HostConnection, client: HostClient, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (connection.store.getState().client !== client) return resolve();
    const stop = connection.store.subscribe((state) => {
      if (state.client === client) return;
      stop();
      resolve();
    });
    signal.addEventListener('abort', () => {
      stop();
      resolve();
    });
  });
}
