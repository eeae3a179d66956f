import type { Codec } from './codec.ts';
import type { FromPage, ToPage } from './messages.ts';

/** Sends one message to the main process. */
export type Post = (message: FromPage) => void;

export type Ports = {
  /** Gives away a port of this page; what arrives at it goes to the main process. */
  adopt: (port: MessagePort, id?: string) => string;
  /** Makes a port of this page for one the main process gives away. */
  create: (id: string) => MessagePort;
  deliver: (message: Extract<ToPage, { type: 'port-message' | 'port-close' }>) => void;
};

/** MessagePorts that end in the main process: a pump per port between this page and the wire. */
export function createPorts(post: Post, codec: Codec): Ports {
  const open = new Map<string, MessagePort>();
  let lastId = 0;

  const ports: Ports = {
    adopt(port, id = `page-${++lastId}`) {
      open.set(id, port);
      port.addEventListener('message', (event) => {
        post({
          type: 'port-message',
          port: id,
          data: codec.encode(event.data),
          ports: event.ports.map((p) => ports.adopt(p)),
        });
      });
      port.addEventListener('close', () => {
        if (open.delete(id)) post({ type: 'port-close', port: id });
      });
      port.start();
      return id;
    },
    create(id) {
      const channel = new MessageChannel();
      ports.adopt(channel.port1, id);
      return channel.port2;
    },
    deliver(message) {
      const port = open.get(message.port);
      if (port === undefined) return;
      if (message.type === 'port-message') {
        port.postMessage(codec.decode(message.data), message.ports.map(ports.create));
      } else {
        open.delete(message.port);
        port.close();
      }
    },
  };
  return ports;
}
