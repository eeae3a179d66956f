import { _electron } from '@playwright/test';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { doublePath, environment, launchInDouble } from '../launch.ts';
import { expect, fixtureApp, isReady, lifecycle, test } from './fixture.ts';

/** Every process with this text in its command line, ourselves and Playwright's own left out by the text. */
function processesOf(userData: string): number[] {
  const output = execFileSync('ps', ['-eo', 'pid=,args=', '-ww'], { encoding: 'utf8' });
  const lines = output.split('\n').filter((line) => line.includes(userData));
  return lines.map((line) => Number(line.trim().split(/\s+/)[0]));
}

function start(userData: string, ...args: string[]): ChildProcess {
  return spawn(doublePath, [fixtureApp, `--user-data-dir=${userData}`, ...args], {
    env: environment(),
    stdio: 'ignore',
  });
}

test('a second instance hands its command line to the first and ends', async ({ app, page, userData }) => {
  const second = start(userData, '--open=this');
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect(page.getByText(`"second":"--open=this"`)).toContainText(`"from":${second.pid}`);
  expect(await app.evaluate(({ app: electronApp }) => electronApp.hasSingleInstanceLock())).toBe(true);
});

test('quit asks, closes the windows, and ends in Electron’s order', async ({ app, page, userData }) => {
  await app.evaluate(({ app: electronApp, BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    window?.once('close', (event) => event.preventDefault());
    electronApp.quit();
  });
  expect(page.isClosed()).toBe(false);
  expect(lifecycle(userData)).toEqual(['before-quit']);
  const ended = once(app.process(), 'exit');
  await app.close();
  expect(await ended).toEqual([0, null]);
  expect(lifecycle(userData)).toEqual(['before-quit', 'before-quit', 'closed', 'will-quit', 'quit']);
  expect(processesOf(userData)).toEqual([]);
});

test('the last window closing is told to the app, which may then quit', async ({ app, page, userData }) => {
  const ended = app.waitForEvent('close');
  await page.evaluate(() => window.close());
  await ended;
  expect(lifecycle(userData)).toEqual(['closed', 'window-all-closed', 'before-quit', 'will-quit', 'quit']);
});

test('a page that refuses to unload keeps its window and stops the quit', async ({ app, page, userData }) => {
  // Chromium only asks a page somebody has used.
  await page.locator('#chord').click();
  await page.evaluate(() => addEventListener('beforeunload', (event) => event.preventDefault()));
  await app.evaluate(({ app: electronApp, BrowserWindow }) =>
    new Promise((resolve) => {
      BrowserWindow.getAllWindows()[0]?.webContents.once('will-prevent-unload', resolve);
      electronApp.quit();
    }).then(() => 0),
  );
  // The page still answers, so it was not closed after all.
  expect(await page.evaluate(() => window.bridge.invoke('add', 1, 1))).toBe(2);
  expect(lifecycle(userData)).toEqual(['before-quit']);
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-prevent-unload', (event) =>
      event.preventDefault(),
    );
  });
});

test('Playwright’s own loader can hold the start back instead', async ({ userData }) => {
  const core = createRequire(import.meta.url).resolve('playwright-core/package.json');
  const app = await _electron.launch({
    executablePath: doublePath,
    args: [
      '-r',
      join(dirname(core), 'lib/server/electron/loader.js'),
      fixtureApp,
      `--user-data-dir=${userData}`,
    ],
    env: environment(),
  });
  await isReady(await app.firstWindow());
  const state = await app.evaluate(({ app: electronApp }) => [
    electronApp.isReady(),
    electronApp.commandLine.hasSwitch('metrics-recording-only'),
  ]);
  expect(state).toEqual([true, true]);
  await app.close();
});

test('app.exit ends at once with its code', async ({ app, userData }) => {
  const ended = once(app.process(), 'exit');
  await app.evaluate(({ app: electronApp }) => electronApp.exit(7)).catch(() => undefined);
  expect(await ended).toEqual([7, null]);
  expect(lifecycle(userData)).toEqual(['closed', 'quit']);
});

test('SIGTERM quits as a person would', async ({ app, page, userData }) => {
  const ended = once(app.process(), 'exit');
  process.kill(app.process().pid ?? 0, 'SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(lifecycle(userData)).toContain('before-quit');
  expect(page.isClosed()).toBe(true);
});

test('killed, it takes Chromium along, and starts again on the same folder with what pages stored', async ({
  userData,
}) => {
  const first = await launchInDouble(fixtureApp, { userDataDir: userData });
  const page = await first.firstWindow();
  await isReady(page);
  await page.evaluate(() => localStorage.setItem('kept', 'yes'));
  // Chromium writes what pages store some time later; closing the page makes it do so now.
  await first.close();

  const second = await launchInDouble(fixtureApp, { userDataDir: userData });
  await isReady(await second.firstWindow());
  const closed = second.waitForEvent('close');
  process.kill(second.process().pid ?? 0, 'SIGKILL');
  await closed;
  const third = await launchInDouble(fixtureApp, { userDataDir: userData });
  const again = await third.firstWindow();
  await isReady(again);
  expect(await again.evaluate(() => localStorage.getItem('kept'))).toBe('yes');
  await third.close();
  await expect.poll(() => processesOf(userData)).toEqual([]);
});

test('killed, it leaves no process behind', async ({ userData }) => {
  const app = await launchInDouble(fixtureApp, { userDataDir: userData });
  await isReady(await app.firstWindow());
  expect(processesOf(userData).length).toBeGreaterThan(2);
  process.kill(app.process().pid ?? 0, 'SIGKILL');
  await expect.poll(() => processesOf(userData)).toEqual([]);
});

test('when whoever started it is killed, it ends and so does Chromium', async ({ userData }) => {
  // The shell stays between us and the double, and waits for it.
  const command = `"$0" "$@"; exit $?`;
  const shell = spawn('/bin/sh', ['-c', command, doublePath, fixtureApp, `--user-data-dir=${userData}`], {
    env: environment(),
    stdio: 'ignore',
  });
  await expect.poll(() => processesOf(`${userData}/electron-double-profile`).length).toBeGreaterThan(0);
  shell.kill('SIGKILL');
  await expect.poll(() => processesOf(userData)).toEqual([]);
});

test('under an older Node it goes on under this project’s', async ({ userData }) => {
  const old = oldNode();
  test.skip(old === undefined, 'No Node older than 22.18 on this machine.');
  const child = spawn(old ?? '', [doublePath, fixtureApp, `--user-data-dir=${userData}`], {
    stdio: 'ignore',
  });
  await expect.poll(() => processesOf(`${userData}/electron-double-profile`).length).toBeGreaterThan(0);
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(lifecycle(userData)).toContain('before-quit');
});

function oldNode(): string | undefined {
  for (const path of ['/usr/bin/node', '/usr/local/bin/node']) {
    if (!existsSync(path)) continue;
    const [major = 0] = execFileSync(path, ['--version'], { encoding: 'utf8' })
      .slice(1)
      .split('.')
      .map(Number);
    if (major < 22) return path;
  }
  return undefined;
}
