import type { z } from 'zod';
import type { Result } from '../kernel/result.ts';
import type { AnyDef, CommandDef, Contract, QueryDef, StreamDef } from './contract.ts';
import { ServerFrame } from './frames.ts';
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

/** A typed client over one transport. After it closes every pending call fails with `disconnected`; commands may be sent again. */
export function connect<C extends Contract>(contract: C, transport: Transport): Connection<C> {
  const pending = new Map<number, Pending>();
  const closeListeners = new Set<() => void>();
  let nextId = 1;
  let closed = false;
  let greet: (hello: { version: string }) => void = () => {};
  let refuse: (error: RpcError) => void = () => {};
  const ready = new Promise<{ version: string }>((resolve, reject) => {
    greet = resolve;
    refuse = reject;
  });
  ready.catch(() => {}); // whoever awaits it sees it; nobody has to

  const post = (frame: ClientFrame): void => transport.post(frame);
  const gone = (): RpcError => new RpcError('disconnected', 'The connection to omk was lost.');

  transport.onFrame((raw) => {
    const parsed = ServerFrame.safeParse(raw);
    if (!parsed.success) return;
    const frame = parsed.data;
    if (frame.t === 'hello') return greet({ version: frame.version });
    const call = pending.get(frame.id);
    if (!call) return;
    if (frame.t === 'item') return call.item(frame.value);
    pending.delete(frame.id);
    if (frame.t === 'result') call.item(frame.value);
    else if (frame.t === 'end') call.end();
    else call.fail(new RpcError(frame.code, frame.message));
  });
  transport.onClose(() => {
    if (closed) return;
    closed = true;
    for (const call of pending.values()) call.fail(gone());
    pending.clear();
    refuse(gone());
    for (const listener of closeListeners) listener();
  });

  const call = (path: string, input: unknown, signal?: AbortSignal): Promise<unknown> => {
    if (closed) return Promise.reject(gone());
    const id = nextId++;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => post({ t: 'cancel', id });
      const settle = (): void => signal?.removeEventListener('abort', onAbort);
      pending.set(id, {
        item: (value) => (settle(), resolve(value)),
        end: () => (settle(), resolve(undefined)),
        fail: (error) => (settle(), reject(error)),
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      post({ t: 'call', id, path, input });
    });
  };

  async function* items(path: string, input: unknown, signal: AbortSignal): AsyncGenerator<unknown> {
    if (closed) throw gone();
    const id = nextId++;
    const queue: unknown[] = [];
    let done: RpcError | 'end' | null = null;
    let taken = 0;
    let wake: () => void = () => {};
    pending.set(id, {
      item: (value) => (queue.push(value), wake()),
      end: () => ((done = 'end'), wake()),
      fail: (error) => ((done = error), wake()),
    });
    const onAbort = (): void => {
      post({ t: 'cancel', id });
      pending.delete(id);
      done = new RpcError('cancelled', 'Cancelled.');
      wake();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    post({ t: 'open', id, path, input, credit: WINDOW });
    try {
      for (;;) {
        while (queue.length > 0 && !signal.aborted) {
          const value = queue.shift();
          taken += 1;
          if (taken >= WINDOW / 2) {
            post({ t: 'credit', id, n: taken });
            taken = 0;
          }
          yield value;
        }
        if (signal.aborted || done === 'end') return;
        if (done !== null) throw done as RpcError;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (pending.delete(id) && !closed) post({ t: 'cancel', id });
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
    onClose: (listener) => void closeListeners.add(listener),
    close: () => transport.close(),
  };
}
