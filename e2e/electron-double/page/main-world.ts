import type { Bridge } from './bridge.ts';

/**
 * The double's part in the world of the page's own scripts: the receiving end of contextBridge, a window.open that asks
 * the main process and opens nothing, and a window.close that works, which Chromium refuses outside Electron. Runs as
 * source text.
 */
export function startMainWorld(bridge: Bridge): void {
  Object.defineProperty(window, 'open', {
    configurable: true,
    enumerable: true,
    writable: true,
    value: function open(url?: string | URL, target?: string, features?: string): null {
      const text = url === undefined || url === '' ? 'about:blank' : new URL(url, document.baseURI).href;
      bridge.open(text, target ?? '', features ?? '');
      return null;
    },
  });
  Object.defineProperty(window, 'close', {
    configurable: true,
    enumerable: true,
    writable: true,
    value: function close(): void {
      bridge.close();
    },
  });
}
