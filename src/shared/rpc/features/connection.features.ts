import { expect, test } from 'vitest';
import { ok } from '../../kernel/result.ts';
import { connect } from '../connect.ts';
import type { Bench } from './bench.features.ts';
import { nobody } from './bench.features.ts';
import { codeOf, contract } from './service.features.ts';

export function connectionFeatures(bench: () => Bench): void {
  test('greets with its version', async () => {
    const { connection } = bench();
    expect(await connection.ready).toEqual({ version: '1.2.3' });
  });

  test('knows its own paths and nothing a prototype offers', async () => {
    const { wire, roundTrips } = bench();
    const frames: { id: number; code: string }[] = [];
    wire.client.onFrame((frame) => frames.push(frame as { id: number; code: string }));
    const paths = [
      'text.nothing',
      'constructor',
      'constructor.constructor',
      '__proto__',
      '__proto__.toString',
      'text.constructor',
      'text.__proto__',
      'text.hasOwnProperty',
      'text.join.call',
      'text.',
      '.join',
      '',
      '.',
    ];
    paths.forEach((path, index) => wire.client.post({ t: 'call', id: 1000 + index, path, input: {} }));
    paths.forEach((path, index) =>
      wire.client.post({ t: 'open', id: 2000 + index, path, input: {}, credit: 1 }),
    );
    // The right name asked for in the wrong way.
    wire.client.post({ t: 'call', id: 3000, path: 'ticks.upTo', input: { n: 1 } });
    wire.client.post({ t: 'open', id: 3001, path: 'text.join', input: { a: '', b: '' }, credit: 1 });
    await roundTrips(1);
    const refused = frames.filter((frame) => frame.id >= 1000);
    expect(refused.map((frame) => frame.code)).toEqual(
      Array.from({ length: 2 * paths.length + 2 }, () => 'unknown_path'),
    );
  });

  test('fails what is under way when the connection is cut', async () => {
    const { client, wire, roundTrips } = bench();
    const hanging = client.text.hang({});
    const items = client.ticks.silent({}, { signal: nobody() })[Symbol.asyncIterator]();
    await items.next();
    const next = items.next();
    await roundTrips(1);
    wire.cut();
    expect(await codeOf(hanging)).toBe('disconnected');
    expect(await codeOf(next)).toBe('disconnected');
    expect(await codeOf(client.text.join({ a: '', b: '' }))).toBe('disconnected');
    const late = client.ticks.upTo({ n: 1 }, { signal: nobody() })[Symbol.asyncIterator]();
    expect(await codeOf(late.next())).toBe('disconnected');
  });

  test('stops what it does for a client that went away', async () => {
    const { client, service, wire, roundTrips, finished } = bench();
    client.text.hang({}).catch(() => {});
    const items = client.ticks.forever({}, { signal: nobody() })[Symbol.asyncIterator]();
    await items.next();
    await roundTrips(1);
    wire.cut();
    await finished(1);
    expect(service.seen.signals.map((signal) => signal.aborted)).toEqual([true, true]);
    expect(service.seen.internal).toEqual([]);
  });

  test('gives what had arrived before a disconnect, then the disconnect', async () => {
    const { client, wire, roundTrips } = bench();
    const items = client.ticks.silent({}, { signal: nobody() })[Symbol.asyncIterator]();
    const first = items.next();
    await roundTrips(1);
    wire.cut();
    expect(await first).toEqual({ done: false, value: 1 });
    expect(await codeOf(items.next())).toBe('disconnected');
  });

  test('carries a command out once, although it is sent again after a disconnect', async () => {
    const { client, service, wire, open } = bench();
    service.seen.onWritten = () => wire.cut();
    expect(await codeOf(client.notes.write({ commandId: 'one', note: 'milk' }))).toBe('disconnected');
    service.seen.onWritten = () => {};
    const again = await open();
    const second = connect(contract, again.client);
    service.serve(again.server);
    expect(await second.client.notes.write({ commandId: 'one', note: 'milk' })).toEqual(ok({ position: 1 }));
    expect(service.seen.notes).toEqual(['milk']);
    second.close();
    again.cut();
  });

  test('closes twice as well as once, and tells each side once', async () => {
    const { client, connection, wire } = bench();
    await connection.ready;
    const told: string[] = [];
    connection.onClose(() => told.push('client'));
    const serverClosed = new Promise<void>((resolve) => {
      wire.server.onClose(() => {
        told.push('server');
        resolve();
      });
    });
    connection.close();
    connection.close();
    await serverClosed;
    wire.server.close();
    wire.cut();
    expect(told.toSorted()).toEqual(['client', 'server']);
    let late = 0;
    connection.onClose(() => (late += 1));
    expect(late).toBe(1);
    expect(await codeOf(client.text.join({ a: '', b: '' }))).toBe('disconnected');
  });

  test('rejects ready when nobody greets before the connection ends', async () => {
    const { open } = bench();
    const other = await open();
    const mute = connect(contract, other.client);
    other.cut();
    expect(await codeOf(mute.ready)).toBe('disconnected');
  });

  test('hangs up on a host that speaks another protocol, and says so', async () => {
    const { open } = bench();
    const other = await open();
    const newer = connect(contract, other.client);
    other.server.post({ t: 'hello', protocol: 2, version: '9.0.0' });
    await expect(newer.ready).rejects.toThrow(/version 9\.0\.0/);
    expect(await codeOf(newer.client.text.join({ a: '', b: '' }))).toBe('disconnected');
    other.cut();
  });

  test('is not disturbed by frames that mean nothing', async () => {
    const { client, wire } = bench();
    const garbage = [
      null,
      0,
      'call',
      [],
      {},
      { t: 'call' },
      { t: 'call', id: 'x', path: 'text.join', input: {} },
      { t: 'call', id: 1.5, path: 'text.join', input: {} },
      { t: 'open', id: 5, path: 'ticks.upTo', input: { n: 1 }, credit: -1 },
      { t: 'credit', id: 12_345, n: 1 },
      { t: 'cancel', id: 12_345 },
      { t: 'call', id: 6, path: 'x'.repeat(101), input: {} },
      JSON.parse('{"__proto__":{"t":"cancel"},"t":"nothing"}') as unknown,
    ];
    for (const frame of garbage) {
      wire.client.post(frame);
      wire.server.post(frame);
    }
    expect(await client.text.join({ a: 'still ', b: 'here' })).toBe('still here');
    expect(Object.hasOwn(Object.prototype, 't')).toBe(false);
  });

  test('answers a call it cannot understand, when it can tell which', async () => {
    const { wire, roundTrips } = bench();
    const frames: { id?: number; code?: string }[] = [];
    wire.client.onFrame((frame) => frames.push(frame as { id?: number }));
    wire.client.post({ t: 'call', id: 901, path: 'x'.repeat(101), input: {} });
    wire.client.post({ t: 'open', id: 902, path: 'ticks.upTo', input: { n: 1 } });
    await roundTrips(1);
    const refused = frames.filter((frame) => (frame.id ?? 0) > 900);
    expect(refused).toMatchObject([
      { id: 901, code: 'invalid_input' },
      { id: 902, code: 'invalid_input' },
    ]);
  });

  test('lets the first of two calls with one id win', async () => {
    const { wire, roundTrips } = bench();
    const frames: unknown[] = [];
    wire.client.onFrame((frame) => frames.push(frame));
    wire.client.post({ t: 'call', id: 777, path: 'text.hang', input: {} });
    wire.client.post({ t: 'call', id: 777, path: 'text.join', input: { a: '', b: '' } });
    await roundTrips(2);
    expect(frames.filter((frame) => (frame as { id?: number }).id === 777)).toEqual([]);
  });

  test('carries large inputs and larger answers', async () => {
    const { client } = bench();
    expect(await client.text.length({ text: '\u{1F600}'.repeat(1_000_000) })).toBe(2_000_000);
    const answer = await client.text.repeat({ text: '0123456789abcdé\n', times: 1_500_000 });
    expect(answer.length).toBe(24_000_000);
  });
}
