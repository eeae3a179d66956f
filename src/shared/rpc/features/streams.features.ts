import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import type { Bench } from './bench.features.ts';
import { nobody } from './bench.features.ts';

export function streamFeatures(bench: () => Bench): void {
  test('streams items in order and then ends', async () => {
    const { client } = bench();
    const items: number[] = [];
    for await (const item of client.ticks.upTo({ n: 500 }, { signal: nobody() })) items.push(item);
    expect(items).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  test('streams nothing and ends', async () => {
    const { client } = bench();
    for await (const item of client.ticks.upTo({ n: 0 }, { signal: nobody() })) expect(item).toBe('none');
  });

  test('ends a stream that its consumer aborts, and the producer with it', async () => {
    const { client, service, finished } = bench();
    const controller = new AbortController();
    const got: number[] = [];
    for await (const item of client.ticks.silent({}, { signal: controller.signal })) {
      got.push(item);
      controller.abort();
    }
    expect(got).toEqual([1]);
    await finished(1);
    expect(service.seen.internal).toEqual([]);
  });

  test('ends a stream that is aborted while it waits for the next item', async () => {
    const { client, roundTrips, finished } = bench();
    const controller = new AbortController();
    const items = client.ticks.silent({}, { signal: controller.signal })[Symbol.asyncIterator]();
    await items.next();
    const waiting = items.next();
    await roundTrips(1);
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await finished(1);
  });

  test('tells the producer when the consumer leaves its loop', async () => {
    const { client, service, finished } = bench();
    for await (const item of client.ticks.forever({}, { signal: nobody() })) if (item >= 5) break;
    await finished(1);
    expect(service.seen.signals[0]?.aborted).toBe(true);
  });

  test('tells the producer at once, even while the consumer is busy with an item', async () => {
    const { client, finished } = bench();
    const controller = new AbortController();
    const items = client.ticks.silent({}, { signal: controller.signal })[Symbol.asyncIterator]();
    await items.next();
    controller.abort();
    await finished(1);
  });

  test('slows a fast producer down to its slow consumer', async () => {
    const { client, service, roundTrips } = bench();
    const items = client.ticks.forever({}, { signal: nobody() })[Symbol.asyncIterator]();
    for (let taken = 1; taken <= 200; taken += 1) {
      await items.next();
      if (taken % 50 !== 0) continue;
      await roundTrips(5); // time enough to run ahead
      expect(service.seen.made).toBeLessThanOrEqual(taken + 128);
    }
    await items.return?.();
  });

  test('goes on for ever with a consumer that keeps up', async () => {
    const { client } = bench();
    let sum = 0;
    for await (const item of client.ticks.upTo({ n: 5_000 }, { signal: nobody() })) sum += item;
    expect(sum).toBe((5_000 * 5_001) / 2);
  });

  test('adds no listener per call or per wait', async () => {
    const { client, service } = bench();
    const controller = new AbortController();
    for (let i = 0; i < 50; i += 1) await client.text.join({ a: '', b: '' }, { signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    let most = 0;
    for await (const item of client.ticks.forever({}, { signal: controller.signal })) {
      const served = service.seen.signals[0];
      most = Math.max(
        most,
        getEventListeners(controller.signal, 'abort').length,
        served ? getEventListeners(served, 'abort').length : 0,
      );
      if (item >= 1_000) break;
    }
    expect(most).toBe(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('keeps many streams apart', async () => {
    const { client } = bench();
    const totals = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        let count = 0;
        for await (const item of client.ticks.upTo({ n: index * 10 }, { signal: nobody() })) count = item;
        return count;
      }),
    );
    expect(totals).toEqual(Array.from({ length: 50 }, (_, index) => index * 10));
  });

  test('ends a stream whose handler does not heed its signal', async () => {
    const { wire, roundTrips } = bench();
    const frames: { id?: number }[] = [];
    wire.client.onFrame((frame) => frames.push(frame as { id?: number }));
    wire.client.post({ t: 'open', id: 950, path: 'ticks.deaf', input: {}, credit: 5 });
    await roundTrips(1);
    wire.client.post({ t: 'cancel', id: 950 });
    await roundTrips(1);
    expect(frames.filter((frame) => frame.id === 950)).toMatchObject([
      { t: 'item', value: 1 },
      { t: 'error', code: 'cancelled' },
    ]);
  });
}
