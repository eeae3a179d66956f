import { expect, isReady, test } from './fixture.ts';

test.describe('menus, tray, notifications, dialogs', () => {
  test('a menu item found by id does what choosing it would', async ({ app, page }) => {
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('say')?.click());
    await expect(page.getByText('push "menu"')).toBeVisible();
    const labels = await app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()?.items.map((item) => item.label),
    );
    expect(labels).toEqual(['File', 'Quit']);
  });

  test('checkboxes and radios flip, ordering options and empty items are refused', async ({ app }) => {
    const result = await app.evaluate(({ Menu }) => {
      const menu = Menu.buildFromTemplate([
        { id: 'box', label: 'Box', type: 'checkbox' },
        { id: 'one', label: 'One', type: 'radio' },
      ]);
      for (const id of ['box', 'one', 'one']) menu.getMenuItemById(id)?.click();
      const attempt = (template: Electron.MenuItemConstructorOptions): string => {
        try {
          Menu.buildFromTemplate([template]);
          return 'no error';
        } catch (error) {
          return (error as Error).message;
        }
      };
      return [menu.items.map((item) => item.checked), attempt({ label: 'x', before: ['y'] }), attempt({})];
    });
    expect(result).toEqual([
      [true, true],
      'electron double: MenuItem option before is not there',
      'Invalid template for MenuItem: must have at least one of label, role or type',
    ]);
  });

  test('the tray shows what it was given and can be clicked', async ({ app, page }) => {
    const shown = await app.evaluate(() => {
      const [tray] = __electronDouble.trays;
      tray?.emit('click');
      return {
        count: __electronDouble.trays.length,
        toolTip: tray?.toolTip,
        menu: tray?.contextMenu?.items.map((item) => item.label),
      };
    });
    expect(shown).toEqual({ count: 1, toolTip: 'Fixture', menu: ['Quit'] });
    await expect(page.getByText('push "tray"')).toBeVisible();
  });

  test('a notification is kept and can be clicked', async ({ app, page }) => {
    await page.evaluate(() => window.bridge.invoke('notify'));
    const kept = await app.evaluate(() => {
      const [notification] = __electronDouble.notifications;
      notification?.emit('click');
      return { title: notification?.title, body: notification?.body, shown: notification?.shown };
    });
    expect(kept).toEqual({ title: 'Done', body: 'Look', shown: true });
    await expect(page.getByText('push "notification"')).toBeVisible();
  });

  test('a dialog nobody stubbed is closed by the person; a stub answers for it', async ({ app, page }) => {
    expect(await page.evaluate(() => window.bridge.invoke('choose'))).toBeNull();
    expect(await app.evaluate(() => __electronDouble.callsTo('dialog.showOpenDialog'))).toEqual([
      [{ properties: ['openDirectory'] }],
    ]);
    await app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: ['/chosen'] });
    });
    expect(await page.evaluate(() => window.bridge.invoke('choose'))).toBe('/chosen');
    const responses = await app.evaluate(async ({ dialog }) => [
      (await dialog.showMessageBox({ message: 'Delete?', buttons: ['Delete', 'Cancel'] })).response,
      (await dialog.showMessageBox({ message: 'Delete?', buttons: ['Delete', 'Keep'], cancelId: 1 }))
        .response,
    ]);
    expect(responses).toEqual([1, 1]);
  });

  test('nothing outside is opened, and the clipboard is the test’s own', async ({ app }) => {
    const result = await app.evaluate(async ({ shell, clipboard }) => {
      await shell.openExternal('https://example.test/');
      shell.showItemInFolder('/tmp/x');
      await clipboard.writeText('copied');
      const calls = __electronDouble.calls.filter(({ api }) => api.startsWith('shell.'));
      return [await clipboard.readText(), calls.map(({ api, args }) => [api, args[0]])];
    });
    expect(result).toEqual([
      'copied',
      [
        ['shell.openExternal', 'https://example.test/'],
        ['shell.showItemInFolder', '/tmp/x'],
      ],
    ]);
  });
});

