import type { Transport } from './frames.ts';
import { transportEnd } from './transport-end.ts';

/** What a page's WebSocket and the `ws` package's have in common. */
export type Socket = {
  readonly readyState: number;
  readonly send: (text: string) => void;
  readonly close: (code?: number, reason?: string) => void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
};

const OPEN = 1;
/** RFC 6455: a message violates the policy of whoever received it. */
const POLICY_VIOLATION = 1008;

/** Frames over an open WebSocket, one JSON text each. Whoever sends something else is not speaking our protocol and is hung up on. */
export function webSocketTransport(socket: Socket): Transport {
  const end = transportEnd({
    post(frame) {
      const text = JSON.stringify(frame);
      if (socket.readyState === OPEN) socket.send(text);
    },
    close: () => socket.close(),
  });
  socket.addEventListener('message', ({ data }) => {
    const frame = typeof data === 'string' ? parse(data) : undefined;
    if (frame === undefined) socket.close(POLICY_VIOLATION, 'not a frame');
    else end.deliver(frame);
  });
  socket.addEventListener('error', () => {}); // 'close' follows and is what everybody waits for
  socket.addEventListener('close', end.closed);
  return end.transport;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
