import { LoudEmitter } from './absent.ts';
import { createEvent } from './events.ts';

/** What arrives at an end: a value that is already a copy, and the ends that came with it. */
export type PortMessage = { readonly data: unknown; readonly ends: readonly PortEnd[] };

/** Whoever holds an end: a MessagePortMain that was started, or a page. */
export type PortHolder = { message(message: PortMessage): void; closed(): void };

/** One of the two ends of a channel. It keeps what arrives until somebody holds it, so an end may travel meanwhile. */
export class PortEnd {
  #other: PortEnd | undefined;
  #holder: PortHolder | undefined;
  #arrived: PortMessage[] = [];
  #closed = false;

  static pair(): [PortEnd, PortEnd] {
    const [a, b] = [new PortEnd(), new PortEnd()];
    a.#other = b;
    b.#other = a;
    return [a, b];
  }

  hold(holder: PortHolder | undefined): void {
    this.#holder = holder;
    this.#flush();
  }

  post(message: PortMessage): void {
    if (this.#closed) return;
    const other = this.#other;
    if (other === undefined || other.#closed) return;
    other.#arrived.push(message);
    other.#flush();
  }

  /** Closes both ends; the other end's holder hears of it after what is still on its way. */
  close(): void {
    for (const end of [this, this.#other]) {
      if (end === undefined || end.#closed) continue;
      end.#closed = true;
      end.#flush();
    }
  }

  #flush(): void {
    const holder = this.#holder;
    if (holder === undefined) return;
    for (const message of this.#arrived.splice(0)) process.nextTick(() => holder.message(message));
    if (!this.#closed) return;
    this.#holder = undefined;
    process.nextTick(() => holder.closed());
  }
}

const ends = new WeakMap<MessagePortMain, PortEnd>();

/** Takes the end out of a port that is being transferred; the port itself is of no use afterwards. */
export function takeEnd(port: MessagePortMain): PortEnd {
  const end = ends.get(port);
  if (end === undefined) throw new TypeError('Port at index 0 is already neutered');
  ends.delete(port);
  end.hold(undefined);
  return end;
}

/** Electron's MessagePortMain. Get one from MessageChannelMain or from an event; nothing arrives before `start()`. */
export class MessagePortMain extends LoudEmitter {
  constructor(end: PortEnd) {
    super();
    ends.set(this, end);
  }

  postMessage(message: unknown, transfer: MessagePortMain[] = []): void {
    const end = ends.get(this);
    if (end === undefined) return;
    let data: unknown;
    try {
      data = structuredClone(message);
    } catch {
      throw new Error('An object could not be cloned.');
    }
    end.post({ data, ends: transfer.map(takeEnd) });
  }

  start(): void {
    ends.get(this)?.hold({
      message: ({ data, ends: given }) => {
        this.emit('message', createEvent({ data, ports: given.map((end) => new MessagePortMain(end)) }));
      },
      closed: () => this.emit('close'),
    });
  }

  close(): void {
    ends.get(this)?.close();
  }
}

/** Electron's MessageChannelMain. */
export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;

  constructor() {
    const [a, b] = PortEnd.pair();
    this.port1 = new MessagePortMain(a);
    this.port2 = new MessagePortMain(b);
  }
}