test.describe('what is not there', () => {
  test('a missing module, member and static throw by name, in the app and in evaluate', async ({
    app,
    page,
  }) => {
    const fromPage = (channel: string): Promise<unknown> =>
      page.evaluate((name) => window.bridge.invoke(name).catch((error: Error) => error.message), channel);
    expect(await fromPage('fork')).toContain('electron double: utilityProcess.fork is not there');
    expect(await fromPage('unknown')).toContain('electron double: app.getGPUFeatureStatus is not there');
    await expect(app.evaluate(({ autoUpdater }) => autoUpdater.checkForUpdates())).rejects.toThrow(
      'autoUpdater is not there',
    );
    await expect(app.evaluate(({ BrowserWindow }) => BrowserWindow.prototype.capturePage())).rejects.toThrow(
      'electron double: BrowserWindow.capturePage is not there',
    );
    await expect(app.evaluate(({ session }) => session.fromPartition('x'))).rejects.toThrow(
      'session.fromPartition is not there',
    );
    expect(await app.evaluate((electron) => electron.app.dock)).toBeUndefined();
  });

  test('a window that is not locked down is refused', async ({ app }) => {
    const preferences = [
      { contextIsolation: false },
      { sandbox: false },
      { nodeIntegration: true },
      { webSecurity: false },
      { webviewTag: true },
    ];
    for (const webPreferences of preferences) {
      const name = Object.keys(webPreferences)[0] ?? '';
      const attempt = app.evaluate(
        ({ BrowserWindow }, given) => new BrowserWindow({ webPreferences: given }).id,
        webPreferences,
      );
      await expect(attempt).rejects.toThrow(`webPreferences.${name}`);
    }
  });

  test('a preload that does not load says so', async ({ app }) => {
    const message = await app.evaluate(({ BrowserWindow }) => {
      const window = new BrowserWindow({ webPreferences: { preload: '/nowhere/preload.cjs' } });
      return new Promise<string>((resolve) => {
        window.webContents.on('preload-error', (_event, _path, error) => resolve(error.message));
      });
    });
    expect(message).toContain('ENOENT');
  });
});

test.describe('windows', () => {
  test('bounds, title, visibility and focus are kept, and the page is as large as the window', async ({
    app,
    page,
  }) => {
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([900, 700]);
    const window = await app.browserWindow(page);
    expect(await window.evaluate((w) => [w.isVisible(), w.isFocused(), w.isDestroyed()])).toEqual([
      true,
      true,
      false,
    ]);
    await expect.poll(() => window.evaluate((w) => w.getTitle())).toBe('Fixture');
    const states = await window.evaluate((w) => {
      const before = w.getBounds();
      w.maximize();
      const maximized = [w.isMaximized(), w.getBounds(), w.getNormalBounds()];
      w.unmaximize();
      w.minimize();
      const minimized = [w.isMinimized(), w.isFocused()];
      w.restore();
      w.setBounds({ x: 5, y: 6, width: 640, height: 480 });
      return { before, maximized, minimized, after: w.getBounds(), focused: w.isFocused() };
    });
    const before = { x: 510, y: 190, width: 900, height: 700 };
    expect(states).toEqual({
      before,
      maximized: [true, { x: 0, y: 0, width: 1920, height: 1080 }, before],
      minimized: [true, false],
      after: { x: 5, y: 6, width: 640, height: 480 },
      focused: true,
    });
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([640, 480]);
  });

  test('a second window is a page of its own, and closing it leaves the first', async ({ app, page }) => {
    const opened = app.waitForEvent('window');
    await app.evaluate(async ({ BrowserWindow }) => {
      await new BrowserWindow({ title: 'Second' }).loadURL('fixture://main/index.html?second');
    });
    const second = await opened;
    expect(
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.id)),
    ).toEqual([1, 2]);
    await second.close();
    await expect
      .poll(() =>
        app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.id)),
      )
      .toEqual([1]);
    await isReady(page);
  });

  test('key presses are reported before the page sees them', async ({ app, page }) => {
    const pressed = app.evaluate(
      ({ BrowserWindow }) =>
        new Promise((resolve) => {
          BrowserWindow.getAllWindows()[0]?.webContents.on('before-input-event', (_event, input) => {
            if (input.key === 'n') resolve({ type: input.type, control: input.control, shift: input.shift });
          });
        }),
    );
    // Answered after the listener above is in place: both go through the same debugger session, in order.
    await app.evaluate(() => 0);
    await page.locator('#chord').press('Control+n');
    expect(await pressed).toEqual({ type: 'keyDown', control: true, shift: false });
  });

  test('a crashed page is reported and can be loaded again', async ({ app, page }) => {
    const reason = await app.evaluate(
      ({ app: electronApp, BrowserWindow }) =>
        new Promise((resolve) => {
          electronApp.on('render-process-gone', (_event, _contents, details) => resolve(details.reason));
          BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
        }),
    );
    expect(reason).toBe('crashed');
    const loaded = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return new Promise((resolve) => {
        contents?.once('did-finish-load', () => resolve(contents.isCrashed()));
        contents?.reload();
      });
    });
    expect(loaded).toBe(false);
    expect(page.isClosed()).toBe(false);
  });

  test('a load that fails rejects and is reported', async ({ app }) => {
    const result = await app.evaluate(async ({ BrowserWindow }) => {
      const window = new BrowserWindow();
      const events: string[] = [];
      window.webContents.on('did-fail-load', (_event, _code, description) => events.push(description));
      const error = await window
        .loadURL('https://unreachable.test/')
        .catch((reason: Error) => reason.message);
      window.destroy();
      return { events, error, destroyed: window.isDestroyed() };
    });
    expect(result.events).toEqual(['ERR_NAME_NOT_RESOLVED']);
    expect(result.error).toContain("ERR_NAME_NOT_RESOLVED (-105) loading 'https://unreachable.test/'");
    expect(result.destroyed).toBe(true);
  });
});

