import { expect, test } from 'vitest';
import { z } from 'zod';
import { connect } from '../../shared/rpc/connect.ts';
import { defineContract, query, stream } from '../../shared/rpc/contract.ts';
import { memoryPair } from '../../shared/rpc/memory.ts';
import { rpcFeatures } from '../../shared/rpc/rpc.features.ts';
import { serve } from '../../shared/rpc/serve.ts';
import { divert, pipe } from './divert.ts';

rpcFeatures('a wire that is diverted for nothing', async () => {
  const [client, far] = memoryPair();
  const server = divert(far, new Set(['app.pickFolder']), () => {});
  return { client, server, cut: () => far.close() };
});

rpcFeatures('two wires joined', async () => {
  const [client, a] = memoryPair();
  const [b, server] = memoryPair();
  pipe(a, b);
  return { client, server, cut: () => server.close() };
});

const contract = defineContract({
  where: {
    local: query(z.object({}), z.string()),
    remote: query(z.object({}), z.string()),
    ticks: stream(z.object({}), z.string()),
    remoteTicks: stream(z.object({}), z.string()),
  },
});

function setUp() {
  const aborted: string[] = [];
  const handlers = (name: string) => ({
    where: {
      local: () => name,
      remote: () => name,
      async *ticks(_input: unknown, signal: AbortSignal) {
        signal.addEventListener('abort', () => aborted.push(name));
        for (;;) yield name;
      },
      async *remoteTicks(_input: unknown, signal: AbortSignal) {
        signal.addEventListener('abort', () => aborted.push(name));
        for (;;) yield name;
      },
    },
  });
  const options = (version: string) => ({ version, checkOutputs: true, onInternal: () => {} });
  const [near, far] = memoryPair();
  const connection = connect(contract, near);
  const rest = divert(far, new Set(['where.local', 'where.ticks']), (here) =>
    serve(contract, handlers('here'), here, options('desktop')),
  );
  serve(contract, handlers('there'), rest, options('host'));
  return { ...connection, rest, aborted };
}

test('named paths are answered here, all others by the host', async () => {
  const { client, ready } = setUp();
  const answers = await Promise.all([
    client.where.local({}),
    client.where.remote({}),
    client.where.local({}),
  ]);
  expect(answers).toEqual(['here', 'there', 'here']);
  expect(await ready).toEqual({ version: 'host' });
});

test('credit and cancellation find the side that streams', async () => {
  const { client, aborted } = setUp();
  for (const [name, path] of [
    ['here', 'ticks'],
    ['there', 'remoteTicks'],
  ] as const) {
    let count = 0;
    // More items than the first credit allows.
    for await (const item of client.where[path]({}, { signal: new AbortController().signal })) {
      expect(item).toBe(name);
      if ((count += 1) === 300) break;
    }
  }
  await client.where.remote({});
  expect(aborted).toEqual(['here', 'there']);
});

test('both sides hear that the client went away', async () => {
  const { client, close, aborted } = setUp();
  const signal = new AbortController().signal;
  const here = client.where.ticks({}, { signal })[Symbol.asyncIterator]();
  const there = client.where.remoteTicks({}, { signal })[Symbol.asyncIterator]();
  await Promise.all([here.next(), there.next()]);
  close();
  await expect.poll(() => aborted).toEqual(['here', 'there']);
});

test('a host that ends takes the whole connection along', async () => {
  const { client, onClose, rest, aborted } = setUp();
  const here = client.where.ticks({}, { signal: new AbortController().signal })[Symbol.asyncIterator]();
  await here.next();
  const closed = new Promise<void>((resolve) => onClose(resolve));
  rest.close();
  await closed;
  expect(aborted).toEqual(['here']);
});
