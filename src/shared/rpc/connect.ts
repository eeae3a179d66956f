import type { z } from 'zod';
import type { Result } from '../kernel/result.ts';
import type { AnyDef, CommandDef, Contract, QueryDef, StreamDef } from './contract.ts';
import { PROTOCOL, ServerFrame } from './frames.ts';
import type { ClientFrame, Transport } from './frames.ts';
import { RpcError } from './rpc-error.ts';

type Call<D extends AnyDef> =
  D extends CommandDef<infer I, infer O, infer R>
    ? (input: z.input<I>) => Promise<Result<z.infer<O>, z.infer<R>>>
    : D extends QueryDef<infer I, infer O>
      ? (input: z.input<I>, o?: { readonly signal?: AbortSignal }) => Promise<z.infer<O>>
      : D extends StreamDef<infer I, infer T>
        ? (input: z.input<I>, o: { readonly signal: AbortSignal }) => AsyncIterable<z.infer<T>>
        : never;

export type Client<C extends Contract> = {
  readonly [A in keyof C]: { readonly [M in keyof C[A]]: Call<C[A][M]> };
};

export type Connection<C extends Contract> = {
  readonly client: Client<C>;
  /** Resolves with the host's version once it has greeted; rejects with `disconnected`. */
  readonly ready: Promise<{ readonly version: string }>;
  /** Called once; at once when the connection is closed already. */
  readonly onClose: (listener: () => void) => void;
  readonly close: () => void;
};

/** How many stream items may be under way before the client has taken one. */
const WINDOW = 64;

type Pending = {
  readonly item: (value: unknown) => void;
  readonly end: () => void;
  readonly fail: (error: RpcError) => void;
};

/**
 * A typed client over one transport. After it closes every pending call fails with `disconnected`; commands may be sent again. An
 * aborted query rejects with `cancelled`; an aborted stream just ends, because only its consumer can abort it.
 */
export function connect<C extends Contract>(contract: C, transport: Transport): Connection<C> {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let closed: RpcError | null = null;
  let greet: (hello: { readonly version: string }) => void = () => {};
  let refuse: (why: RpcError) => void = () => {};
  const ready = new Promise<{ readonly version: string }>((resolve, reject) => {
    greet = resolve;
    refuse = reject;
  });
  ready.catch(() => {}); // whoever awaits it sees it; nobody has to

  const post = (frame: ClientFrame): void => transport.post(frame);
  const hangUp = (why: RpcError): void => {
    if (closed) return;
    closed = why;
    for (const call of pending.values()) call.fail(why);
    pending.clear();
    refuse(why);
  };

  transport.onClose(() => hangUp(new RpcError('disconnected', 'The connection to omk was lost.')));
  transport.onFrame((raw) => {
    const parsed = ServerFrame.safeParse(raw);
    if (!parsed.success) return;
    const frame = parsed.data;
    if (frame.t === 'hello') {
      if (frame.protocol === PROTOCOL) return greet({ version: frame.version });
      const versions = `The omk that runs here is version ${frame.version} and speaks another protocol.`;
      hangUp(new RpcError('disconnected', `${versions} Quit it and start omk again.`));
      return transport.close();
    }
    const call = pending.get(frame.id);
    if (!call) return; // cancelled meanwhile
    if (frame.t === 'item') return call.item(frame.value);
    pending.delete(frame.id);
    if (frame.t === 'result') call.item(frame.value);
    else if (frame.t === 'end') call.end();
    else call.fail(new RpcError(frame.code, frame.message));
  });

  const call = (path: string, input: unknown, signal?: AbortSignal): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(closed);
      if (signal?.aborted === true) return reject(cancelled());
      const id = nextId++;
      const settle = (): void => signal?.removeEventListener('abort', onAbort);
      const onAbort = (): void => {
        settle();
        pending.delete(id);
        post({ t: 'cancel', id });
        reject(cancelled());
      };
      post({ t: 'call', id, path, input });
      signal?.addEventListener('abort', onAbort, { once: true });
      pending.set(id, {
        item: (value) => (settle(), resolve(value)),
        end: () => (settle(), resolve(undefined)),
        fail: (error) => (settle(), reject(error)),
      });
    });

  async function* items(path: string, input: unknown, signal: AbortSignal): AsyncGenerator<unknown> {
    if (closed) throw closed;
    if (signal.aborted) return;
    const id = nextId++;
    const queue: unknown[] = [];
    let over: RpcError | 'end' | null = null;
    let taken = 0;
    let wake: () => void = () => {};
    const finish = (how: RpcError | 'end'): void => {
      over = how;
      wake();
    };
    const isOver = (): RpcError | 'end' | null => over; // the compiler cannot see that callbacks set it
    // Registered once per stream: a listener per wait would pile up over a long life.
    const leave = (): void => {
      signal.removeEventListener('abort', leave);
      if (pending.delete(id)) post({ t: 'cancel', id });
      wake();
    };
    post({ t: 'open', id, path, input, credit: WINDOW });
    signal.addEventListener('abort', leave, { once: true });
    pending.set(id, {
      item: (value) => (queue.push(value), wake()),
      end: () => finish('end'),
      fail: finish,
    });
    try {
      for (;;) {
        while (queue.length > 0 && !signal.aborted) {
          const value = queue.shift();
          taken += 1;
          if (taken >= WINDOW / 2 && pending.has(id)) {
            post({ t: 'credit', id, n: taken });
            taken = 0;
          }
          yield value;
        }
        if (signal.aborted) return;
        const how = isOver();
        if (how === 'end') return;
        if (how !== null) throw how;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      leave();
    }
  }

  const client: Record<string, Record<string, unknown>> = {};
  for (const [area, methods] of Object.entries(contract)) {
    const calls: Record<string, unknown> = {};
    for (const [method, def] of Object.entries(methods)) {
      const path = `${area}.${method}`;
      calls[method] =
        def.kind === 'stream'
          ? (input: unknown, o: { signal: AbortSignal }) => items(path, input, o.signal)
          : (input: unknown, o?: { signal?: AbortSignal }) => call(path, input, o?.signal);
    }
    client[area] = calls;
  }
  return {
    client: client as unknown as Client<C>,
    ready,
    onClose: (listener) => transport.onClose(listener),
    close: () => transport.close(),
  };
}

const cancelled = (): RpcError => new RpcError('cancelled', 'Cancelled.');
