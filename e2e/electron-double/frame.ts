import { LoudEmitter } from './absent.ts';
import type { CdpSession } from './cdp.ts';
import { MessagePortMain, PortEnd, takeEnd } from './message-port.ts';
import { createCodec } from './page/codec.ts';
import type { FromPage, ToPage } from './page/messages.ts';
import { originOf } from './scheme-urls.ts';

export const codec = createCodec();

let lastFrameId = 0;

/** The main frame of one document, as ipc events' `senderFrame`: it ends with the document. */
export class WebFrameMain extends LoudEmitter {
  readonly frameTreeNodeId = ++lastFrameId;
  readonly routingId = lastFrameId;
  readonly processId = 1;
  readonly name = '';
  readonly parent = null;
  readonly frames: WebFrameMain[] = [];
  readonly #session: CdpSession;
  readonly #contextId: string;
  readonly #ends = new Map<string, PortEnd>();
  #url = '';
  #lastPort = 0;
  #destroyed = false;

  constructor(session: CdpSession, contextId: string) {
    super();
    this.#session = session;
    this.#contextId = contextId;
  }

  get url(): string {
    return this.#url;
  }

  /** Called with the document's own word on where it is, which comes with every message. */
  moved(url: string): void {
    this.#url = url;
  }

  get top(): this {
    return this;
  }

  get origin(): string {
    return originOf(this.url);
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#deliver({ type: 'event', channel, args: codec.encode(args), ports: [] });
  }

  postMessage(channel: string, message: unknown, transfer: MessagePortMain[] = []): void {
    const args = codec.encode([message]);
    const given = transfer.map(takeEnd).map((end) => this.#give(end));
    this.#deliver({ type: 'event', channel, args, ports: given.map(({ id }) => id) });
    for (const one of given) one.hold();
  }

  /** Answers an `invoke` of this document. */
  reply(id: number, result: { ok: true; value: unknown } | { ok: false; message: string }): void {
    if (!result.ok) return this.#deliver({ type: 'reply', id, ok: false, message: result.message });
    this.#deliver({ type: 'reply', id, ok: true, value: codec.encode(result.value) });
  }

  /** Ports the page transferred to the main process. */
  takePorts(ids: readonly string[]): MessagePortMain[] {
    return ids.map((id) => new MessagePortMain(this.#accept(id)));
  }

  announceDrop(files: readonly { name: string; path: string }[]): Promise<void> {
    return this.#evaluate({ type: 'drop', files });
  }

  handlePort(message: Extract<FromPage, { type: 'port-message' | 'port-close' }>): void {
    const end = this.#ends.get(message.port);
    if (end === undefined) return;
    if (message.type === 'port-message') {
      const ends = message.ports.map((id) => this.#accept(id));
      end.post({ data: codec.decode(message.data), ends });
    } else {
      this.#ends.delete(message.port);
      end.hold(undefined);
      end.close();
    }
  }

  /** The document is gone: its ports close. */
  destroy(): void {
    this.#destroyed = true;
    for (const end of this.#ends.values()) {
      end.hold(undefined);
      end.close();
    }
    this.#ends.clear();
  }

  /** A port the page gave away: makes a channel whose one end stays with the page. */
  #accept(id: string): PortEnd {
    const [pages, ours] = PortEnd.pair();
    this.#ends.set(id, pages);
    this.#hold(pages, id);
    return ours;
  }

  /** Gives an end to the page. It is held only after the message that carries it has been sent. */
  #give(end: PortEnd): { id: string; hold(): void } {
    const id = `main-${++this.#lastPort}`;
    this.#ends.set(id, end);
    return { id, hold: () => this.#hold(end, id) };
  }

  #hold(end: PortEnd, id: string): void {
    end.hold({
      message: ({ data, ends }) => {
        const given = ends.map((one) => this.#give(one));
        this.#deliver({
          type: 'port-message',
          port: id,
          data: codec.encode(data),
          ports: given.map((one) => one.id),
        });
        for (const one of given) one.hold();
      },
      closed: () => {
        this.#ends.delete(id);
        this.#deliver({ type: 'port-close', port: id });
      },
    });
  }

  #deliver(message: ToPage): void {
    // A document that went away meanwhile takes its messages with it, as in Electron.
    this.#evaluate(message).catch(() => undefined);
  }

  async #evaluate(message: ToPage): Promise<void> {
    if (this.#destroyed) return;
    const expression = `__deliver(${JSON.stringify(JSON.stringify(message))})`;
    const answer = await this.#session.send('Runtime.evaluate', {
      expression,
      uniqueContextId: this.#contextId,
    });
    if (answer.exceptionDetails !== undefined) {
      console.error(
        'electron double: a listener in the preload threw:',
        answer.exceptionDetails.exception?.description,
      );
    }
  }
}
