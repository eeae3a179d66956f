import { closeSync, openSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { z } from 'zod';
import { api } from '../../shared/api/index.ts';
import type { Api } from '../../shared/api/index.ts';
import { connect } from '../../shared/rpc/connect.ts';
import type { Connection } from '../../shared/rpc/connect.ts';
import type { Transport } from '../../shared/rpc/frames.ts';
import { socketTransport } from './transport-socket.ts';

const Greeting = z.discriminatedUnion('t', [
  z.object({ t: z.literal('challenge'), path: z.string() }),
  z.object({ t: z.literal('refused'), message: z.string() }),
]);

export type Attached =
  | { readonly type: 'attached'; readonly connection: Connection<Api> }
  /** Nobody listens there. */
  | { readonly type: 'none' }
  | { readonly type: 'refused'; readonly message: string };

/** Connects to the host of a state directory, proving our process id when it asks (see `peer.ts`). */
export function attach(socketPath: string): Promise<Attached> {
  return new Promise((resolve) => {
    const socket = connectSocket(socketPath);
    socket.once('error', () => resolve({ type: 'none' }));
    socket.once('connect', () => {
      const transport = socketTransport(socket);
      let held: number | null = null;
      const release = (): void => {
        if (held !== null) closeSync(held);
        held = null;
      };
      const listeners: ((frame: unknown) => void)[] = [];
      let through = false;
      const pass = (): void => {
        through = true;
        const inner: Transport = { ...transport, onFrame: (listener) => void listeners.push(listener) };
        resolve({ type: 'attached', connection: connect(api, inner) });
      };
      transport.onClose(() => {
        release();
        if (!through) resolve({ type: 'none' });
      });
      transport.onFrame((frame) => {
        const greeting = Greeting.safeParse(frame);
        if (!greeting.success) {
          release();
          // The host's own greeting: it let us through (or never asked).
          if (!through) pass();
          for (const listener of listeners) listener(frame);
          return;
        }
        if (greeting.data.t === 'refused') {
          release();
          through = true;
          resolve({ type: 'refused', message: greeting.data.message });
          socket.end();
          return;
        }
        held = openSync(greeting.data.path, 'r');
        transport.post({ t: 'proof', pid: process.pid });
      });
    });
  });
}
