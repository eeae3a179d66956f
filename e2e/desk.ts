import { chromium, expect } from '@playwright/test';
import type { ElectronApplication, Page, TestInfo } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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
  /** Where the person's downloads go: in a home of their own. */
  readonly downloads: string;
  /** What went wrong in the page so far. */
  readonly problems: readonly string[];
  /** Gives omk a repository: by dropping it on the window, or by its path where a browser hides paths. */
  readonly giveRepository: (path: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export const desks = ['desktop', 'browser'] as const;

export async function openDesk(kind: (typeof desks)[number], info: TestInfo): Promise<Desk> {
  const home = mkdtempSync(join(tmpdir(), 'omk-e2e-desk-'));
  const downloads = join(home, 'person', 'Downloads');
  mkdirSync(downloads, { recursive: true });
  const env = { OMK_HOME: home, HOME: join(home, 'person') };
  const desk = await (kind === 'desktop' ? openWindow(env) : openBrowser(home, env, info));
  await expect(desk.page.getByRole('button', { name: 'New goal' }).first()).toBeVisible();
  return {
    ...desk,
    home,
    downloads,
    async close() {
      await desk.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function openWindow(env: Readonly<Record<string, string>>): Promise<Omit<Desk, 'home' | 'downloads'>> {
  const app = await launchOmk({ env });
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

async function openBrowser(
  home: string,
  env: Readonly<Record<string, string>>,
  info: TestInfo,
): Promise<Omit<Desk, 'home' | 'downloads'>> {
  const served = await serveOmk({ home, env });
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
