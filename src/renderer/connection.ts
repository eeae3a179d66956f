import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { api } from '../shared/api/index.ts';
import type { Api } from '../shared/api/index.ts';
import { connect } from '../shared/rpc/connect.ts';
import type { Client } from '../shared/rpc/connect.ts';
import type { Transport } from '../shared/rpc/frames.ts';

export type HostClient = Client<Api>;

/** `stale`: was live, what is shown may be old. `failed`: was never live and several tries failed. Both go on trying. */
export type Phase = 'connecting' | 'live' | 'stale' | 'failed';

export type ConnectionState = {
  readonly phase: Phase;
  /** Set while live. */
  readonly client: HostClient | null;
  readonly hostVersion: string | null;
  /** Failed tries since it was last live. */
  readonly tries: number;
};

export type HostConnection = {
  readonly store: StoreApi<ConnectionState>;
  /** Tries at once instead of after the back-off. */
  readonly retry: () => void;
  readonly close: () => void;
  /** Resolves with a live client, when there is one. */
  readonly whenLive: (signal: AbortSignal) => Promise<HostClient>;
};

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
const FAILED_AFTER = 3;

/** How long to wait after the n-th failed try in a row. */
export const backOff = (tries: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1));

/**
 * Keeps one connection to the host open until it is closed. `open` gives a transport; `wait` resolves after so many
 * milliseconds or when its signal aborts.
 */
export function createConnection(deps: {
  readonly open: () => Promise<Transport>;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}): HostConnection {
  const store = createStore<ConnectionState>(() => ({
    phase: 'connecting',
    client: null,
    hostVersion: null,
    tries: 0,
  }));
  let closed = false;
  let hurry = new AbortController();
  let hangUp: () => void = () => {};

  const once = async (): Promise<void> => {
    const transport = await deps.open();
    const connection = connect(api, transport);
    hangUp = connection.close;
    const ended = new Promise<void>((resolve) => connection.onClose(resolve));
    if (closed) return connection.close();
    const { version } = await connection.ready;
    store.setState({ phase: 'live', client: connection.client, hostVersion: version, tries: 0 });
    await ended;
  };

  const run = async (): Promise<void> => {
    while (!closed) {
      // A refused try and a connection that ended are the same to us: say so, wait, try again.
      await once().catch(() => undefined);
      if (closed) return;
      const { phase, tries } = store.getState();
      const wasLive = phase === 'live' || phase === 'stale';
      store.setState({
        phase: wasLive ? 'stale' : tries + 1 >= FAILED_AFTER ? 'failed' : 'connecting',
        client: null,
        tries: tries + 1,
      });
      hurry = new AbortController();
      await deps.wait(backOff(tries + 1), hurry.signal);
    }
  };
  void run();

  return {
    store,
    retry: () => hurry.abort(),
    close() {
      closed = true;
      hurry.abort();
      hangUp();
    },
    whenLive: (signal) =>
      new Promise((resolve, reject) => {
        const { client } = store.getState();
        if (client) return resolve(client);
        const stop = store.subscribe((state) => {
          if (!state.client) return;
          leave();
          resolve(state.client);
        });
        const onAbort = (): void => {
          leave();
          reject(new DOMException('Aborted', 'AbortError'));
        };
        const leave = (): void => {
          stop();
          signal.removeEventListener('abort', onAbort);
        };
        signal.addEventListener('abort', onAbort);
        if (signal.aborted) onAbort();
      }),
  };
}

/** Waits on the page's own clock. */
export function waitOnClock(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
