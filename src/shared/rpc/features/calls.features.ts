import { expect, expectTypeOf, test } from 'vitest';
import { err, ok } from '../../kernel/result.ts';
import type { Bench } from './bench.features.ts';
import { nobody } from './bench.features.ts';
import { codeOf } from './service.features.ts';

export function callFeatures(bench: () => Bench): void {
  test('answers a query', async () => {
    const { client } = bench();
    expect(await client.text.join({ a: 'a', b: '\u{1F600}\0\n"' })).toBe('a\u{1F600}\0\n"');
    expectTypeOf(client.text.join).returns.resolves.toEqualTypeOf<string>();
  });

  test('gives what a command did, and its refusal as a value', async () => {
    const { client } = bench();
    const done = await client.notes.write({ commandId: 'one', note: 'milk' });
    expect(done).toEqual(ok({ position: 1 }));
    const refused = await client.notes.write({ commandId: 'two', note: '' });
    expect(refused).toEqual(err({ code: 'note.empty', message: 'A note needs words.' }));
  });

  test('refuses input that does not fit, before the handler sees it', async () => {
    const { client, service } = bench();
    expect(await codeOf(client.text.join({ a: 1, b: '' } as never))).toBe('invalid_input');
    expect(await codeOf(client.text.join(undefined as never))).toBe('invalid_input');
    await expect(client.text.join({ a: 1, b: '' } as never)).rejects.toThrow(/^a: /);
    const items = client.ticks.upTo({ n: 'x' } as never, { signal: nobody() });
    expect(await codeOf(items[Symbol.asyncIterator]().next())).toBe('invalid_input');
    expect(service.seen.internal).toEqual([]);
  });

  test('says that a handler failed, and not how', async () => {
    const { client, service } = bench();
    for (const how of ['throw', 'reject', 'unsendable'] as const) {
      const failed = client.text.fail({ how });
      expect(await codeOf(failed)).toBe('internal');
      await expect(failed).rejects.not.toThrow(/secret|srv|\n/);
    }
    const items = client.ticks.broken({ after: 2 }, { signal: nobody() });
    const got: number[] = [];
    const failed = (async () => {
      for await (const item of items) got.push(item);
    })();
    expect(await codeOf(failed)).toBe('internal');
    await expect(failed).rejects.not.toThrow(/secret|srv|\n/);
    expect(got).toEqual([1, 2]);
    expect(service.seen.internal.map((one) => one.path)).toEqual([
      'text.fail',
      'text.fail',
      'text.fail',
      'ticks.broken',
    ]);
  });

  test('passes an error of the bridge on as it is', async () => {
    const { client, service } = bench();
    await expect(client.text.fail({ how: 'own_error' })).rejects.toThrow('said on purpose');
    expect(service.seen.internal).toEqual([]);
  });

  test('catches an answer that breaks the contract', async () => {
    const { client } = bench();
    expect(await codeOf(client.text.lie({}))).toBe('invalid_output');
    const items = client.ticks.lie({}, { signal: nobody() });
    expect(await codeOf(items[Symbol.asyncIterator]().next())).toBe('invalid_output');
  });

  test('cancels a query on both sides', async () => {
    const { client, service, roundTrips } = bench();
    const controller = new AbortController();
    const hanging = client.text.hang({}, { signal: controller.signal });
    await roundTrips(1);
    controller.abort();
    expect(await codeOf(hanging)).toBe('cancelled');
    await roundTrips(1);
    expect(service.seen.signals.map((signal) => signal.aborted)).toEqual([true]);
    expect(service.seen.internal).toEqual([]);
  });

  test('does not wait for a handler that does not heed its signal', async () => {
    const { client, roundTrips } = bench();
    const controller = new AbortController();
    const hanging = client.text.deaf({}, { signal: controller.signal });
    await roundTrips(1);
    controller.abort();
    expect(await codeOf(hanging)).toBe('cancelled');
  });

  test('sends nothing for a query that was cancelled before it began', async () => {
    const { client, service, roundTrips } = bench();
    expect(await codeOf(client.text.hang({}, { signal: AbortSignal.abort() }))).toBe('cancelled');
    for await (const item of client.ticks.forever({}, { signal: AbortSignal.abort() }))
      expect(item).toBe('none');
    await roundTrips(1);
    expect(service.seen.signals).toEqual([]);
  });

  test('answers 1,000 calls at once, each with its own answer', async () => {
    const { client } = bench();
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => client.text.join({ a: `${index}`, b: '.' })),
    );
    expect(answers).toEqual(Array.from({ length: 1_000 }, (_, index) => `${index}.`));
  });
}
