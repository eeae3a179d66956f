import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { LoudEmitter, notThere } from './absent.ts';
import { createEvent } from './events.ts';
import { nativeTheme } from './native-theme.ts';
import { note } from './record.ts';
import { rendererFacts } from './renderer-facts.ts';
import { screen } from './screen.ts';
import { WebContents } from './web-contents.ts';
import {
  focusWindow,
  focusedWindow,
  forgetWindow,
  openWindows,
  rememberWindow,
  windowEvents,
} from './windows.ts';

let lastId = 0;

/** Every other kind of window would need an Electron that is less locked down, which the double is not. */
function checkPreferences(options: BrowserWindowConstructorOptions): void {
  const { webPreferences: p = {} } = options;
  if (p.contextIsolation === false) throw notThere('webPreferences.contextIsolation: false');
  if (p.sandbox === false) throw notThere('webPreferences.sandbox: false');
  if (p.nodeIntegration === true) throw notThere('webPreferences.nodeIntegration: true');
  if (p.nodeIntegrationInWorker === true) throw notThere('webPreferences.nodeIntegrationInWorker: true');
  if (p.nodeIntegrationInSubFrames === true)
    throw notThere('webPreferences.nodeIntegrationInSubFrames: true');
  if (p.webSecurity === false) throw notThere('webPreferences.webSecurity: false');
  if (p.webviewTag === true) throw notThere('webPreferences.webviewTag: true');
  if (p.partition !== undefined) throw notThere('webPreferences.partition');
}

