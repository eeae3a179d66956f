import type { Codec } from './codec.ts';
import type { ToPage } from './messages.ts';
import type { Ports, Post } from './ports.ts';

/** `ipcRenderer` as the preload gets it, and how what the main process says reaches it. */
export function createIpcRenderer(
  post: Post,
  codec: Codec,
  ports: Ports,
): { ipc: object; deliver: (message: ToPage) => void } {
  type Listener = (event: object, ...args: unknown[]) => void;
  const listeners = new Map<string, { listener: Listener; once: boolean }[]>();
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;

  const remove = (channel: string, listener: Listener): void => {
    listeners.set(
      channel,
      (listeners.get(channel) ?? []).filter((entry) => entry.listener !== listener),
    );
  };
  const add = (channel: string, listener: Listener, once: boolean): void => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, once }]);
  };

  const methods = {
    on(channel: string, listener: Listener) {
      add(channel, listener, false);
      return this;
    },
    addListener(channel: string, listener: Listener) {
      add(channel, listener, false);
      return this;
    },
    once(channel: string, listener: Listener) {
      add(channel, listener, true);
      return this;
    },
    off(channel: string, listener: Listener) {
      remove(channel, listener);
      return this;
    },
    removeListener(channel: string, listener: Listener) {
      remove(channel, listener);
      return this;
    },
    removeAllListeners(channel?: string) {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return this;
    },
    send(channel: string, ...args: unknown[]) {
      post({ type: 'send', channel, args: codec.encode(args), ports: [] });
    },
    postMessage(channel: string, message: unknown, transfer: MessagePort[] = []) {
      // Encoded first: a message that cannot be cloned must leave the ports where they are.
      const args = codec.encode([message]);
      post({ type: 'send', channel, args, ports: transfer.map((port) => ports.adopt(port)) });
    },
    async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const id = ++lastId;
      const encoded = codec.encode(args);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        post({ type: 'invoke', id, channel, args: encoded });
      });
    },
  };

  // Methods are inherited, as in Electron, so that exposing the whole object to a page exposes nothing.
  const ipc = Object.create(methods) as object;
  return {
    ipc,
    deliver(message) {
      if (message.type === 'reply') {
        const call = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.ok) call?.resolve(codec.decode(message.value));
        else call?.reject(new Error(message.message));
      } else if (message.type === 'event') {
        const event = { sender: ipc, ports: message.ports.map(ports.create) };
        for (const entry of listeners.get(message.channel) ?? []) {
          if (entry.once) remove(message.channel, entry.listener);
          entry.listener(event, ...(codec.decode(message.args) as unknown[]));
        }
      }
    },
  };
}
