/** What only the desktop has: its menu, tray, notifications, one instance, and what it does when the host cannot be had. */
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from './axe.ts';
import { omk, startHost } from './cli.ts';
import { doublePath, environment, launchInDouble } from './launch.ts';
import { makeProject, sampleGoal } from './sample-project.ts';
import type { Project } from './sample-project.ts';

// Menus, trays and notifications cannot be seen from outside, so all of this runs in the double, which records them.
const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
let home: string;
let project: Project;
const apps: ElectronApplication[] = [];

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omk-e2e-shell-'));
  home = join(folder, 'state');
  project = makeProject();
});
test.afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  project.remove();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

async function launch(...args: string[]): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await launchInDouble(root, {
    userDataDir: join(folder, 'user-data'),
    env: { OMK_HOME: home },
    args,
  });
  apps.push(app);
  return { app, page: await app.firstWindow() };
}
async function close(app: ElectronApplication): Promise<void> {
  apps.splice(apps.indexOf(app), 1);
  await app.close();
}
const newGoal = (page: Page) => page.getByRole('button', { name: 'New goal' }).first();
const goalText = (page: Page) => page.getByLabel('What should be true when it is done?');

const notifications = (app: ElectronApplication) =>
  app.evaluate(() =>
    __electronDouble.notifications.filter((one) => one.shown).map(({ title, body }) => ({ title, body })),
  );
const tray = (app: ElectronApplication) =>
  app.evaluate(() => {
    const [shown] = __electronDouble.trays;
    return { toolTip: shown?.toolTip, menu: shown?.contextMenu?.items.map((item) => item.label) ?? [] };
  });
const menu = (app: ElectronApplication, ...labels: string[]) =>
  app.evaluate(({ Menu }, [top, label]) => {
    const items = Menu.getApplicationMenu()?.items.find((item) => item.label.replace('&', '') === top)
      ?.submenu?.items;
    const item = items?.find((one) => one.label === label);
    if (!item) throw new Error(`There is no ${top} > ${label}.`);
    item.click();
  }, labels);

test('a question is told once, waits in the tray, and a click lands on it', async () => {
  test.setTimeout(120_000);
  const first = await launch();
  await expect(newGoal(first.page)).toBeVisible();
  await expect.poll(async () => (await tray(first.app)).toolTip).toBe('omk: nothing runs');

  const opened = await omk(
    home,
    'goal',
    'run',
    sampleGoal,
    '--repo',
    project.path,
    '--agent',
    'demo',
    '--trust-gates',
  );
  expect(opened.code).toBe(0);
  await expect.poll(() => notifications(first.app), { timeout: 60_000 }).toHaveLength(1);
  const [told] = await notifications(first.app);
  expect(told?.title).toBe('Start with this plan?');
  expect(sampleGoal.startsWith(told?.body.slice(0, 50) ?? '?')).toBe(true);
  await expect.poll(async () => (await tray(first.app)).toolTip).toBe('omk: 1 goal waits for you');
  expect((await tray(first.app)).menu[1]).toMatch(/^Fix src\/money\.js/);
  expect(await first.app.evaluate(({ app }) => app.getBadgeCount())).toBe(1);

  await first.app.evaluate(() => __electronDouble.notifications[0]?.emit('click'));
  await expect(first.page).toHaveURL(/#\/goal\/goal-/);
  await expect(first.page.getByRole('article', { name: 'Start with this plan?' })).toBeFocused();

  await close(first.app);
  const second = await launch();
  await expect.poll(async () => (await tray(second.app)).toolTip).toBe('omk: 1 goal waits for you');
  expect(await notifications(second.app)).toEqual([]);

  // The tray leads there as well.
  await second.app.evaluate(() => __electronDouble.trays[0]?.contextMenu?.items[1]?.click());
  await expect(second.page.getByRole('article', { name: 'Start with this plan?' })).toBeFocused();
});

test('closing the window asks first while goals run', async () => {
  test.setTimeout(120_000);
  const { app, page } = await launch();
  await expect(newGoal(page)).toBeVisible();
  await omk(
    home,
    'goal',
    'run',
    `${sampleGoal} [ask]`,
    '--repo',
    project.path,
    '--agent',
    'demo',
    '--trust-gates',
    '--yes-plan',
  );
  await expect.poll(async () => (await tray(app)).toolTip, { timeout: 60_000 }).toMatch(/1 goal runs/);
  const visible = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible()));
  const closeWindow = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const asked = () => app.evaluate(() => __electronDouble.callsTo('dialog.showMessageBox').length);

  await closeWindow();
  await expect.poll(asked).toBe(1);
  expect(await visible()).toEqual([true]); // "Cancel" is what a closed dialog means

  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
  });
  await closeWindow();
  await expect.poll(visible).toEqual([false]);
  await app.evaluate(() => __electronDouble.trays[0]?.emit('click'));
  await expect.poll(visible).toEqual([true]);
});

test('a folder given at start, or to a second start, opens New goal with it', async () => {
  const { app, page } = await launch(project.path);
  await expect(goalText(page)).toBeVisible();
  await expect(page.getByText(project.path).first()).toBeVisible();

  const other = makeProject();
  const args = [doublePath, root, `--user-data-dir=${join(folder, 'user-data')}`, other.path];
  execFileSync(join(root, 'node_modules', '.bin', 'node'), args, {
    env: { ...environment(), OMK_HOME: home },
  });
  await expect(page.getByText(other.path).first()).toBeVisible();
  expect(app.windows()).toHaveLength(1);
  other.remove();
});

