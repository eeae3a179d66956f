import { appendFileSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  Notification,
  protocol,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';

const here = import.meta.dirname;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript' };
const log = (line) => appendFileSync(join(app.getPath('userData'), 'lifecycle.log'), `${line}\n`);

protocol.registerSchemesAsPrivileged([{ scheme: 'fixture', privileges: { standard: true, secure: true } }]);

if (!app.requestSingleInstanceLock({ from: process.pid })) {
  app.quit();
} else {
  let window;
  app.on('second-instance', (_event, argv, cwd, data) => {
    window.webContents.send('push', { second: argv.at(-1), cwd, from: data.from });
    window.show();
  });
  for (const name of ['before-quit', 'will-quit', 'quit']) app.on(name, () => log(name));
  app.on('window-all-closed', () => {
    log('window-all-closed');
    app.quit();
  });
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      void shell.openExternal(url);
      return { action: 'deny' };
    });
    contents.on('will-navigate', (event, url) => {
      log(`will-navigate ${url}`);
      if (!url.startsWith('fixture://main/')) event.preventDefault();
    });
  });
  await import('./ipc.mjs');

  void app.whenReady().then(() => {
    session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
      answer(permission === 'notifications');
    });
    protocol.handle('fixture', (request) => {
      const { pathname, host } = new URL(request.url);
      if (host !== 'main') return new Response('no', { status: 404 });
      const headers = {
        'content-type': TYPES[extname(pathname)] ?? 'text/plain',
        'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'",
      };
      try {
        return new Response(readFileSync(join(here, pathname)), { headers });
      } catch {
        return new Response('not found', { status: 404, headers });
      }
    });
    window = new BrowserWindow({
      width: 900,
      height: 700,
      show: false,
      webPreferences: { preload: join(here, 'preload.cjs'), contextIsolation: true, sandbox: true },
    });
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => log('closed'));

    const template = [
      {
        label: 'File',
        submenu: [{ id: 'say', label: 'Say', click: () => window.webContents.send('push', 'menu') }],
      },
      { role: 'quit' },
    ];
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));

    const tray = new Tray(nativeImage.createEmpty());
    tray.setToolTip('Fixture');
    tray.setContextMenu(Menu.buildFromTemplate([{ label: 'Quit', click: () => app.quit() }]));
    tray.on('click', () => window.webContents.send('push', 'tray'));

    void window.loadURL('fixture://main/index.html');
  });

  ipcMain.handle(
    'choose',
    async () => (await dialog.showOpenDialog({ properties: ['openDirectory'] })).filePaths[0] ?? null,
  );
  ipcMain.handle('notify', () => {
    const notification = new Notification({ title: 'Done', body: 'Look' });
    notification.on('click', () => window.webContents.send('push', 'notification'));
    notification.show();
  });
  ipcMain.handle('fork', () => utilityProcess.fork('x.js'));
  ipcMain.handle('unknown', () => app.getGPUFeatureStatus());
  ipcMain.on('connect', (event) => {
    const { port1, port2 } = new MessageChannelMain();
    port1.on('message', ({ data }) => (data === 'bye' ? port1.close() : port1.postMessage(data)));
    port1.on('close', () => log('port closed'));
    port1.start();
    event.sender.postMessage('port', null, [port2]);
  });
}
