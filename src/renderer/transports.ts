import { portTransport } from '../shared/rpc/port-transport.ts';
import { webSocketTransport } from '../shared/rpc/web-socket-transport.ts';
import type { Transport } from '../shared/rpc/frames.ts';

const PORT_MESSAGE = 'omk-port';

/** A transport to the host of this page: a message port in the desktop window, a WebSocket of the same origin otherwise. */
export function openTransport(view: Window): Promise<Transport> {
  return view.omk ? openPort(view, view.omk.connect) : openSocket(view);
}

/** Where this page came from over TCP; `null` in the desktop window. A host that another process serves does not know it. */
export const servedFrom = (view: Window): string | null => (view.omk ? null : view.location.origin);

function openPort(view: Window, connect: () => Promise<void>): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: MessageEvent): void => {
      const port = message.ports[0];
      // Only this window's own preload posts here: another frame or opener could send the same words.
      if (message.source !== view || message.data !== PORT_MESSAGE || !port) return;
      view.removeEventListener('message', onMessage);
      resolve(
        portTransport({
          post: (frame) => port.postMessage(frame),
          start: () => port.start(),
          close: () => port.close(),
          onMessage: (listener) =>
            port.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
          onClose: (listener) => port.addEventListener('close', listener),
        }),
      );
    };
    view.addEventListener('message', onMessage);
    connect().catch((cause: unknown) => {
      view.removeEventListener('message', onMessage);
      reject(cause instanceof Error ? cause : new Error(String(cause)));
    });
  });
}

function openSocket(view: Window): Promise<Transport> {
  const { protocol, host } = view.location;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/bridge`);
    socket.addEventListener('open', () => resolve(webSocketTransport(socket)), { once: true });
    socket.addEventListener('error', () => reject(new Error('The socket to omk did not open.')), {
      once: true,
    });
  });
}
