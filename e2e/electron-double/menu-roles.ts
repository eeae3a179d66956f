import type { BrowserWindow } from './browser-window.ts';
import { note } from './record.ts';
import { quitApp } from './quit.ts';

const WINDOW_ROLES: Readonly<Record<string, (window: BrowserWindow) => void>> = {
  close: (window) => window.close(),
  minimize: (window) => window.minimize(),
  togglefullscreen: (window) => window.setFullScreen(!window.isFullScreen()),
  reload: (window) => window.reload(),
  forcereload: (window) => window.webContents.reloadIgnoringCache(),
  toggledevtools: (window) => window.webContents.toggleDevTools(),
  resetzoom: (window) => window.webContents.setZoomLevel(0),
  zoomin: (window) => window.webContents.setZoomLevel(window.webContents.getZoomLevel() + 0.5),
  zoomout: (window) => window.webContents.setZoomLevel(window.webContents.getZoomLevel() - 0.5),
};

/** `toggleDevTools` reads "Toggle Dev Tools"; Electron's exact wording is not imitated. */
export function roleLabel(role: string): string {
  return role.replace(/([A-Z])/g, ' $1').replace(/^./, (first) => first.toUpperCase());
}

/** Does what a role does. False when it has nothing to act on, and a click handler may run instead. */
export function performRole(role: string, window: BrowserWindow | undefined): boolean {
  note('MenuItem.role', role);
  if (role === 'quit') {
    quitApp();
    return true;
  }
  const act = WINDOW_ROLES[role];
  if (act === undefined || window === undefined) return false;
  act(window);
  return true;
}
