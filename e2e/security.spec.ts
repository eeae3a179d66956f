/**
 * Electron's security checklist (its documentation's twenty items, by number) over the built shell in the double of
 * Electron, which records what the shell asks Electron for.
 */
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchInDouble } from './launch.ts';
import { watchPages } from './watch-page.ts';
import type { Watched } from './watch-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; worker-src 'self'; connect-src 'self'";

/** Text files below a folder. */
function textsOf(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.(ts|js|cjs|html|css)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

test.describe('the desktop shell', () => {
  test.describe.configure({ mode: 'serial' });
  let home: string;
  let app: ElectronApplication;
  let page: Page;
  let watched: Watched;

  test.beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'omk-e2e-security-'));
    app = await launchInDouble(root, { env: { OMK_HOME: home } });
    watched = watchPages(app.context());
    page = await app.firstWindow();
    await expect(page.getByRole('button', { name: /new goal/i }).first()).toBeVisible();
  });
  test.afterAll(async () => {
    await app?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  const calls = (api: string): Promise<unknown[][]> =>
    app.evaluate(
      (_electron, name) => JSON.parse(JSON.stringify(__electronDouble.callsTo(name))) as unknown[][],
      api,
    );
  const dialogs = async (): Promise<number> => (await calls('dialog.showMessageBox')).length;

  test('1, 18: everything is loaded from the page’s own scheme, nothing from the network or file://', async () => {
    expect(watched.problems).toEqual([]);
    const origin = new URL(page.url()).origin;
    expect(watched.requests.length).toBeGreaterThan(3);
    expect(
      watched.requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:image/')),
    ).toEqual([]);
    const urls = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.webContents.getURL()),
    );
    expect(urls).toEqual([expect.stringMatching(/^app:\/\/omk\//)]);
    for (const { path, text } of textsOf(join(root, 'src', 'main', 'shell')))
      expect(text, path).not.toMatch(/file:\/\/|loadFile|http:\/\//);
  });

  test('2, 3, 4, 6, 8, 9, 10: the window is isolated, sandboxed and has no switch of weakness', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) =>
      // What the double's window was made with; Electron itself does not tell.
      BrowserWindow.getAllWindows().map(
        (one) =>
          (one as unknown as { doubleOptions: { webPreferences: Record<string, unknown> } }).doubleOptions
            .webPreferences,
      ),
    );
    expect(preferences).toHaveLength(1);
    expect(preferences[0]).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
    expect(preferences[0]).not.toHaveProperty('enableBlinkFeatures');
    expect(preferences[0]).not.toHaveProperty('additionalArguments');
    expect(await calls('app.enableSandbox')).toHaveLength(1);
    const scheme = { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } };
    expect(await calls('protocol.registerSchemesAsPrivileged')).toEqual([[[scheme]]]);
    const reach = await page.evaluate(() =>
      ['require', 'process', 'module', 'global', 'Buffer', '__dirname'].filter((name) => name in window),
    );
    expect(reach).toEqual([]);
  });

  test('5: notifications and writing to the clipboard are granted to the page, and nothing else to nobody', async () => {
    const asked = [
      'media',
      'geolocation',
      'midiSysex',
      'pointerLock',
      'fullscreen',
      'openExternal',
      'clipboard-read',
      'display-capture',
      'hid',
      'serial',
      'usb',
      'fileSystem',
      'unknown',
    ];
    const answers = await app.evaluate(
      async (_electron, names) =>
        Promise.all(names.map((name) => __electronDouble.askPermission(name, 'app://omk/'))),
      asked,
    );
    expect(answers).toEqual(asked.map(() => false));
    const granted = await app.evaluate(async () => [
      await __electronDouble.askPermission('notifications', 'app://omk/'),
      await __electronDouble.askPermission('clipboard-sanitized-write', 'app://omk/'),
      await __electronDouble.askPermission('notifications', 'https://evil.example/'),
      await __electronDouble.askPermission('notifications', 'app://omk.evil/'),
    ]);
    expect(granted).toEqual([true, true, false, false]);
    expect(await calls('session.setDevicePermissionHandler')).toHaveLength(1);
  });

  test('7: the page has its policy, and heeds it', async () => {
    const headers = await page.evaluate(async () => {
      const response = await fetch(location.href);
      return Object.fromEntries(response.headers);
    });
    expect(headers['content-security-policy']).toBe(
      `${POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    const blocked = await page.evaluate(async () => {
      const seen: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.pwned = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.setAttribute('onerror', 'window.pwned = true');
      image.src = 'https://evil.example/x.png';
      document.body.append(image);
      const frame = document.createElement('iframe');
      frame.src = 'https://evil.example/';
      document.body.append(frame);
      await fetch('https://evil.example/').catch(() => undefined);
      // Text as code; eval itself is let through where a debugger asks for it, as this test does.
      // oxlint-disable-next-line no-implied-eval
      setTimeout('window.pwned = true', 0);
      await new Promise((resolve) => setTimeout(resolve, 200));
      for (const element of [script, image, frame]) element.remove();
      return { seen, pwned: 'pwned' in window };
    });
    expect(blocked.pwned).toBe(false);
    expect([...new Set(blocked.seen)].toSorted()).toEqual([
      'connect-src',
      'frame-src',
      'img-src',
      'script-src',
      'script-src-attr',
      'script-src-elem',
    ]);
  });

  test('11, 12: nothing can be embedded', async () => {
    const prevented = await app.evaluate(({ BrowserWindow }) => {
      let stopped = false;
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      contents?.emit('will-attach-webview', { preventDefault: () => (stopped = true) }, {}, {});
      return stopped;
    });
    expect(prevented).toBe(true);
    for (const { path, text } of textsOf(join(root, 'out', 'renderer')))
      expect(text, path).not.toMatch(/<webview|allowpopups/);
  });

  test('13: the page stays where it is', async () => {
    const address = page.url();
    for (const target of [
      'https://evil.example/',
      'http://127.0.0.1:1/',
      'file:///etc/passwd',
      'data:text/html,x',
      'javascript:void(window.pwned=1)',
      'app://other/',
    ]) {
      await page.evaluate((url) => {
        const link = document.createElement('a');
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
      }, target);
    }
    await page.evaluate(() => (location.href = 'https://evil.example/'));
    await expect(page.getByRole('button', { name: /new goal/i }).first()).toBeVisible();
    expect(page.url()).toBe(address);
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
    expect(await calls('shell.openExternal')).toEqual([]);
    const redirected = await app.evaluate(({ BrowserWindow }) => {
      let stopped = 0;
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const event = { preventDefault: () => (stopped += 1), isMainFrame: false };
      contents?.emit('will-redirect', event, 'https://evil.example/');
      contents?.emit('will-frame-navigate', event);
      return stopped;
    });
    expect(redirected).toBe(2);
  });

  test('14, 15: no window opens; https is opened outside, and only after the person agreed', async () => {
    const opened = (url: string) =>
      page.evaluate((target) => {
        window.open(target);
      }, url);
    const before = await dialogs();
    for (const url of [
      'http://evil.example/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://x/',
      'ms-msdt:x',
      `https://evil.example/${'x'.repeat(5_000)}`,
      '',
    ])
      await opened(url);
    expect(await dialogs()).toBe(before);

    await opened('https://example.com/a?b=c#d');
    await expect.poll(dialogs).toBe(before + 1);
    expect(await calls('shell.openExternal')).toEqual([]); // nobody agreed

    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
    });
    await opened('https://user@exämple.com/\u202e');
    await expect.poll(() => calls('shell.openExternal')).toHaveLength(1);
    // What is opened is what was read: the name in Punycode, the odd character escaped.
    expect((await calls('shell.openExternal'))[0]?.[0]).toBe('https://user@xn--exmple-cua.com/%E2%80%AE');
    expect(app.windows()).toHaveLength(1);
  });

  test('16: the version of Electron is pinned', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('17: only the page in the top frame of our own window gets a port', async () => {
    const refusals = await app.evaluate(async ({ BrowserWindow, ipcMain }) => {
      const window = BrowserWindow.getAllWindows()[0];
      if (!window) throw new Error('no window');
      const { mainFrame } = window.webContents;
      // The registered listener itself, called with senders a browser could never fake and a bug could let in.
      const registered = ipcMain as unknown as {
        handlerOf: (channel: string) => (event: unknown) => Promise<void>;
      };
      const handler = registered.handlerOf('omk:connect');
      const posted: string[] = [];
      const frame = (url: string, parent: unknown = null) => ({
        url,
        parent,
        isDestroyed: () => false,
        postMessage: () => posted.push(url),
      });
      const tries = [
        { sender: window.webContents, senderFrame: frame('https://evil.example/') },
        { sender: window.webContents, senderFrame: frame('app://omk.evil/') },
        { sender: window.webContents, senderFrame: frame('about:blank') },
        { sender: window.webContents, senderFrame: frame('app://omk/', mainFrame) },
        { sender: window.webContents, senderFrame: null },
        { sender: {}, senderFrame: frame('app://omk/') },
      ];
      const results = await Promise.all(
        tries.map((event) =>
          handler(event).then(
            () => 'let in',
            () => 'refused',
          ),
        ),
      );
      return { results, posted };
    });
    expect(refusals).toEqual({ results: Array.from({ length: 6 }, () => 'refused'), posted: [] });
    const listeners = textsOf(join(root, 'src', 'main', 'shell')).flatMap(
      ({ text }) => text.match(/ipcMain\.\w+\([^,]*/g) ?? [],
    );
    expect(listeners).toEqual(['ipcMain.handle(CONNECT_CHANNEL']);
  });

  test('18: the scheme serves the built page and nothing around it', async () => {
    const statuses = await page.evaluate(async () => {
      const paths = [
        '/index.html',
        '/../main/index.js',
        '/%2e%2e/main/index.js',
        '/..%2fmain/index.js',
        '/../../package.json',
        '//etc/passwd',
        '/nothing.js',
        '/.git/config',
      ];
      return Promise.all(paths.map(async (path) => (await fetch(location.origin + path)).status));
    });
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404, 404, 404]);
    expect(await page.evaluate(async () => (await fetch('/', { method: 'POST' })).status)).toBe(404);
  });

  test('19: the fuses are set at packaging', () => {
    const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
    for (const fuse of [
      'enableNodeOptionsEnvironmentVariable: false',
      'enableNodeCliInspectArguments: false',
      'onlyLoadAppFromAsar: true',
      'enableEmbeddedAsarIntegrityValidation: true',
    ])
      expect(config).toContain(fuse);
  });

  test('20: the page is given one object with two functions, frozen', async () => {
    const exposed = await page.evaluate(() => {
      const { omk } = window as unknown as { omk: Record<string, unknown> };
      let changed = true;
      try {
        omk['connect'] = () => 'mine';
      } catch {
        changed = false;
      }
      return {
        names: Object.keys(omk).toSorted(),
        types: Object.values(omk).map((one) => typeof one),
        kept: !changed || (omk['connect'] as () => unknown)() !== 'mine',
        // What a preload may leave behind by mistake.
        leaked: Object.keys(window).filter((name) => /electron|ipc|node/i.test(name)),
      };
    });
    expect(exposed).toEqual({
      names: ['connect', 'pathForFile'],
      types: ['function', 'function'],
      kept: true,
      leaked: [],
    });
  });

  test('files of the state directory are the person’s alone', () => {
    const open = readdirSync(home, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('electron-double-profile'))
      .filter((path) => (statSync(path).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });
});
