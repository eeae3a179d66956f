import type { Transport } from './frames.ts';
import { transportEnd } from './transport-end.ts';

/** What a page's, a worker's and Electron's message ports have in common. */
export type Port = {
  readonly post: (frame: unknown) => void;
  readonly start: () => void;
  readonly close: () => void;
  readonly onMessage: (listener: (data: unknown) => void) => void;
  /** The other end was closed or its process ended. */
  readonly onClose: (listener: () => void) => void;
};

/** Frames over a message port, as structured clones. */
export function portTransport(port: Port): Transport {
  const end = transportEnd({ post: port.post, close: port.close });
  port.onMessage(end.deliver);
  port.onClose(end.closed);
  port.start();
  return end.transport;
}
