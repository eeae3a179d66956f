import { closeSync, openSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { z } from 'zod';
import { api } from '../../shared/api/index.ts';
import type { Api } from '../../shared/api/index.ts';
import { connect } from '../../shared/rpc/connect.ts';
import type { Connection } from '../../shared/rpc/connect.ts';
import type { Transport } from '../../shared/rpc/frames.ts';
import { transportEnd } from '../../shared/rpc/transport-end.ts';
import { HOST_LINE_LIMIT, socketTransport } from './transport-socket.ts';

const Greeting = z.discriminatedUnion('t', [
  z.object({ t: z.literal('challenge'), path: z.string() }),
  z.object({ t: z.literal('refused'), message: z.string() }),
]);

/** A host that is alive greets at once; one that is stopped or swapped out would keep us waiting for ever. */
const GREETING_MS = 10_000;

/** Nobody listens there, or somebody does and will not have us. */
type Unattached = { readonly type: 'none' } | { readonly type: 'refused'; readonly message: string };
export type Attached = { readonly type: 'attached'; readonly connection: Connection<Api> } | Unattached;

/** A client of the host of a state directory. */
export async function attach(socketPath: string): Promise<Attached> {
  const attached = await attachTransport(socketPath);
  return attached.type === 'attached'
    ? { type: 'attached', connection: connect(api, attached.transport) }
    : attached;
}

/**
 * Connects to the host of a state directory, proving our process id when it asks (see `peer.ts`). The transport starts with the
 * host's `hello`.
 */
export function attachTransport(
  socketPath: string,
): Promise<{ readonly type: 'attached'; readonly transport: Transport } | Unattached> {
  return new Promise((resolve) => {
    const socket = connectSocket(socketPath);
    const greeted = setTimeout(() => {
      resolve({
        type: 'refused',
        message:
          'The omk that runs on this state directory does not answer. Wait for it or end it, then try again.',
      });
      socket.destroy();
    }, GREETING_MS);
    let held: number | null = null;
    const release = (): void => {
      clearTimeout(greeted);
      if (held !== null) closeSync(held);
      held = null;
    };

    const outer = socketTransport(socket, HOST_LINE_LIMIT);
    const inner = transportEnd({ post: (frame) => outer.post(frame), close: () => outer.close() });
    let through = false;
    outer.onClose(() => {
      release();
      resolve({ type: 'none' });
      inner.closed();
    });
    outer.onFrame((frame) => {
      const greeting = through ? null : Greeting.safeParse(frame);
      if (!greeting?.success) {
        // The host's own hello: it let us through (or never asked).
        through = true;
        release();
        inner.deliver(frame);
        resolve({ type: 'attached', transport: inner.transport });
      } else if (greeting.data.t === 'refused') {
        release();
        resolve({ type: 'refused', message: greeting.data.message });
        socket.end();
      } else {
        held ??= openForProof(greeting.data.path);
        if (held === null) socket.destroy();
        else outer.post({ t: 'proof', pid: process.pid });
      }
    });
  });
}

/** The file is gone when the host has ended meanwhile. */
function openForProof(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch {
    return null;
  }
}
