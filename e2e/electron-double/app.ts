import { LoudEmitter } from './absent.ts';
import { AppPaths } from './app-paths.ts';
import type { AppPackage } from './app-package.ts';
import { CommandLine } from './command-line.ts';
import { createEvent } from './events.ts';
import { InstanceLock } from './instance-lock.ts';
import { Menu } from './menu.ts';
import { setQuit } from './quit.ts';
import { note } from './record.ts';
import type { WebContents } from './web-contents.ts';
import { focusedWindow, openWindows, windowEvents } from './windows.ts';

/** Ends Chromium and everything else, then the process. Given by whoever started them. */
type Shutdown = (exitCode: number) => Promise<void>;

const FORWARDED = [
  'web-contents-created',
  'browser-window-created',
  'browser-window-focus',
  'browser-window-blur',
];

export class App extends LoudEmitter {
  static override readonly label = 'app';
  readonly isPackaged = false;
  readonly commandLine: CommandLine;
  userAgentFallback = '';
  readonly #package: AppPackage;
  readonly #paths: AppPaths;
  readonly #ready: Promise<void>;
  #resolveReady: () => void = () => {};
  // Before anything is started; still not at once, because code after `app.quit()` runs in Electron too.
  #shutdown: Shutdown = async (code) => void setImmediate(() => process.exit(code));
  #name: string;
  #badge = 0;
  #isReady = false;
  #quitting = false;
  #ended = false;
  #lock: InstanceLock | undefined;

  constructor(appPackage: AppPackage, switches: ReadonlyMap<string, string>) {
    super();
    this.#package = appPackage;
    this.#name = appPackage.name;
    this.#ready = new Promise((resolve) => (this.#resolveReady = resolve));
    this.commandLine = new CommandLine(switches);
    this.#paths = new AppPaths(() => this.#name, switches.get('user-data-dir'));
    setQuit(() => this.quit());
    for (const name of FORWARDED) windowEvents.on(name, (...args: unknown[]) => this.emit(name, ...args));
    windowEvents.on('web-contents-created', (_event, contents: WebContents) => {
      contents.on('render-process-gone', (event, details) =>
        this.emit('render-process-gone', event, contents, details),
      );
    });
    windowEvents.on('forgotten', () => this.#windowGone());
    windowEvents.on('close-refused', () => (this.#quitting = false));
  }

  get name(): string {
    return this.#name;
  }

  set name(name: string) {
    this.#name = name;
  }

  get badgeCount(): number {
    return this.#badge;
  }

  set badgeCount(count: number) {
    this.setBadgeCount(count);
  }

  get applicationMenu(): Menu | null {
    return Menu.getApplicationMenu();
  }

  set applicationMenu(menu: Menu | null) {
    Menu.setApplicationMenu(menu);
  }

  whenReady(): Promise<void> {
    return this.#ready;
  }

  /** Whether the app is on its way out for good. */
  isEnding(): boolean {
    return this.#ended;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  /** Called once Chromium is up and, under Playwright, it is attached. */
  becomeReady(): void {
    this.#isReady = true;
    // Through the property, as Playwright's loader replaces `emit` to hold this event back.
    this.emit('ready', createEvent({}), {});
    this.#resolveReady();
  }

  onShutdown(shutdown: Shutdown): void {
    this.#shutdown = shutdown;
  }

  getName(): string {
    return this.#name;
  }

  setName(name: string): void {
    this.#name = name;
  }

  getVersion(): string {
    return this.#package.version;
  }

  getAppPath(): string {
    return this.#package.path;
  }

  getPath(name: string): string {
    return this.#paths.get(name);
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    if (path !== undefined) this.#paths.set('logs', path);
  }

  getLocale(): string {
    return 'en-US';
  }

  getSystemLocale(): string {
    return 'en-US';
  }

  getPreferredSystemLanguages(): string[] {
    return ['en-US'];
  }

  getBadgeCount(): number {
    return this.#badge;
  }

  setBadgeCount(count = 0): boolean {
    note('app.setBadgeCount', count);
    this.#badge = count;
    return true;
  }

  setAppUserModelId(id: string): void {
    note('app.setAppUserModelId', id);
  }

  setDesktopName(name: string): void {
    note('app.setDesktopName', name);
  }

  setAboutPanelOptions(options: object): void {
    note('app.setAboutPanelOptions', options);
  }

  showAboutPanel(): void {
    note('app.showAboutPanel');
  }

  /** Every window of the double is sandboxed anyway. */
  enableSandbox(): void {
    note('app.enableSandbox');
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  disableHardwareAcceleration(): void {
    note('app.disableHardwareAcceleration');
  }

  focus(): void {
    note('app.focus');
    (focusedWindow() ?? openWindows()[0])?.focus();
  }

  relaunch(options?: object): void {
    note('app.relaunch', options);
  }

  requestSingleInstanceLock(data: unknown = {}): boolean {
    this.#lock ??= new InstanceLock(this.getPath('userData'), (second) => {
      const emit = (): boolean =>
        this.emit('second-instance', createEvent({}), second.argv, second.cwd, second.data);
      void this.whenReady().then(emit);
    });
    return this.#lock.acquire({ argv: process.argv, cwd: process.cwd(), data });
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock?.held === true;
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.release();
  }

  /** before-quit, then every window's close, then will-quit; any of them may say no. */
  quit(): void {
    if (this.#quitting || this.#ended) return;
    const event = createEvent({});
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.#quitting = true;
    for (const window of openWindows()) {
      window.close();
      if (!window.isClosing() && !window.isDestroyed()) this.#quitting = false;
    }
    this.#quitIfAlone();
  }

  /** Ends at once, without asking anybody. */
  exit(code = 0): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const window of openWindows()) window.destroy();
    this.#end(code);
  }

  #windowGone(): void {
    if (this.#ended || openWindows().length > 0) return;
    if (this.#quitting) this.#quitIfAlone();
    else if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  #quitIfAlone(): void {
    if (!this.#quitting || this.#ended || openWindows().length > 0) return;
    const event = createEvent({});
    this.emit('will-quit', event);
    if (event.defaultPrevented) {
      this.#quitting = false;
      return;
    }
    this.#ended = true;
    this.#end(0);
  }

  #end(code: number): void {
    this.emit('quit', createEvent({}), code);
    this.#lock?.release();
    this.#shutdown(code).catch((error: unknown) => {
      console.error('electron double: could not end cleanly:', error);
      process.exit(1);
    });
  }
}
