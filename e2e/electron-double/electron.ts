import { absent, notThere } from './absent.ts';
import { BrowserWindow } from './browser-window.ts';
import { clipboard, crashReporter, dialog, powerMonitor, shell } from './desktop.ts';
import { app } from './instance.ts';
import { ipcMain } from './ipc-main.ts';
import { Menu } from './menu.ts';
import { MenuItem } from './menu-item.ts';
import { MessageChannelMain } from './message-port.ts';
import { NativeImage as nativeImage } from './native-image.ts';
import { nativeTheme } from './native-theme.ts';
import { Notification } from './notification.ts';
import { protocol } from './protocol.ts';
import { screen } from './screen.ts';
import { session } from './session.ts';
import { Tray } from './tray.ts';
import { WebContents as webContents } from './web-contents.ts';

const present = {
  app,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  webContents,
};

// Named exports must exist for an import of them to link at all; these throw when used.
export const autoUpdater = absent('autoUpdater');
export const BaseWindow = absent('BaseWindow');
export const BrowserView = absent('BrowserView');
export const ClipboardItem = absent('ClipboardItem');
export const contentTracing = absent('contentTracing');
export const desktopCapturer = absent('desktopCapturer');
export const globalShortcut = absent('globalShortcut');
export const ImageView = absent('ImageView');
export const inAppPurchase = absent('inAppPurchase');
export const net = absent('net');
export const netLog = absent('netLog');
export const powerSaveBlocker = absent('powerSaveBlocker');
export const pushNotifications = absent('pushNotifications');
export const safeStorage = absent('safeStorage');
export const ShareMenu = absent('ShareMenu');
export const systemPreferences = absent('systemPreferences');
export const TouchBar = absent('TouchBar');
export const utilityProcess = absent('utilityProcess');
export const View = absent('View');
export const WebContentsView = absent('WebContentsView');
export const webFrameMain = absent('webFrameMain');

/** What `require('electron')` gives, to the app and to Playwright's `app.evaluate`. */
const electron: object = new Proxy(present, {
  get(target, key, receiver) {
    if (
      typeof key === 'symbol' ||
      key in target ||
      key === 'then' ||
      key === '__esModule' ||
      key === 'default'
    ) {
      return key === 'default' ? receiver : (Reflect.get(target, key, receiver) as unknown);
    }
    throw notThere(key);
  },
});

export {
  app,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  webContents,
  electron as 'module.exports',
};
// Electron's module has a default export, which is itself.
// oxlint-disable-next-line import/no-default-export
export default electron;
