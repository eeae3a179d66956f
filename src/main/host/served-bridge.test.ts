import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { WebSocket } from 'ws';
import type { Transport } from '../../shared/rpc/frames.ts';
import { rpcFeatures } from '../../shared/rpc/rpc.features.ts';
import { webSocketTransport } from '../../shared/rpc/web-socket-transport.ts';
import { serveBrowser } from './serve-websocket.ts';

const folder = mkdtempSync(join(tmpdir(), 'omk-served-'));
const headers = { origin: '', cookie: '' };
let accept: (transport: Transport) => void = () => {};
let close: () => Promise<void>;

beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), '');
  const host = {
    serve: (transport: Transport) => accept(transport),
    listening: () => {},
    paths: { serveToken: join(folder, 'token') },
  };
  const served = await serveBrowser(host, { port: 0, page: folder });
  if (!served.ok) throw new Error(served.error.message);
  close = served.value.close;
  const answer = await fetch(served.value.address, { redirect: 'manual' });
  headers.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  headers.origin = new URL(served.value.address).origin;
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

rpcFeatures('the served bridge', async () => {
  const accepted = new Promise<Transport>((resolve) => (accept = resolve));
  const socket = new WebSocket(`${headers.origin.replace('http', 'ws')}/bridge`, { headers });
  await once(socket, 'open');
  // There is no handle on the server's raw socket; the client's end is cut instead.
  return { client: webSocketTransport(socket), server: await accepted, cut: () => socket.terminate() };
});
