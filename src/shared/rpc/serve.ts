import { z } from 'zod';
import type { Result } from '../kernel/result.ts';
import type { AnyDef, CommandDef, Contract, QueryDef, StreamDef } from './contract.ts';
import { ClientFrame, PROTOCOL } from './frames.ts';
import type { ServerFrame, Transport } from './frames.ts';
import { RpcError } from './rpc-error.ts';

type Handler<D extends AnyDef> =
  D extends CommandDef<infer I, infer O, infer R>
    ? (
        input: z.infer<I>,
        signal: AbortSignal,
      ) => Promise<Result<z.infer<O>, z.infer<R>>> | Result<z.infer<O>, z.infer<R>>
    : D extends QueryDef<infer I, infer O>
      ? (input: z.infer<I>, signal: AbortSignal) => Promise<z.infer<O>> | z.infer<O>
      : D extends StreamDef<infer I, infer T>
        ? (input: z.infer<I>, signal: AbortSignal) => AsyncIterable<z.infer<T>>
        : never;

export type Handlers<C extends Contract> = {
  readonly [A in keyof C]: { readonly [M in keyof C[A]]: Handler<C[A][M]> };
};

type LooseHandler = (input: unknown, signal: AbortSignal) => unknown;
type Open = { readonly controller: AbortController; readonly grant: (n: number) => void };

/** Enough of a call to tell its caller that it is wrong, instead of leaving it to wait. */
const Misformed = z.object({ t: z.enum(['call', 'open']), id: z.number().int() });
/** Far above what a client needs at once; a runaway loop in one must not eat the host. */
const OPEN_LIMIT = 10_000;

/**
 * Serves one client over one transport until it closes. Inputs are always validated; outputs when `checkOutputs` is set
 * (development and tests). A throwing handler becomes an `internal` error without its stack: nothing of the host leaks.
 */