test('the menu reaches the page, and the system’s dialog gives it a folder', async () => {
  const { app, page } = await launch();
  await expect(newGoal(page)).toBeVisible();
  const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
  await menu(app, 'View', 'Toggle Light and Dark');
  await expect.poll(theme).toBeDefined();
  await menu(app, 'Help', 'Keyboard Shortcuts');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await menu(app, 'File', 'New Goal');
  await expect(page.getByLabel('Path of a repository')).toBeVisible();

  // Closed without a choice nothing happens; then a folder is chosen.
  await menu(app, 'File', 'Open Folder…');
  await expect
    .poll(() => app.evaluate(() => __electronDouble.callsTo('dialog.showOpenDialog').length))
    .toBe(1);
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
  }, project.path);
  await menu(app, 'File', 'Open Folder…');
  await expect(goalText(page)).toBeVisible();
  await menu(app, 'Help', 'Open Data Folder');
  expect(await app.evaluate(() => __electronDouble.callsTo('shell.openPath'))).toEqual([[home]]);
});

test('the window comes back where it was, in a file only its owner reads', async () => {
  const first = await launch();
  await expect(newGoal(first.page)).toBeVisible();
  const bounds = { x: 40, y: 60, width: 1_000, height: 640 };
  await first.app.evaluate(
    ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to),
    bounds,
  );
  await close(first.app);
  expect(statSync(join(home, 'window.json')).mode & 0o777).toBe(0o600);
  const second = await launch();
  const now = () => second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  expect(await now()).toEqual(bounds);
  await close(second.app);
  writeFileSync(
    join(home, 'window.json'),
    JSON.stringify({ bounds: { ...bounds, x: 99_999 }, maximized: false }),
  );
  const third = await launch();
  const area = await third.app.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea);
  const { x = 0 } =
    (await third.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())) ?? {};
  expect(x).toBeLessThan(area.x + area.width);
});

test('a window works with the host that runs already, and makes its own when that one ends', async () => {
  const host = await startHost(home);
  const { app, page } = await launch();
  await expect(newGoal(page)).toBeVisible();
  await expect(page.getByText('Drag a repository in')).toBeVisible();
  const owner = () => (JSON.parse(readFileSync(join(home, 'host.json'), 'utf8')) as { pid: number }).pid;
  expect(owner()).toBe(host.pid);
  // The desktop's own part works although the host is somebody else's.
  await menu(app, 'File', 'New Goal');
  await expect(page.getByLabel('Path of a repository')).toBeVisible();

  await host.kill('SIGKILL');
  await expect.poll(owner, { timeout: 15_000 }).toBe(app.process().pid);
  await expect(page.getByText('omk does not answer.')).toBeHidden();
  await page.getByLabel('Path of a repository').fill(project.path);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(goalText(page)).toBeVisible();
});

test('a host that cannot start is a screen with the reason, and a way out', async () => {
  writeFileSync(home, 'in the way');
  const { app, page } = await launch();
  await expect(page.getByRole('heading', { name: 'omk cannot start' })).toBeVisible();
  await expect(page.getByText(home)).toBeVisible();
  await expect(page.getByText('configuration')).toBeVisible();
  expect(await page.locator('script').count()).toBe(0);
  await expectAccessible(page, 'the crash screen');
  await app.evaluate(({ app: electron }) => {
    const quit = electron.quit.bind(electron);
    electron.quit = () => (electron.quit = quit); // once only: the test still has to look
  });
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect.poll(() => app.evaluate(() => __electronDouble.callsTo('app.relaunch').length)).toBe(1);
  const ended = new Promise<void>((resolve) => app.once('close', () => resolve()));
  apps.splice(apps.indexOf(app), 1);
  await page.getByRole('link', { name: 'Quit' }).click();
  await ended;
});

test('a host of another process that does not answer is a screen with the reason', async () => {
  const host = await startHost(home);
  process.kill(host.pid, 'SIGSTOP');
  try {
    const { page } = await launch();
    await expect(page.getByRole('heading', { name: 'omk cannot start' })).toBeVisible({ timeout: 25_000 });
    await expect(page.getByText(/does not answer/)).toBeVisible();
  } finally {
    process.kill(host.pid, 'SIGCONT');
    await host.kill('SIGTERM');
  }
});

test('a bug stops the host, is written down and is shown', async () => {
  const { app, page } = await launch();
  await expect(newGoal(page)).toBeVisible();
  await app.evaluate(() => {
    setTimeout(() => {
      throw new Error('an invariant broke, token ghp_abcdefghijklmnopqrstuvwxyz0123');
    });
  });
  await expect(page.getByRole('heading', { name: /holds to be impossible/ })).toBeVisible();
  const logs = join(home, 'logs');
  const files = readdirSync(logs).filter((name) => name.startsWith('crash-'));
  expect(files).toHaveLength(1);
  const file = join(logs, files[0] ?? '');
  await expect(page.getByText(file)).toBeVisible();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('an invariant broke');
  expect(text).not.toContain('ghp_');
  // The state directory is free again: somebody else's host takes it.
  await expect.poll(() => omk(home, 'goal', 'list').then(({ code }) => code)).toBe(0);
  const next = await startHost(home);
  await next.kill('SIGTERM');
});

test('a page that dies is loaded again', async () => {
  const { app, page } = await launch();
  await expect(newGoal(page)).toBeVisible();
  const loads = app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<string>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.once('did-finish-load', () => resolve(contents.getURL()));
        contents?.forcefullyCrashRenderer();
      }),
  );
  expect(await loads).toMatch(/^app:\/\/omk\//);
});
