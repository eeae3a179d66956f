import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { rpcFeatures } from '../../shared/rpc/rpc.features.ts';
import { webSocketTransport } from '../../shared/rpc/web-socket-transport.ts';
import { CLIENT_LINE_LIMIT, HOST_LINE_LIMIT, socketTransport } from './transport-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'omk-transport-'));
const open = new Set<() => void>();
afterEach(() => {
  for (const close of open) close();
  open.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Both ends of a fresh Unix socket. */
async function unixPair(): Promise<{ near: Socket; far: Socket }> {
  const path = join(folder, `${Math.random()}.sock`);
  const server = createServer().listen(path);
  await once(server, 'listening');
  const near = connect(path);
  const [far] = (await once(server, 'connection')) as [Socket];
  server.close();
  open.add(() => {
    near.destroy();
    far.destroy();
  });
  return { near, far };
}

rpcFeatures('a Unix socket', async () => {
  const { near, far } = await unixPair();
  return {
    client: socketTransport(near, HOST_LINE_LIMIT),
    server: socketTransport(far, CLIENT_LINE_LIMIT),
    cut: () => far.destroy(),
  };
});

async function webPair(): Promise<{ near: WebSocket; far: WebSocket }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: CLIENT_LINE_LIMIT });
  await once(server, 'listening');
  const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [far] = (await once(server, 'connection')) as [WebSocket];
  await once(near, 'open');
  open.add(() => {
    near.terminate();
    server.close();
  });
  return { near, far };
}

rpcFeatures('a WebSocket', async () => {
  const { near, far } = await webPair();
  return {
    client: webSocketTransport(near),
    server: webSocketTransport(far),
    cut: () => far.terminate(),
  };
});

test('a line that is not JSON ends a Unix socket', async () => {
  const { near, far } = await unixPair();
  const frames: unknown[] = [];
  const server = socketTransport(far, CLIENT_LINE_LIMIT);
  server.onFrame((frame) => frames.push(frame));
  const closed = new Promise<void>((resolve) => server.onClose(resolve));
  near.write('{"t":"cancel","id":1}\nGET / HTTP/1.1\r\n{"t":"cancel","id":2}\n');
  await closed;
  expect(frames).toEqual([{ t: 'cancel', id: 1 }]);
});

test('a line without an end is cut off at the limit', async () => {
  const { near, far } = await unixPair();
  const server = socketTransport(far, 100_000);
  const closed = new Promise<void>((resolve) => server.onClose(resolve));
  near.on('error', () => {});
  near.write(`"${'x'.repeat(200_000)}`);
  await closed;
});

test('a line split anywhere, also within a character, arrives whole', async () => {
  const { near, far } = await unixPair();
  const server = socketTransport(far, CLIENT_LINE_LIMIT);
  const arrived = new Promise((resolve) => server.onFrame(resolve));
  for (const byte of Buffer.from('{"text":"\u{1F600}é\\n"}\n')) near.write(Uint8Array.of(byte));
  expect(await arrived).toEqual({ text: '\u{1F600}é\n' });
});

test('a message that is not JSON text ends a WebSocket', async () => {
  for (const message of ['GET /', '', Buffer.from('{}')]) {
    const { near, far } = await webPair();
    const server = webSocketTransport(far);
    const closed = new Promise<void>((resolve) => server.onClose(resolve));
    near.send(message);
    await closed;
    expect(far.readyState).not.toBe(WebSocket.OPEN);
  }
});

test('a message over the limit ends a WebSocket', async () => {
  const { near, far } = await webPair();
  const server = webSocketTransport(far);
  const closed = new Promise<void>((resolve) => server.onClose(resolve));
  near.on('error', () => {});
  near.send('x'.repeat(CLIENT_LINE_LIMIT + 1));
  await closed;
});
