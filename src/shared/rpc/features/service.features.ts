import { z } from 'zod';
import { err, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { command, defineContract, query, stream } from '../contract.ts';
import type { Transport } from '../frames.ts';
import { RpcError } from '../rpc-error.ts';
import { serve } from '../serve.ts';
import type { Handlers } from '../serve.ts';

export const contract = defineContract({
  text: {
    join: query(z.object({ a: z.string(), b: z.string() }), z.string()),
    hang: query(z.object({}), z.null()),
    deaf: query(z.object({}), z.null()),
    fail: query(z.object({ how: z.enum(['throw', 'reject', 'unsendable', 'own_error']) }), z.unknown()),
    lie: query(z.object({}), z.number()),
    length: query(z.object({ text: z.string() }), z.number()),
    repeat: query(z.object({ text: z.string(), times: z.number() }), z.string()),
  },
  notes: {
    write: command(
      z.object({ commandId: z.string(), note: z.string() }),
      z.object({ position: z.number() }),
      z.object({ code: z.enum(['note.empty']), message: z.string() }),
    ),
  },
  ticks: {
    upTo: stream(z.object({ n: z.number() }), z.number()),
    forever: stream(z.object({}), z.number()),
    silent: stream(z.object({}), z.number()),
    deaf: stream(z.object({}), z.number()),
    broken: stream(z.object({ after: z.number() }), z.number()),
    lie: stream(z.object({}), z.number()),
  },
});

/** A host to call: it counts what it made, and what was told to stop. */
export function createService() {
  const seen = {
    signals: [] as AbortSignal[],
    made: 0,
    finished: 0,
    notes: [] as string[],
    /** Called when a note was written and nobody has heard of it yet. */
    onWritten: () => {},
    internal: [] as { path: string; cause: unknown }[],
  };
  const receipts = new Map<string, Result<{ position: number }, { code: 'note.empty'; message: string }>>();
  const never = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });

  const handlers: Handlers<typeof contract> = {
    text: {
      join: ({ a, b }) => a + b,
      hang(_input, signal) {
        seen.signals.push(signal);
        return never(signal);
      },
      deaf(_input, signal) {
        seen.signals.push(signal);
        return new Promise<null>(() => {});
      },
      fail({ how }) {
        if (how === 'unsendable')
          return {
            get value(): never {
              throw new Error('secret /srv/path');
            },
          };
        if (how === 'reject') return Promise.reject(new Error('secret /srv/path'));
        if (how === 'own_error') throw new RpcError('internal', 'said on purpose');
        throw new Error('secret /srv/path');
      },
      lie: () => 'not a number' as unknown as number,
      length: ({ text }) => text.length,
      repeat: ({ text, times }) => text.repeat(times),
    },
    notes: {
      write({ commandId, note }) {
        const before = receipts.get(commandId);
        if (before) return before;
        if (note !== '') seen.notes.push(note);
        const outcome =
          note === ''
            ? err({ code: 'note.empty' as const, message: 'A note needs words.' })
            : ok({ position: seen.notes.length });
        receipts.set(commandId, outcome);
        seen.onWritten();
        return outcome;
      },
    },
    ticks: {
      async *upTo({ n }) {
        for (let i = 1; i <= n; i += 1) {
          seen.made += 1;
          yield i;
        }
      },
      async *forever(_input, signal) {
        seen.signals.push(signal);
        try {
          for (;;) {
            seen.made += 1;
            yield seen.made;
          }
        } finally {
          seen.finished += 1;
        }
      },
      async *silent(_input, signal) {
        seen.signals.push(signal);
        try {
          yield 1;
          await never(signal);
        } finally {
          seen.finished += 1;
        }
      },
      async *deaf() {
        yield 1;
        await new Promise(() => {});
      },
      async *broken({ after }) {
        for (let i = 1; i <= after; i += 1) yield i;
        throw new Error('secret /srv/path');
      },
      async *lie() {
        yield 'not a number' as unknown as number;
      },
    },
  };
  return {
    seen,
    serve: (transport: Transport) =>
      serve(contract, handlers, transport, {
        version: '1.2.3',
        checkOutputs: true,
        onInternal: (path, cause) => seen.internal.push({ path, cause }),
      }),
  };
}

export const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const outcome = await promise.then(
    () => null,
    (cause: unknown) => cause,
  );
  return outcome instanceof RpcError ? outcome.code : `not an RpcError: ${String(outcome)}`;
};
