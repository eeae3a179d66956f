import type { z } from 'zod';
import type { Result } from '../kernel/result.ts';
import type { AnyDef, CommandDef, Contract, QueryDef, StreamDef } from './contract.ts';
import { ClientFrame } from './frames.ts';
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
  const open = new Map<number, { readonly controller: AbortController; grant: (n: number) => void }>();
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
    if (!def || !handler || rest.length > 0)
      throw new RpcError('unknown_path', `There is no ${path.slice(0, 100)}.`);
    return { def, handler };
  };
  const parse = (def: AnyDef, input: unknown): unknown => {
    const parsed = def.input.safeParse(input);
    if (parsed.success) return parsed.data;
    const first = parsed.error.issues[0];
    throw new RpcError('invalid_input', `${first?.path.join('.') ?? ''}: ${first?.message ?? 'not valid'}`);
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
      if (controller.signal.aborted) throw new RpcError('cancelled', 'Cancelled.');
      if (def.kind === 'query') check(def.output, value, path);
      post({ t: 'result', id, value });
    } catch (cause) {
      fail(id, cause, path);
    } finally {
      open.delete(id);
    }
  };

  const flow = async (id: number, path: string, input: unknown, initial: number): Promise<void> => {
    const controller = new AbortController();
    let credit = initial;
    let wake: () => void = () => {};
    const grant = (n: number): void => {
      credit += n;
      wake();
    };
    // Registered once per stream: a listener per wait would pile up over a long life.
    controller.signal.addEventListener('abort', () => wake(), { once: true });
    open.set(id, { controller, grant });
    try {
      const { def, handler } = find(path);
      if (def.kind !== 'stream') throw new RpcError('unknown_path', `${path} is not a stream.`);
      for await (const item of handler(parse(def, input), controller.signal) as AsyncIterable<unknown>) {
        while (credit <= 0 && !controller.signal.aborted)
          await new Promise<void>((resolve) => (wake = resolve));
        if (controller.signal.aborted) break;
        check(def.item, item, path);
        credit -= 1;
        post({ t: 'item', id, value: item });
      }
      if (controller.signal.aborted) post({ t: 'error', id, code: 'cancelled', message: 'Cancelled.' });
      else post({ t: 'end', id });
    } catch (cause) {
      fail(id, cause, path);
    } finally {
      open.delete(id);
    }
  };

  transport.onFrame((raw) => {
    const parsed = ClientFrame.safeParse(raw);
    if (!parsed.success) return; // not our protocol: nothing to answer to
    const frame = parsed.data;
    switch (frame.t) {
      case 'call':
        if (!open.has(frame.id)) void answer(frame.id, frame.path, frame.input);
        return;
      case 'open':
        if (!open.has(frame.id)) void flow(frame.id, frame.path, frame.input, frame.credit);
        return;
      case 'credit':
        open.get(frame.id)?.grant(frame.n);
        return;
      case 'cancel':
        open.get(frame.id)?.controller.abort('cancelled');
        return;
    }
  });
  transport.onClose(() => {
    for (const { controller } of open.values()) controller.abort('disconnected');
    open.clear();
  });
  post({ t: 'hello', protocol: 1, version: o.version });
}

/** Own members only: a path such as `constructor.call` finds nothing. */
function own(object: unknown, key: string): unknown {
  return object !== null && typeof object === 'object' && Object.hasOwn(object, key)
    ? (object as Record<string, unknown>)[key]
    : undefined;
}
