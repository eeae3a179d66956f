import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { CDPSession } from '@playwright/test';

/** One attached target, or the browser itself; the same calls and types as Playwright's own CDP session. */
export type CdpSession = {
  readonly send: CDPSession['send'];
  readonly on: CDPSession['on'];
};

type Message = {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
  sessionId?: string;
};

type Pending = { resolve(result: unknown): void; reject(error: Error): void; sessionId: string | undefined };

/** Chromium's debugging pipe: NUL-ended JSON, many sessions on one pair of streams. */
export class CdpConnection {
  readonly browser: CdpSession;
  readonly #output: Writable;
  readonly #sessions = new Map<string | undefined, EventEmitter>();
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #tail: Buffer[] = [];
  #closed = false;

  constructor(output: Writable, input: Readable) {
    this.#output = output;
    this.browser = this.session(undefined);
    // A broken pipe is Chromium ending; the 'close' below reports it to whoever waits.
    output.on('error', () => this.#close());
    input.on('data', (chunk: Buffer) => this.#read(chunk));
    input.on('close', () => this.#close());
  }

  /** The session with this id; its events are kept from the first call on. */
  session(sessionId: string | undefined): CdpSession {
    let emitter = this.#sessions.get(sessionId);
    if (emitter === undefined) {
      emitter = new EventEmitter();
      this.#sessions.set(sessionId, emitter);
    }
    const send = (method: string, params?: unknown): Promise<unknown> =>
      this.#send(sessionId, method, params);
    const on = emitter.on.bind(emitter);
    // The protocol's own types say what goes in and out of each method; the wire does not.
    return { send, on } as unknown as CdpSession;
  }

  #send(sessionId: string | undefined, method: string, params: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error(`Chromium has ended (${method}).`));
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject, sessionId });
      this.#output.write(`${JSON.stringify({ id, method, params: params ?? {}, sessionId })}\0`);
    });
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const text = Buffer.concat([...this.#tail, rest.subarray(0, end)]).toString('utf8');
      this.#tail = [];
      rest = rest.subarray(end + 1);
      this.#dispatch(JSON.parse(text) as Message);
    }
    if (rest.length > 0) this.#tail.push(rest);
  }

  #dispatch(message: Message): void {
    if (message.id === undefined) {
      if (message.method === 'Target.detachedFromTarget') this.#dropSession(message.params);
      try {
        this.#sessions.get(message.sessionId)?.emit(message.method ?? '', message.params);
      } catch (error) {
        // Loud, but after this chunk: a listener of the app that throws must not cost us the messages behind it.
        setImmediate(() => {
          throw error;
        });
      }
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error === undefined) pending?.resolve(message.result);
    else pending?.reject(new Error(message.error.message));
  }

  #dropSession(params: unknown): void {
    const { sessionId } = params as { sessionId: string };
    for (const [id, pending] of this.#pending) {
      if (pending.sessionId !== sessionId) continue;
      this.#pending.delete(id);
      pending.reject(new Error('The page is gone.'));
    }
  }

  #close(): void {
    this.#closed = true;
    for (const pending of this.#pending.values()) pending.reject(new Error('Chromium has ended.'));
    this.#pending.clear();
  }
}
