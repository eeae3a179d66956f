import { createServer } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { expect, test as base } from '@playwright/test';
import type { Page } from '@playwright/test';
import { build } from 'vite';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The page's own policy, as the host sends it. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; worker-src 'self'; connect-src 'self'";

/** What a page did that it must not: errors, refused loads, requests to somewhere else, dialogs. */
export type Misdeeds = string[];

type Fixtures = {
  readonly misdeeds: Misdeeds;
  /** Opens a scene and waits until it is drawn. */
  readonly open: (scene: string, hash?: string) => Promise<Page>;
};

export const test = base.extend<Fixtures, { gallery: string }>({
  // The page with a host in memory, built once a worker and served from this machine alone.
  gallery: [
    // Playwright reads the names of fixtures from the pattern.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'omk-gallery-'));
      await build({
        configFile: join(import.meta.dirname, 'vite.config.ts'),
        build: { outDir: folder, emptyOutDir: true },
        logLevel: 'error',
      });
      const server = createServer((request, response) => {
        const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
        const name = path === '/' ? 'index.html' : path;
        readFile(join(folder, name)).then(
          (bytes) =>
            response
              .writeHead(200, {
                'content-type': types[extname(name)] ?? 'application/octet-stream',
                'content-security-policy': POLICY,
              })
              .end(bytes),
          () => response.writeHead(404).end(),
        );
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await use(`http://127.0.0.1:${port}/`);
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  misdeeds: async ({ page, gallery }, use) => {
    const misdeeds: Misdeeds = [];
    page.on('console', (message) => {
      if (message.type() === 'error') misdeeds.push(message.text());
    });
    page.on('pageerror', (error) => misdeeds.push(error.message));
    page.on('dialog', (dialog) => {
      misdeeds.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(gallery) && !url.startsWith('data:') && !url.startsWith('blob:')) {
        misdeeds.push(`request: ${url}`);
      }
    });
    page.on('popup', (popup) => misdeeds.push(`window: ${popup.url()}`));
    await use(misdeeds);
    expect(misdeeds).toEqual([]);
  },
  open: async ({ page, gallery, misdeeds }, use) => {
    // Every test watches what the page must not do.
    expect(misdeeds).toEqual([]);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await use(async (scene, hash = '') => {
      await page.goto(`${gallery}?scene=${scene}${hash}`);
      await page.locator('#main').waitFor();
      return page;
    });
  },
});

export { expect };
