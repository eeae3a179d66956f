import { chromium, expect } from '@playwright/test';
import type { ElectronApplication, Page, TestInfo } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropPaths } from './drop-paths.ts';
import { launchOmk } from './launch.ts';
import { serveOmk } from './serve.ts';
import { watchPages } from './watch-page.ts';

/** Where a person works with omk: the desktop window, or a browser on `omk serve`. The same page either way. */
export type Desk = {
  readonly page: Page;
  /** The desktop application; `null` in a browser. */
  readonly app: ElectronApplication | null;
  /** The state directory. */
  readonly home: string;
  /** What went wrong in the page so far. */
  readonly problems: readonly string[];
  /** Gives omk a repository: by dropping it on the window, or by its path where a browser hides paths. */
  readonly giveRepository: (path: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export const desks = ['desktop', 'browser'] as const;

export async function openDesk(kind: (typeof desks)[number], info: TestInfo): Promise<Desk> {
  const home = mkdtempSync(join(tmpdir(), 'omk-e2e-desk-'));
  const desk = await (kind === 'desktop' ? openWindow(home) : openBrowser(home, info));
  await expect(desk.page.getByRole('button', { name: 'New goal' }).first()).toBeVisible();
  return {
    ...desk,
    home,
    async close() {
      await desk.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function openWindow(home: string): Promise<Omit<Desk, 'home'>> {
  const app = await launchOmk({ env: { OMK_HOME: home } });
  const { problems } = watchPages(app.context());
  const page = await app.firstWindow();
  return {
    page,
    app,
    problems,
    giveRepository: (path) => dropPaths(app, page.locator('body'), [path]),
    close: () => app.close(),
  };
}

async function openBrowser(home: string, info: TestInfo): Promise<Omit<Desk, 'home'>> {
  const served = await serveOmk({ home });
  const browser = await chromium.launch(info.project.use.launchOptions ?? {});
  const context = await browser.newContext();
  const { problems } = watchPages(context);
  const page = await context.newPage();
  await page.goto(served.address);
  return {
    page,
    app: null,
    problems,
    async giveRepository(path) {
      await page.getByRole('button', { name: 'New goal' }).first().click();
      await page.getByLabel('Path of a repository').fill(path);
      await page.getByRole('button', { name: 'Open', exact: true }).click();
    },
    async close() {
      await browser.close();
      expect(await served.close()).toBe(0);
    },
  };
}
