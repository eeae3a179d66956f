import { app, BrowserWindow } from 'electron';
import type { WebContents } from 'electron';
import { openAfterAsking } from './dialogs.ts';

/**
 * The page stays where it is and opens nothing: no navigation, no window, no embedded page. An https link that wants a
 * window goes to the person's browser after a question. `onAction` sees where the page wanted to go, for the crash
 * screen's links.
 */
export function pinPages(onAction: (url: string) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event, url) => {
      // A reload is the one navigation to where the page already is.
      if (url === contents.getURL()) return;
      event.preventDefault();
      onAction(url);
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      void openAfterAsking(windowOf(contents), url);
      return { action: 'deny' };
    });
  });
}

const windowOf = (contents: WebContents): BrowserWindow | null => BrowserWindow.fromWebContents(contents);