test.describe('settings of the system', () => {
  test('the theme reaches the page', async ({ app, page }) => {
    const isDark = (): Promise<boolean> =>
      page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    expect(await isDark()).toBe(false);
    const updates = await app.evaluate(({ nativeTheme }) => {
      let count = 0;
      nativeTheme.on('updated', () => count++);
      __electronDouble.setSystemDark(true);
      nativeTheme.themeSource = 'dark';
      return [count, nativeTheme.shouldUseDarkColors];
    });
    expect(updates).toEqual([1, true]);
    await expect.poll(isDark).toBe(true);
    await app.evaluate(({ nativeTheme }) => (nativeTheme.themeSource = 'light'));
    await expect.poll(isDark).toBe(false);
  });

  test('permissions are decided by the app’s handlers, and what is registered is recorded', async ({
    app,
  }) => {
    const result = await app.evaluate(async () => [
      await __electronDouble.askPermission('notifications'),
      await __electronDouble.askPermission('geolocation'),
      __electronDouble.callsTo('protocol.registerSchemesAsPrivileged').length,
      __electronDouble.callsTo('BrowserWindow').map(([options]) => (options as { show: boolean }).show),
    ]);
    expect(result).toEqual([true, false, 1, [false]]);
  });

  test('name, version, paths, badge, screens and images answer', async ({ app, userData }) => {
    const result = await app.evaluate(({ app: electronApp, screen, nativeImage }) => {
      electronApp.badgeCount = 3;
      const pixel =
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      return [
        electronApp.getName(),
        electronApp.getVersion(),
        electronApp.getPath('userData'),
        electronApp.getPath('logs'),
        electronApp.isPackaged,
        electronApp.getBadgeCount(),
        screen.getDisplayMatching({ x: 9, y: 9, width: 9, height: 9 }).id,
        nativeImage.createFromPath('/nowhere.png').isEmpty(),
        nativeImage.createFromDataURL(`data:image/png;base64,${pixel}`).getSize(),
        process.versions.electron !== undefined && Number(process.versions.chrome?.split('.')[0]) > 100,
      ];
    });
    expect(result).toEqual([
      'fixture-app',
      '1.2.3',
      userData,
      `${userData}/logs`,
      false,
      3,
      1,
      true,
      { width: 1, height: 1 },
      true,
    ]);
  });
});
