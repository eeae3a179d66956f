import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Transport } from '../../shared/rpc/frames.ts';
import { serveBrowser } from './serve-websocket.ts';

const folder = mkdtempSync(join(tmpdir(), 'omk-serve-'));
const page = join(folder, 'page');
const paths = { serveToken: join(folder, 'serve-token') };
const told: (string | null)[] = [];
let onServe: (transport: Transport) => void = () => {};
const host = {
  serve: (transport: Transport) => onServe(transport),
  listening: (address: string | null) => void told.push(address),
  paths,
};
let served: { address: string; close: () => Promise<void> };
let port = 0;
let token = '';
let cookie = '';

beforeAll(async () => {
  mkdirSync(join(page, 'assets'), { recursive: true });
  writeFileSync(join(page, 'index.html'), '<p>page</p>');
  writeFileSync(join(page, 'assets', 'app.js'), 'export {};');
  const started = await serveBrowser(host, { port: 0, page });
  if (!started.ok) throw new Error(started.error.message);
  served = started.value;
  const address = new URL(served.address);
  port = Number(address.port);
  token = address.searchParams.get('token') ?? '';
  cookie = cookieOf(await get(`/?token=${token}`));
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

function get(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const cookieOf = (answer: Answer): string => (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';

/** The request's very bytes, for what a decent client would never send. */
async function raw(head: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(head);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(socket, 'close');
  return text;
}

/** `open`, or the status the upgrade was refused with. */
function upgrade(path: string, headers: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', (error) => reject(error));
  });
}
const own = (): Record<string, string> => ({ origin: `http://127.0.0.1:${port}`, cookie });

describe('getting in', () => {
  test('the address is on loopback and carries 32 random bytes, which are in a file only its owner reads', () => {
    expect(served.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    expect(readFileSync(paths.serveToken, 'utf8')).toBe(token);
    expect(statSync(paths.serveToken).mode & 0o777).toBe(0o600);
    expect(told).toEqual([`http://127.0.0.1:${port}`]);
  });

  test('the token is exchanged for a cookie that scripts cannot read, at an address without it', async () => {
    const answer = await get(`/?token=${token}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']).toHaveLength(1);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^omk-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(JSON.stringify(answer)).not.toContain(token);
  });

  test('the cookie opens the page', async () => {
    const answer = await get('/', { cookie: `other=1; ${cookie}; more=2` });
    expect(answer).toMatchObject({ status: 200, body: '<p>page</p>' });
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  test('a program that read the token file comes in by its header', async () => {
    expect(await get('/', { authorization: `Bearer ${token}` })).toMatchObject({ status: 200 });
    expect(await get('/', { authorization: `Basic ${token}` })).toMatchObject({ status: 401 });
    expect(await get('/', { authorization: token })).toMatchObject({ status: 401 });
  });

  test.each([
    ['nothing', '/', {}],
    ['a wrong token', `/?token=${'x'.repeat(43)}`, {}],
    ['an empty token', '/?token=', {}],
    ['a token that is too long', `/?token=${'x'.repeat(5_000)}`, {}],
    ['an empty cookie', '/', { cookie: 'omk-1=' }],
    ['an asset without the cookie', '/assets/app.js', {}],
    ['a path that is not there without the cookie', '/nothing.js', {}],
  ])('%s is not let in, and learns nothing', async (_name, path, headers) => {
    const answer = await get(path, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).not.toMatch(/page|export/);
  });

  test('the token is no cookie, and the cookie is no token', async () => {
    const name = cookie.split('=')[0] ?? '';
    const value = cookie.split('=')[1] ?? '';
    expect(value).not.toBe(token);
    expect(await get('/', { cookie: `${name}=${token}` })).toMatchObject({ status: 401 });
    expect(await get(`/?token=${value}`)).toMatchObject({ status: 401 });
  });

  test('the token is taken at the root only', async () => {
    expect(await get(`/assets/app.js?token=${token}`)).toMatchObject({ status: 401 });
  });

  test('another omk on this machine has a cookie of its own', async () => {
    const second = await serveBrowser(
      { ...host, paths: { serveToken: join(folder, 'second-token') } },
      { port: 0, page },
    );
    if (!second.ok) throw new Error(second.error.message);
    const theirs = new URL(second.value.address);
    const answer = await fetch(theirs, { redirect: 'manual' });
    expect(answer.headers.get('set-cookie')?.split('=')[0]).toBe(`omk-${theirs.port}`);
    expect(cookie.split('=')[0]).not.toBe(`omk-${theirs.port}`);
    await second.value.close();
    expect(existsSync(join(folder, 'second-token'))).toBe(false);
  });
});

describe('answers', () => {
  test('every answer carries the policy of the page', async () => {
    for (const path of ['/', '/nothing', '/assets/app.js']) {
      const { headers } = await get(path, { cookie });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
          `img-src 'self' data:; font-src 'self'; worker-src 'self'; connect-src 'self' ws://127.0.0.1:${port}; ` +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['cache-control']).toBe('no-store');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  test('HEAD has the headers of GET and no body', async () => {
    const answer = await get('/', { cookie }, 'HEAD');
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s is refused', async (method) => {
    const answer = await get('/', { cookie }, method, method === 'TRACE' ? '' : 'x=1');
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
  });

  test.each([
    '/../serve-token',
    '/%2e%2e/serve-token',
    '/assets/../../serve-token',
    '/..%2fserve-token',
    '//etc/passwd',
    '/etc/passwd',
    'http://127.0.0.1/etc/passwd',
    '*',
    'serve-token',
  ])('%s leads nowhere', async (path) => {
    const text = await raw(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(text).not.toContain(token);
    expect(text).not.toContain('root:');
  });

  test('a request that names no host is refused', async () => {
    const rest = `Cookie: ${cookie}\r\nConnection: close\r\n\r\n`;
    expect(await raw(`GET / HTTP/1.0\r\n${rest}`)).toMatch(/^HTTP\/1\.1 421 /);
    expect(await raw(`GET / HTTP/1.1\r\nHost:\r\n${rest}`)).toMatch(/^HTTP\/1\.1 421 /);
  });

  test('nonsense on the line is refused and the server lives on', async () => {
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await get('/', { cookie })).toMatchObject({ status: 200 });
  });
});

describe('pages elsewhere', () => {
  test.each(['evil.example', 'localhost:1', `evil.example:1`, '127.0.0.1', `[::1]:1`])(
    'a request for the host %j is refused, as after DNS rebinding',
    async (name) => {
      const headers = { host: name, cookie };
      expect((await get('/', headers)).status).toBeOneOf([400, 421]);
      expect((await get(`/?token=${token}`, headers)).headers['set-cookie']).toBeUndefined();
    },
  );

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1', 'file://'])(
    'a request from the origin %s is refused',
    async (origin) => {
      const answer = await get('/', { origin, cookie });
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    },
  );

  test.each([
    ['a script', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
    [
      'another port',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    ],
    ['a frame', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['fetch', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  ])('what %s of another page asks for is refused although the cookie came along', async (_name, headers) => {
    expect(await get('/assets/app.js', { cookie, ...headers })).toMatchObject({ status: 403 });
  });

  test('a link from another page opens ours', async () => {
    const navigation = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect(await get('/', { cookie, ...navigation })).toMatchObject({ status: 200 });
  });
});

describe('the bridge', () => {
  test('opens for our own page', async () => {
    const transports: Transport[] = [];
    onServe = (transport) => void transports.push(transport);
    const socket = await upgrade('/bridge', own());
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    expect(transports).toHaveLength(1);
    socket.terminate();
  });

  const refusals: [string, string, () => Record<string, string>, number][] = [
    ['without a cookie', '/bridge', () => ({ origin: `http://127.0.0.1:${port}` }), 401],
    ['with a wrong cookie', '/bridge', () => ({ ...own(), cookie: `${cookie}x` }), 401],
    ['without an origin', '/bridge', () => ({ cookie }), 403],
    ['without an origin, with the token', '/bridge', () => ({ authorization: `Bearer ${token}` }), 403],
    ['from another page', '/bridge', () => ({ ...own(), origin: 'http://evil.example' }), 403],
    ['from another port', '/bridge', () => ({ ...own(), origin: 'http://127.0.0.1:1' }), 403],
    ['from a page without an origin', '/bridge', () => ({ ...own(), origin: 'null' }), 403],
    ['by another name', '/bridge', () => ({ ...own(), host: 'evil.example' }), 421],
    ['by another name of this machine', '/bridge', () => ({ ...own(), host: `localhost:${port}` }), 421],
    ['at another path', '/', () => own(), 404],
    ['with the token in the address', '/bridge?token=x', () => ({ origin: own()['origin'] ?? '' }), 401],
  ];
  test.each(refusals)('%s is refused', async (_name, path, headers, status) => {
    let asked = 0;
    onServe = () => void (asked += 1);
    expect(await upgrade(path, headers())).toBe(status);
    expect(asked).toBe(0);
  });
});

describe('listening', () => {
  test('happens on 127.0.0.1 and nowhere else', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((one) => one.address !== '127.0.0.1' && !one.address.startsWith('fe80'));
    for (const { address } of others) {
      const socket = connect(port, address);
      const [cause] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(cause.code).toMatch(/ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/);
    }
  });

  test('a port in use is a sentence, not a crash', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const started = await serveBrowser(host, { port: (taken.address() as AddressInfo).port, page });
    expect(started).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('another program') as string },
    });
    taken.close();
    expect(await serveBrowser(host, { port: 70_000, page })).toMatchObject({ ok: false });
  });

  test('a token that cannot be written is a sentence, and nothing listens', async () => {
    const started = await serveBrowser(
      { ...host, paths: { serveToken: join(folder, 'no', 'x') } },
      { port: 0, page },
    );
    expect(started).toMatchObject({ ok: false });
  });
});