/** Electron's BrowserWindow over one headless tab. Bounds, visibility and focus are kept, not drawn. */
export class BrowserWindow extends LoudEmitter {
  readonly id = ++lastId;
  readonly webContents: WebContents;
  /** What the window was made with, for tests. */
  readonly doubleOptions: BrowserWindowConstructorOptions;
  #bounds: Rectangle;
  #normalBounds: Rectangle;
  #title: string;
  #visible: boolean;
  #minimized = false;
  #maximized = false;
  #fullScreen = false;
  #destroyed = false;
  #closing = false;
  readonly #onTheme = (): void => this.webContents.applyTheme();

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    checkPreferences(options);
    note('BrowserWindow', options);
    this.doubleOptions = options;
    const { width = 800, height = 600 } = options;
    const area = screen.getPrimaryDisplay().workArea;
    const x = options.x ?? Math.round(area.x + (area.width - width) / 2);
    const y = options.y ?? Math.round(area.y + (area.height - height) / 2);
    this.#bounds = { x, y, width, height };
    this.#normalBounds = this.#bounds;
    this.#title = options.title ?? '';
    this.#visible = options.show ?? true;
    this.webContents = new WebContents(this.#bounds, options.webPreferences?.preload, rendererFacts(options));
    this.webContents.on('page-title-updated', (_event, title: string) => {
      const event = createEvent({});
      this.emit('page-title-updated', event, title, true);
      if (!event.defaultPrevented) this.#title = title;
    });
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show', createEvent({})));
    this.webContents.once('destroyed', () => this.#closed());
    this.webContents.on('double-unload-refused', () => {
      this.#closing = false;
      windowEvents.emit('close-refused');
    });
    nativeTheme.on('updated', this.#onTheme);
    rememberWindow(this);
    if (this.#visible) focusWindow(this);
  }

  static getAllWindows(): BrowserWindow[] {
    return openWindows();
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focusedWindow() ?? null;
  }

  static fromId(id: number): BrowserWindow | null {
    return openWindows().find((window) => window.id === id) ?? null;
  }

  static fromWebContents(contents: WebContents | undefined): BrowserWindow | null {
    return openWindows().find((window) => window.webContents === contents) ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.#alive().webContents.loadURL(url);
  }

  reload(): void {
    this.#alive().webContents.reload();
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    this.#alive();
    if (this.#visible) return;
    this.#visible = true;
    this.emit('show');
  }

  hide(): void {
    this.#alive();
    if (!this.#visible) return;
    this.#visible = false;
    if (focusedWindow() === this) focusWindow(undefined);
    this.emit('hide');
  }

  focus(): void {
    this.#alive().webContents.focus();
    focusWindow(this);
  }

  blur(): void {
    if (focusedWindow() === this.#alive()) focusWindow(undefined);
  }

  isFocused(): boolean {
    return focusedWindow() === this;
  }

  isVisible(): boolean {
    return this.#alive().#visible;
  }

  minimize(): void {
    this.#alive().#minimized = true;
    if (focusedWindow() === this) focusWindow(undefined);
    this.emit('minimize');
  }

  isMinimized(): boolean {
    return this.#alive().#minimized;
  }

  restore(): void {
    if (!this.#alive().#minimized) return;
    this.#minimized = false;
    this.emit('restore');
    focusWindow(this);
  }

  maximize(): void {
    if (this.#alive().#maximized) return;
    this.#normalBounds = this.#bounds;
    this.#maximized = true;
    this.#applyBounds(screen.getDisplayMatching(this.#bounds).workArea);
    this.emit('maximize');
  }

  unmaximize(): void {
    if (!this.#alive().#maximized) return;
    this.#maximized = false;
    this.#applyBounds(this.#normalBounds);
    this.emit('unmaximize');
  }

  isMaximized(): boolean {
    return this.#alive().#maximized;
  }

  setFullScreen(on: boolean): void {
    if (this.#alive().#fullScreen === on) return;
    this.#fullScreen = on;
    this.emit(on ? 'enter-full-screen' : 'leave-full-screen');
  }

  isFullScreen(): boolean {
    return this.#alive().#fullScreen;
  }

  getBounds(): Rectangle {
    return { ...this.#alive().#bounds };
  }

  getNormalBounds(): Rectangle {
    return { ...(this.#alive().#maximized ? this.#normalBounds : this.#bounds) };
  }

  getContentBounds(): Rectangle {
    return this.getBounds();
  }

  getSize(): number[] {
    return [this.#alive().#bounds.width, this.#bounds.height];
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#alive().#applyBounds({ ...this.#bounds, ...bounds });
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  setMinimumSize(width: number, height: number): void {
    note('BrowserWindow.setMinimumSize', width, height);
  }

  getTitle(): string {
    return this.#alive().#title;
  }

  setTitle(title: string): void {
    this.#alive().#title = title;
  }

  setMenuBarVisibility(visible: boolean): void {
    note('BrowserWindow.setMenuBarVisibility', visible);
  }

  setAutoHideMenuBar(hide: boolean): void {
    note('BrowserWindow.setAutoHideMenuBar', hide);
  }

  removeMenu(): void {
    note('BrowserWindow.removeMenu');
  }

  setBackgroundColor(color: string): void {
    note('BrowserWindow.setBackgroundColor', color);
  }

  setTitleBarOverlay(options: object): void {
    note('BrowserWindow.setTitleBarOverlay', options);
  }

  setIcon(icon: unknown): void {
    note('BrowserWindow.setIcon', icon);
  }

  setProgressBar(progress: number): void {
    note('BrowserWindow.setProgressBar', progress);
  }

  flashFrame(on: boolean): void {
    note('BrowserWindow.flashFrame', on);
  }

  moveTop(): void {
    note('BrowserWindow.moveTop');
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  /** Whether `close()` got past its listeners and waits for the page. For the quit sequence. */
  isClosing(): boolean {
    return this.#closing;
  }

  /** Asks `close` listeners, then the page; either may refuse. */
  close(): void {
    if (this.#alive().#closing) return;
    const event = createEvent({});
    this.emit('close', event);
    if (event.defaultPrevented || this.#destroyed) return;
    this.#closing = true;
    this.webContents.close({ waitForBeforeUnload: true });
  }

  /** Closes without asking anybody. */
  destroy(): void {
    if (this.#destroyed) return;
    this.webContents.close();
    this.#closed();
  }

  #applyBounds(next: Rectangle): void {
    const before = this.#bounds;
    this.#bounds = {
      x: Math.round(next.x),
      y: Math.round(next.y),
      width: Math.round(next.width),
      height: Math.round(next.height),
    };
    const { x, y, width, height } = this.#bounds;
    if (width !== before.width || height !== before.height) {
      this.webContents.resize({ width, height });
      this.emit('resize');
      this.emit('resized');
    }
    if (x !== before.x || y !== before.y) {
      this.emit('move');
      this.emit('moved');
    }
  }

  #closed(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    nativeTheme.off('updated', this.#onTheme);
    this.emit('closed');
    forgetWindow(this);
  }

  #alive(): this {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    return this;
  }
}