export function serve<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  transport: Transport,
  o: {
    readonly version: string;
    readonly checkOutputs: boolean;
    readonly onInternal: (path: string, cause: unknown) => void;
  },
): void {
  const open = new Map<number, Open>();
  const post = (frame: ServerFrame): void => transport.post(frame);
  const fail = (id: number, cause: unknown, path: string): void => {
    if (cause instanceof RpcError) return post({ t: 'error', id, code: cause.code, message: cause.message });
    o.onInternal(path, cause);
    post({
      t: 'error',
      id,
      code: 'internal',
      message: 'omk failed to answer this. The details are in its log.',
    });
  };

  const find = (path: string): { def: AnyDef; handler: LooseHandler } => {
    const [area = '', method = '', ...rest] = path.split('.');
    const def = own(own(contract, area), method) as AnyDef | undefined;
    const handler = own(own(handlers, area), method) as LooseHandler | undefined;
    if (!def || !handler || rest.length > 0) throw new RpcError('unknown_path', `There is no ${path}.`);
    return { def, handler };
  };
  const check = (schema: z.ZodType, value: unknown, path: string): void => {
    if (!o.checkOutputs) return;
    const parsed = schema.safeParse(value);
    if (!parsed.success)
      throw new RpcError(
        'invalid_output',
        `${path} answered what its contract does not allow: ${parsed.error.message}`,
      );
  };

  const answer = async (id: number, path: string, input: unknown): Promise<void> => {
    const controller = new AbortController();
    open.set(id, { controller, grant: () => {} });
    try {
      const { def, handler } = find(path);
      if (def.kind === 'stream') throw new RpcError('unknown_path', `${path} is a stream.`);
      const value = await handler(parse(def, input), controller.signal);
      // A command that was carried out says so, whatever happened meanwhile; an answer nobody waits for is dropped.
      if (def.kind === 'query') {
        if (controller.signal.aborted) throw cancelled();
        check(def.output, value, path);
      } else checkResult(def, value as Result<unknown, unknown>, path);
      post({ t: 'result', id, value });
    } catch (cause) {
      fail(id, ended(controller.signal, cause) ? cancelled() : cause, path);
    } finally {
      open.delete(id);
    }
  };
  const checkResult = (
    def: Extract<AnyDef, { kind: 'command' }>,
    result: Result<unknown, unknown>,
    path: string,
  ): void => (result.ok ? check(def.output, result.value, path) : check(def.rejection, result.error, path));

  const flow = async (id: number, path: string, input: unknown, initial: number): Promise<void> => {
    const controller = new AbortController();
    const { signal } = controller;
    let credit = initial;
    let credited: () => void = () => {};
    let stop: () => void = () => {};
    // Registered once per stream: a listener per wait would pile up over a long life.
    signal.addEventListener('abort', () => (credited(), stop()), { once: true });
    open.set(id, {
      controller,
      grant(n) {
        credit += n;
        credited();
      },
    });
    let iterator: AsyncIterator<unknown> | null = null;
    try {
      const { def, handler } = find(path);
      if (def.kind !== 'stream') throw new RpcError('unknown_path', `${path} is not a stream.`);
      iterator = (handler(parse(def, input), signal) as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      for (;;) {
        // Nothing is made that could not be sent: a slow client slows its producer down.
        while (credit <= 0 && !signal.aborted) await new Promise<void>((resolve) => (credited = resolve));
        if (signal.aborted) throw cancelled();
        const next = await until(iterator.next(), (release) => (stop = release));
        if (signal.aborted || next === null) throw cancelled();
        if (next.done === true) break;
        check(def.item, next.value, path);
        credit -= 1;
        post({ t: 'item', id, value: next.value });
      }
      post({ t: 'end', id });
    } catch (cause) {
      fail(id, ended(signal, cause) ? cancelled() : cause, path);
      // A handler that heeds neither its signal nor this ends when it likes; nobody waits for it.
      iterator?.return?.().catch((late: unknown) => o.onInternal(path, late));
    } finally {
      open.delete(id);
    }
  };

  const begin = (id: number, run: () => Promise<void>): void => {
    if (open.has(id)) return; // an id means one call; the first one answers
    if (open.size >= OPEN_LIMIT)
      return post({ t: 'error', id, code: 'internal', message: 'Too many calls are open at once.' });
    void run();
  };

  transport.onFrame((raw) => {
    const parsed = ClientFrame.safeParse(raw);
    if (!parsed.success) {
      const call = Misformed.safeParse(raw); // anything else is not our protocol: nothing to answer to
      if (call.success && !open.has(call.data.id))
        post({
          t: 'error',
          id: call.data.id,
          code: 'invalid_input',
          message: 'This call has no valid form.',
        });
      return;
    }
    const frame = parsed.data;
    switch (frame.t) {
      case 'call':
        return begin(frame.id, () => answer(frame.id, frame.path, frame.input));
      case 'open':
        return begin(frame.id, () => flow(frame.id, frame.path, frame.input, frame.credit));
      case 'credit':
        return open.get(frame.id)?.grant(frame.n);
      case 'cancel':
        return open.get(frame.id)?.controller.abort('cancelled');
    }
  });
  transport.onClose(() => {
    for (const { controller } of open.values()) controller.abort('disconnected');
    open.clear();
  });
  post({ t: 'hello', protocol: PROTOCOL, version: o.version });
}

const cancelled = (): RpcError => new RpcError('cancelled', 'Cancelled.');

function parse(def: AnyDef, input: unknown): unknown {
  const parsed = def.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  const where = first?.path.join('.') ?? '';
  throw new RpcError('invalid_input', `${where}${where === '' ? '' : ': '}${first?.message ?? 'not valid'}`);
}

/** Whether a handler threw because it was told to stop, which is no failure. */
const ended = (signal: AbortSignal, cause: unknown): boolean =>
  signal.aborted && (cause === signal.reason || (cause instanceof Error && cause.name === 'AbortError'));

/** The promise's value, or `null` when it was released first. */
function until<T>(promise: Promise<T>, onWait: (release: () => void) => void): Promise<T | null> {
  return new Promise((resolve, reject) => {
    onWait(() => resolve(null));
    promise.then(resolve, reject);
  });
}

/** Own members only: a path such as `constructor.call` finds nothing. */
function own(object: unknown, key: string): unknown {
  return object !== null && typeof object === 'object' && Object.hasOwn(object, key)
    ? (object as Record<string, unknown>)[key]
    : undefined;
}
