import { expect, vi } from 'vitest';
import { connect } from '../connect.ts';
import type { Client, Connection } from '../connect.ts';
import type { Transport } from '../frames.ts';
import { contract, createService } from './service.features.ts';

/** Two connected ends of one carrier. */
export type Wire = {
  readonly client: Transport;
  readonly server: Transport;
  /** Ends the connection as a crash or a pulled cable would, without a goodbye. */
  readonly cut: () => void;
};

export type Bench = {
  readonly open: () => Promise<Wire>;
  readonly wire: Wire;
  readonly service: ReturnType<typeof createService>;
  readonly connection: Connection<typeof contract>;
  readonly client: Client<typeof contract>;
  /** After it everything sent before has arrived, and its answer too. */
  readonly roundTrips: (n: number) => Promise<void>;
  /** So many stream handlers have ended. */
  readonly finished: (n: number) => Promise<void>;
};

/** A service and a client at the two ends of a fresh wire. */
export async function setUp(open: () => Promise<Wire>): Promise<Bench> {
  const wire = await open();
  const service = createService();
  const connection = connect(contract, wire.client);
  const { client } = connection;
  service.serve(wire.server);
  return {
    open,
    wire,
    service,
    connection,
    client,
    async roundTrips(n) {
      for (let i = 0; i < n; i += 1) await client.text.join({ a: '', b: '' });
    },
    finished: (n) => vi.waitFor(() => expect(service.seen.finished).toBe(n), { interval: 2 }),
  };
}

/** For a stream that nobody aborts. */
export const nobody = (): AbortSignal => new AbortController().signal;
