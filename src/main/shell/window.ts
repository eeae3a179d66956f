import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { MIN_SIZE, placeWindow, readWindowState, writeWindowState } from './window-state.ts';

/** How long after the last move the place is written down. */
const SETTLE_MS = 500;

/** The window's background before the page paints: the chrome's of either theme, so that nothing flashes. */
const BACKGROUND = { light: '#f2f3f5', dark: '#131418' };

/** The one window. It shows itself once the page has painted, and remembers where it was in `stateFile`. */
export function createWindow(o: {
  readonly preload: string;
  readonly stateFile: string;
  readonly icon: string;
}): BrowserWindow {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  const place = placeWindow(
    readWindowState(o.stateFile),
    [primary, ...others].map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    title: 'omk',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    ...(process.platform === 'linux' ? { icon: o.icon } : {}),
    webPreferences: {
      preload: o.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (place.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());

  let timer: NodeJS.Timeout | null = null;
  const remember = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (window.isDestroyed() || window.isMinimized()) return;
    writeWindowState(o.stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const soon = (): void => {
    timer ??= setTimeout(remember, SETTLE_MS);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', remember);
  window.on('closed', () => {
    if (timer) clearTimeout(timer);
  });
  // The title is ours: a page's would be what an agent wrote.
  window.on('page-title-updated', (event) => event.preventDefault());
  return window;
}

/** Brings the window to the front, from wherever it is. */
export function raise(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Built beside the main bundle, also when this code ends up in a chunk of it. */
export const preloadPath = (appPath: string): string => join(appPath, 'out', 'preload', 'index.cjs');
