import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dropPaths } from '../drop-paths.ts';
import { expect, isReady, lifecycle, test } from './fixture.ts';

test.describe('the custom scheme', () => {
  test('serves files with its headers, and a missing one as 404', async ({ app, page }) => {
    const result = await page.evaluate(async () => {
      const inline = document.createElement('script');
      inline.textContent = 'window.inlineRan = true';
      document.head.append(inline);
      return {
        inlineRan: 'inlineRan' in window,
        secure: isSecureContext,
        origin: location.origin === document.defaultView?.origin,
      };
    });
    expect(result).toEqual({ inlineRan: false, secure: true, origin: true });
    const missing = await page.goto(page.url().replace('index.html', 'nothing.html'));
    expect(missing?.status()).toBe(404);
    const url = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
    );
    expect(url).toBe('fixture://main/nothing.html');
  });
});

test.describe('windows the page asks for', () => {
  test('window.open gives null, links and modified clicks open nothing, and each is handed to the app once', async ({
    app,
    page,
  }) => {
    expect(await page.evaluate(() => window.open('https://opened.test/x'))).toBeNull();
    await page.locator('#blank').click();
    await page.locator('#away').click({ modifiers: ['ControlOrMeta'] });
    const opened = (): Promise<unknown[]> =>
      app.evaluate(() => __electronDouble.callsTo('shell.openExternal').map(([url]) => url));
    await expect.poll(opened).toEqual(['https://opened.test/x', 'https://blank.test/', 'https://away.test/']);
    // Everything the double does about a window it did not ask for is done once this round trip is.
    await page.evaluate(() => window.bridge.invoke('echo'));
    await expect.poll(() => app.windows().length).toBe(1);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('a navigation the page begins is put before will-navigate, one the test begins is not', async ({
    page,
    userData,
  }) => {
    await page.locator('#away').click();
    await expect.poll(() => lifecycle(userData)).toEqual(['will-navigate https://away.test/']);
    await page.locator('#hash').click();
    await page.reload();
    await isReady(page);
    expect(lifecycle(userData)).toEqual(['will-navigate https://away.test/']);
    await page.locator('#scheme').click();
    await expect(page).toHaveURL(/\?again$/);
    await isReady(page);
    expect(lifecycle(userData)).toEqual([
      'will-navigate https://away.test/',
      'will-navigate fixture://main/index.html?again',
    ]);
  });
});

test.describe('dropping', () => {
  test('a dropped folder has its absolute path, a made-up file none', async ({ app, page, userData }) => {
    const folder = join(userData, 'my repo');
    mkdirSync(folder);
    await dropPaths(app, page.locator('#drop'), [folder]);
    await expect(page.locator('#dropped')).toHaveText(`folder ${folder}`);
    expect(await page.evaluate(() => window.bridge.pathOf(new File(['x'], 'my repo')))).toBe('');
    await expect(page.evaluate(() => window.bridge.pathOf({ name: 'my repo' }))).rejects.toThrow(
      'expected to receive a File object',
    );
  });

  test('a folder dropped beside the drop zone leaves the page where it is', async ({
    app,
    page,
    userData,
  }) => {
    const folder = join(userData, 'beside');
    mkdirSync(folder);
    await dropPaths(app, page.locator('h1'), [folder]);
    await page.evaluate(() => window.bridge.invoke('echo'));
    await expect(page.locator('#dropped')).toHaveText('');
    expect(
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL()),
    ).toBe('fixture://main/index.html');
  });
});
