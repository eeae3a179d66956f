/** What `omk serve` promises, in a real browser: whoever has the address is let in, pages elsewhere reach nothing. */
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serveOmk } from './serve.ts';
import type { Served } from './serve.ts';
import { watchPages } from './watch-page.ts';

test.describe.configure({ mode: 'serial' });
let served: Served;
test.beforeAll(async () => {
  served = await serveOmk();
});
test.afterAll(async () => {
  expect(await served?.close()).toBe(0);
});

test('opens by its address, which then holds no token, and keeps its policy', async ({ page, context }) => {
  const watched = watchPages(context);
  await page.goto(served.address);
  await expect(page.getByRole('button', { name: /new goal/i }).first()).toBeVisible();
  expect(page.url()).toBe(`${new URL(served.address).origin}/`);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.evaluate(() => document.referrer + JSON.stringify(history.state))).not.toContain('token');
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  await page.reload();
  await expect(page.getByRole('button', { name: /new goal/i }).first()).toBeVisible();
  expect(watched.problems).toEqual([]);
  const { origin } = new URL(served.address);
  expect(
    watched.requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:image/')),
  ).toEqual([]);
});

test('is closed to a browser without the cookie', async ({ page }) => {
  const { origin } = new URL(served.address);
  expect((await page.goto(origin))?.status()).toBe(401);
  expect((await page.goto(`${origin}/?token=${'x'.repeat(43)}`))?.status()).toBe(401);
});

test('a page on another port of this machine reaches nothing, although the cookie would come along', async ({
  page,
}) => {
  await page.goto(served.address);
  await expect(page.getByRole('button', { name: /new goal/i }).first()).toBeVisible();
  const { origin, host } = new URL(served.address);
  const evil = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>evil</title>');
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  try {
    await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
    const reached = await page.evaluate(
      async ({ target, name }) => {
        const outcome: Record<string, string> = {};
        outcome['fetch'] = await fetch(`${target}/`, { credentials: 'include' }).then(
          (one) => `read ${one.status}`,
          () => 'refused',
        );
        outcome['post'] = await fetch(`${target}/`, {
          method: 'POST',
          credentials: 'include',
          mode: 'no-cors',
          body: 'x',
        }).then(
          (one) => `${one.type} ${one.status}`,
          () => 'refused',
        );
        outcome['script'] = await new Promise((resolve) => {
          const script = document.createElement('script');
          script.src = `${target}/index.html`;
          script.onload = () => resolve('loaded');
          script.onerror = () => resolve('refused');
          document.head.append(script);
        });
        outcome['socket'] = await new Promise((resolve) => {
          const socket = new WebSocket(`ws://${name}/bridge`);
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        });
        outcome['frame'] = await new Promise((resolve) => {
          const frame = document.createElement('iframe');
          frame.src = `${target}/`;
          frame.onload = () => resolve(frame.contentDocument === null ? 'refused' : 'readable');
          document.body.append(frame);
        });
        return outcome;
      },
      { target: origin, name: host },
    );
    expect(reached).toEqual({
      fetch: 'refused',
      post: 'refused',
      script: 'refused',
      socket: 'refused',
      frame: 'refused',
    });
  } finally {
    evil.closeAllConnections();
    evil.close();
  }
});

test('its token is in no log, and goes with it', async () => {
  const token = new URL(served.address).searchParams.get('token') ?? 'none';
  const files = readdirSync(served.home, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const holding = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, 'latin1').includes(token));
  expect(holding).toEqual([join(served.home, 'serve-token')]);
  expect(served.printed().split(token)).toHaveLength(2); // the address, once
});
