import { expect, test as base } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchInDouble } from '../launch.ts';

export const fixtureApp = fileURLToPath(new URL('fixture-app', import.meta.url));

/** What the fixture's preload exposes. */
type FixtureBridge = {
  versions: { electron: string };
  list: [number, { two: number }];
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  send(channel: string, ...args: unknown[]): void;
  offerPort(): void;
  pathOf(file: unknown): string;
  apply(fn: unknown, ...args: unknown[]): unknown;
  later(value: unknown): Promise<unknown>;
  reject(): Promise<unknown>;
  fail(): never;
  ipc: object;
  requireFs(): string;
  sendSync(): string;
  exposeTwice(): string;
};

declare global {
  // The page's own names, for the callbacks of page.evaluate.
  interface Window {
    bridge: FixtureBridge;
    port: MessagePort;
    lastPortMessage: unknown;
  }
}

/** `app`: the fixture app in the double. `page`: its window, loaded. `userData`: its folder. */
export const test = base.extend<{ userData: string; app: ElectronApplication; page: Page }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the dependencies off this pattern
  userData: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'electron-double-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  },
  app: async ({ userData }, use) => {
    const app = await launchInDouble(fixtureApp, { userDataDir: userData });
    await use(app);
    await app.close();
  },
  page: async ({ app }, use) => {
    const page = await app.firstWindow();
    await isReady(page);
    await use(page);
  },
});

/** Waits until the page's own script has run. */
export async function isReady(page: Page): Promise<void> {
  await expect(page.getByText('ready', { exact: true })).toBeVisible();
}

/** What the fixture app wrote down of its life, in order. */
export function lifecycle(userData: string): string[] {
  const file = join(userData, 'lifecycle.log');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

export { expect };
