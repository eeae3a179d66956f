import { LoudEmitter, notThere } from './absent.ts';
import { createEvent } from './events.ts';
import { codec } from './frame.ts';
import type { WebFrameMain } from './frame.ts';
import type { FromPage } from './page/messages.ts';

type Handler = (event: object, ...args: unknown[]) => unknown;

class IpcMain extends LoudEmitter {
  static override readonly label = 'ipcMain';
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  handlerOf(channel: string): Handler | undefined {
    return this.#handlers.get(channel);
  }
}

const real = new IpcMain();
export const ipcMain = real;

/** What ipc events say about who sent them. `sender` is a WebContents; this module does not need to know it. */
function senderFields(sender: object, frame: WebFrameMain): object {
  return {
    sender,
    frameId: frame.routingId,
    processId: frame.processId,
    type: 'frame',
    get senderFrame(): WebFrameMain | null {
      return frame.isDestroyed() ? null : frame;
    },
  };
}

/** Runs the handler of an `invoke` and answers with what it returns or why it failed, in Electron's words. */
export async function answerInvoke(
  sender: object,
  frame: WebFrameMain,
  { id, channel, args }: Extract<FromPage, { type: 'invoke' }>,
): Promise<void> {
  try {
    const handler = real.handlerOf(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    const event = Object.defineProperties(
      createEvent({}),
      Object.getOwnPropertyDescriptors(senderFields(sender, frame)),
    );
    const value = await handler(event, ...(codec.decode(args) as unknown[]));
    frame.reply(id, { ok: true, value });
  } catch (error) {
    frame.reply(id, { ok: false, message: `Error invoking remote method '${channel}': ${String(error)}` });
  }
}

/** Emits what a page sent without waiting for an answer. */
export function emitSent(
  sender: { send(channel: string, ...args: unknown[]): void },
  frame: WebFrameMain,
  { channel, args, ports }: Extract<FromPage, { type: 'send' }>,
): void {
  const event = Object.defineProperties(createEvent({}), {
    ...Object.getOwnPropertyDescriptors(senderFields(sender, frame)),
    ports: { value: frame.takePorts(ports), enumerable: true },
    reply: { value: (to: string, ...rest: unknown[]) => sender.send(to, ...rest), enumerable: true },
    returnValue: {
      set() {
        throw notThere('event.returnValue (sendSync)');
      },
    },
  });
  real.emit(channel, event, ...(codec.decode(args) as unknown[]));
}
