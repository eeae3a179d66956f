import { EventEmitter } from 'node:events';
import { createEvent } from './events.ts';
import type { BrowserWindow } from './browser-window.ts';

/** The open windows and which has the focus; `app` forwards these events under Electron's names. */
export const windowEvents = new EventEmitter();

const windows = new Set<BrowserWindow>();
let focused: BrowserWindow | undefined;

export function openWindows(): BrowserWindow[] {
  return [...windows];
}

export function focusedWindow(): BrowserWindow | undefined {
  return focused;
}

/** Moves the focus; there is at most one focused window. */
export function focusWindow(window: BrowserWindow | undefined): void {
  if (window === focused) return;
  const before = focused;
  focused = window;
  if (before !== undefined && !before.isDestroyed()) {
    before.emit('blur', createEvent({}));
    windowEvents.emit('browser-window-blur', createEvent({}), before);
  }
  if (window === undefined) return;
  window.emit('focus', createEvent({}));
  windowEvents.emit('browser-window-focus', createEvent({}), window);
}

export function rememberWindow(window: BrowserWindow): void {
  windows.add(window);
  windowEvents.emit('web-contents-created', createEvent({}), window.webContents);
  windowEvents.emit('browser-window-created', createEvent({}), window);
}

export function forgetWindow(window: BrowserWindow): void {
  windows.delete(window);
  if (focused === window) focusWindow(undefined);
  windowEvents.emit('forgotten');
}
