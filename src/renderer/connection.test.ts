import { describe, expect, it } from 'vitest';
import { backOff, createConnection } from './connection.ts';
import type { HostConnection } from './connection.ts';
import { fakeHost } from './testing/fake-host.ts';
import type { FakeHost } from './testing/fake-host.ts';

/** Waits that end when the test says so. */
function clock() {
  const waits: { ms: number; done: () => void }[] = [];
  return {
    waits,
    wait: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        waits.push({ ms, done: resolve });
        signal.addEventListener('abort', () => resolve());
      }),
  };
}

const until = (connection: HostConnection, phase: string): Promise<void> =>
  new Promise((resolve) => {
    if (connection.store.getState().phase === phase) return resolve();
    const stop = connection.store.subscribe((state) => {
      if (state.phase !== phase) return;
      stop();
      resolve();
    });
  });

const connected = (host: FakeHost, wait = clock().wait): HostConnection =>
  createConnection({ open: host.connect, wait });

describe('connection to the host', () => {
  it('is live once the host has greeted, and answers calls', async () => {
    const connection = connected(fakeHost({}));
    await until(connection, 'live');
    const state = connection.store.getState();
    expect(state.hostVersion).toBe('0.1.0');
    expect((await state.client?.app.info({}))?.platform).toBe('linux-x64');
    connection.close();
  });

  it('fails after three tries that nobody answered, and goes on trying', async () => {
    const host = fakeHost({});
    host.reachable = false;
    const time = clock();
    const connection = connected(host, time.wait);
    for (let tries = 0; tries < 2; tries += 1) {
      await expect.poll(() => time.waits.length).toBe(tries + 1);
      expect(connection.store.getState().phase).toBe('connecting');
      time.waits[tries]?.done();
    }
    await until(connection, 'failed');
    host.reachable = true;
    time.waits[2]?.done();
    await until(connection, 'live');
    expect(time.waits.map((wait) => wait.ms)).toEqual([250, 500, 1_000]);
    connection.close();
  });

  it('is stale when a live connection is lost, and live again when the person hurries it', async () => {
    const host = fakeHost({});
    const connection = connected(host);
    await until(connection, 'live');
    const first = connection.store.getState().client;
    host.cut();
    await until(connection, 'stale');
    expect(connection.store.getState().client).toBeNull();
    connection.retry();
    await until(connection, 'live');
    expect(connection.store.getState().client).not.toBe(first);
    connection.close();
  });

  it('backs off to five seconds and no further', () => {
    expect([1, 2, 5, 6, 60].map(backOff)).toEqual([250, 500, 4_000, 5_000, 5_000]);
  });

  it('gives up waiting for a host when the waiter does', async () => {
    const host = fakeHost({});
    host.reachable = false;
    const connection = connected(host);
    const controller = new AbortController();
    const waiting = connection.whenLive(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow('Aborted');
    connection.close();
  });
});
