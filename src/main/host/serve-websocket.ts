import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { Transport } from '../../shared/rpc/frames.ts';
import { webSocketTransport } from '../../shared/rpc/web-socket-transport.ts';
import { pageHeaders } from './page-policy.ts';
import {
  cookieName,
  mayEnter,
  originOf,
  sameSecret,
  strangeRequest,
  strangeUpgrade,
} from './serve-access.ts';
import type { Access } from './serve-access.ts';
import { builtPage, readStatic } from './static-files.ts';
import { CLIENT_LINE_LIMIT } from './transport-socket.ts';

/** What of a host is served. */
type Served = {
  serve(transport: Transport): void;
  listening(address: string | null): void;
  readonly paths: { readonly serveToken: string };
};

const LOOPBACK = '127.0.0.1';
const BRIDGE = '/bridge';

/**
 * The page and its bridge over HTTP, on loopback, for whoever has the address with the token in it (also in a 0600 file, for
 * programs). The only TCP listener of omk, and only by request. `port` 0 takes a free one.
 */
export async function serveBrowser(
  host: Served,
  o: { readonly port: number; readonly page?: string },
): Promise<
  Result<{ readonly address: string; readonly close: () => Promise<void> }, { readonly message: string }>
> {
  const page = o.page ?? builtPage();
  if (page === null)
    return err({ message: 'The page has not been built. Run `npm run build` in the folder of omk.' });

  const server = createServer();
  const listened = await listen(server, o.port);
  if (!listened.ok) return listened;
  const secret = (): string => randomBytes(32).toString('base64url');
  const access: Access = { host: `${LOOPBACK}:${listened.value}`, token: secret(), session: secret() };
  try {
    rmSync(host.paths.serveToken, { force: true }); // an old one may have other permissions
    writeFileSync(host.paths.serveToken, access.token, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    server.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    return err({ message: `The token could not be written to ${host.paths.serveToken}: ${why}.` });
  }

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: CLIENT_LINE_LIMIT,
    perMessageDeflate: false,
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, access, page).catch(() => response.destroy());
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refused = refuseUpgrade(request, access);
    if (refused) return refuse(socket, refused.status, refused.message);
    sockets.handleUpgrade(request, socket, head, (accepted) => host.serve(webSocketTransport(accepted)));
  });
  host.listening(originOf(access));

  return ok({
    address: `${originOf(access)}/?token=${access.token}`,
    async close() {
      host.listening(null);
      rmSync(host.paths.serveToken, { force: true });
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  });
}

function listen(server: Server, port: number): Promise<Result<number, { readonly message: string }>> {
  return new Promise((resolve) => {
    const failed = (cause: unknown): void => {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
      const why = code === 'EADDRINUSE' ? 'another program uses it' : code;
      resolve(err({ message: `omk cannot listen on ${LOOPBACK}:${port}: ${why}. Name another --port.` }));
    };
    server.once('error', failed);
    try {
      server.listen(port, LOOPBACK, () => {
        server.off('error', failed);
        // A TCP server that listens has an address with a port.
        resolve(ok((server.address() as AddressInfo).port));
      });
    } catch (cause) {
      failed(cause); // a number that is no port is thrown, not emitted
    }
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  page: string,
): Promise<void> {
  const headers = pageHeaders([`ws://${access.host}`]);
  const send = (
    status: number,
    body: string | Uint8Array,
    more: Readonly<Record<string, string>> = {},
  ): void => {
    response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8', ...more });
    response.end(request.method === 'HEAD' ? undefined : body);
  };

  const strange = strangeRequest(request.headers, access);
  if (strange) return send(strange.status, strange.message);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return send(405, 'Only GET and HEAD are answered.', { allow: 'GET, HEAD' });

  const target = parseTarget(request.url);
  if (!target) return send(400, 'This is no address.');
  const given = target.pathname === '/' ? target.searchParams.get('token') : null;
  if (given !== null && sameSecret(given, access.token)) {
    // On to an address without the token, so that it stays in no history and no referrer.
    const cookie = `${cookieName(access)}=${access.session}; Path=/; HttpOnly; SameSite=Strict`;
    return send(303, '', { location: '/', 'set-cookie': cookie });
  }
  if (!mayEnter(request.headers, access))
    return send(401, 'Open the whole address that `omk serve` printed; it lets this browser in.');
  const file = await readStatic(page, target.pathname);
  return file ? send(200, file.bytes, { 'content-type': file.type }) : send(404, 'There is nothing here.');
}

function refuseUpgrade(
  request: IncomingMessage,
  access: Access,
): { readonly status: number; readonly message: string } | null {
  const strange = strangeUpgrade(request.headers, access);
  if (strange) return strange;
  if (!mayEnter(request.headers, access)) return { status: 401, message: 'Not signed in.' };
  return parseTarget(request.url)?.pathname === BRIDGE ? null : { status: 404, message: 'Nothing here.' };
}

function refuse(socket: Duplex, status: number, message: string): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`;
  socket.end(`${head}\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\n${message}`);
}

/** `null` for what is not a path on this server, such as `http://elsewhere/` or `*`. */
function parseTarget(url: string | undefined): { pathname: string; searchParams: URLSearchParams } | null {
  if (url?.startsWith('/') !== true) return null;
  const [pathname = '', query = ''] = url.split(/\?(.*)/s);
  // Not `new URL`: it would resolve `..` before anybody could refuse it.
  return { pathname, searchParams: new URLSearchParams(query) };
}
