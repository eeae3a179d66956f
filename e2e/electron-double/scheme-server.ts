import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { handlerOf } from './protocol.ts';
import { mapHeader, toAppUrl } from './scheme-urls.ts';

/** Starts the loopback server behind every custom scheme; Chromium's resolver sends the mapped hosts here. */
export async function startSchemeServer(): Promise<{ port: number; close(): void }> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // In Electron a throwing handler is a failed load, not an error page.
      console.error('electron double: a protocol handler failed:', error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  // listen() on a port always gives an AddressInfo.
  return { port: (server.address() as AddressInfo).port, close };
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = toAppUrl(`http://${incoming.headers.host}${incoming.url}`);
  const handler = handlerOf(url.slice(0, url.indexOf(':')));
  // Anybody on this machine can reach the port; only our own page names a mapped host.
  if (handler === undefined) {
    outgoing.destroy();
    return;
  }
  const response = await handler(toRequest(incoming, url));
  if (response.type === 'error') {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(response.status, response.statusText, mapHeaders(response.headers));
  if (response.body === null || incoming.method === 'HEAD') {
    outgoing.end();
    return;
  }
  // The two libraries declare the same stream twice.
  await pipeline(Readable.fromWeb(response.body as ReadableStream<Uint8Array>), outgoing).catch(() =>
    outgoing.destroy(),
  );
}

function toRequest(incoming: IncomingMessage, url: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name === 'host' || name === 'connection' || value === undefined) continue;
    headers.set(name, name === 'origin' || name === 'referer' ? toAppUrl(String(value)) : String(value));
  }
  const method = incoming.method ?? 'GET';
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  // `duplex` is what Node's fetch asks for with a streamed body and lib.dom does not know.
  const init = { method, headers, body: Readable.toWeb(incoming), duplex: 'half' } as unknown as RequestInit;
  return new Request(url, init);
}

function mapHeaders(headers: Headers): string[] {
  const out: string[] = [];
  for (const [name, value] of headers) {
    if (name !== 'content-length' && name !== 'transfer-encoding') out.push(name, mapHeader(value));
  }
  return out;
}
