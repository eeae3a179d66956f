import { LoudEmitter, notThere } from './absent.ts';
import { engine } from './engine.ts';
import { createEvent } from './events.ts';
import type { WebFrameMain } from './frame.ts';
import { answerInvoke, emitSent } from './ipc-main.ts';
import type { MessagePortMain } from './message-port.ts';
import { shouldUseDark } from './native-theme.ts';
import type { FromPage, PageConfig } from './page/messages.ts';
import { PendingLoad } from './pending-load.ts';
import { newPageConfig, PageTarget } from './page-target.ts';
import type { Size } from './page-target.ts';
import { note } from './record.ts';
import { toPageUrl } from './scheme-urls.ts';
import { session } from './session.ts';

export type OpenDetails = {
  readonly url: string;
  readonly frameName: string;
  readonly features: string;
  readonly disposition: string;
  readonly referrer: { readonly url: string; readonly policy: string };
};
type OpenHandler = (details: OpenDetails) => { action: 'allow' | 'deny' };

const all = new Map<number, WebContents>();
let lastId = 0;

/** Electron's WebContents, for the one page of a BrowserWindow. */
export class WebContents extends LoudEmitter {
  static override readonly label = 'webContents';
  readonly id = ++lastId;
  readonly session = session.defaultSession;
  readonly #target: PageTarget;
  #targetId: string | undefined;
  #url = '';
  #title = '';
  #zoom = 1;
  #busy = false;
  #destroyed = false;
  #crashed = false;
  #devTools = false;
  #loading: PendingLoad | undefined;
  #openHandler: OpenHandler | undefined;

  constructor(size: Size, preload: string | undefined, config: Omit<PageConfig, 'binding' | 'channel'>) {
    super();
    all.set(this.id, this);
    const { connection } = engine();
    engine().opening++;
    this.#target = new PageTarget(
      connection,
      {
        created: (targetId) => {
          engine().opening--;
          engine().targets.set(targetId, this.#target);
          this.#targetId = targetId;
        },
        message: (frame, message) => this.#receive(frame, message),
        navigated: (url, samePage) => this.#navigated(url, samePage),
        loading: (started) => {
          this.#busy = started;
          this.emit(started ? 'did-start-loading' : 'did-stop-loading');
        },
        domReady: () => this.emit('dom-ready', createEvent({})),
        loaded: () => this.#loaded(),
        console: (level, message, frame) =>
          this.emit('console-message', createEvent({ level, message, frame })),
        crashed: () => {
          this.#crashed = true;
          this.emit('render-process-gone', createEvent({}), { reason: 'crashed', exitCode: 139 });
        },
        gone: () => this.#gone(),
        mayNavigate: (url) => this.#mayNavigate(url),
        windowOpen: (url, frameName, features, disposition) =>
          this.#windowOpen(url, frameName, features, disposition),
        mayOverruleUnload: () => this.#mayOverruleUnload(),
        preloadFailed: (message, stack) => this.#preloadFailed(preload ?? '', message, stack),
      },
      size,
      { config: newPageConfig(config), preload },
    );
    this.applyTheme();
  }

  static getAllWebContents(): WebContents[] {
    return [...all.values()];
  }

  static fromId(id: number): WebContents | undefined {
    return all.get(id);
  }

  static getFocusedWebContents(): WebContents | null {
    throw notThere('webContents.getFocusedWebContents');
  }

  /** How Playwright finds the window of a page. */
  static fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return [...all.values()].find((contents) => contents.#targetId === targetId);
  }

  get mainFrame(): WebFrameMain | undefined {
    return this.#target.frame;
  }

  get zoomFactor(): number {
    return this.#zoom;
  }

  async loadURL(url: string): Promise<void> {
    const pageUrl = toPageUrl(url);
    if (/^(?:file|about):/i.test(url)) throw notThere(`${url} in loadURL`);
    this.#fail('ERR_ABORTED');
    this.#loading = new PendingLoad(url);
    const { promise } = this.#loading;
    const errorText = await this.#target.navigate(pageUrl);
    if (errorText !== undefined) this.#fail(errorText);
    return promise;
  }

  reload(): void {
    this.#crashed = false;
    this.#target.reload(false).catch(() => undefined);
  }

  reloadIgnoringCache(): void {
    this.#crashed = false;
    this.#target.reload(true).catch(() => undefined);
  }

  send(channel: string, ...args: unknown[]): void {
    this.mainFrame?.send(channel, ...args);
  }

  postMessage(channel: string, message: unknown, transfer?: MessagePortMain[]): void {
    this.mainFrame?.postMessage(channel, message, transfer);
  }

  executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    return this.#target.evaluate(code, userGesture);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  getURL(): string {
    return this.#url;
  }

  getTitle(): string {
    return this.#title;
  }

  isLoading(): boolean {
    return this.#busy;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isCrashed(): boolean {
    return this.#crashed;
  }

  /** Kept, not drawn: Chromium's debugging protocol has no page zoom. */
  setZoomFactor(factor: number): void {
    note('webContents.setZoomFactor', factor);
    this.#zoom = factor;
  }

  getZoomFactor(): number {
    return this.#zoom;
  }

  setZoomLevel(level: number): void {
    this.setZoomFactor(1.2 ** level);
  }

  getZoomLevel(): number {
    return Math.log(this.#zoom) / Math.log(1.2);
  }

  setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void> {
    note('webContents.setVisualZoomLevelLimits', minimum, maximum);
    return Promise.resolve();
  }

  openDevTools(options?: object): void {
    note('webContents.openDevTools', options);
    this.#devTools = true;
    this.emit('devtools-opened');
  }

  closeDevTools(): void {
    this.#devTools = false;
    this.emit('devtools-closed');
  }

  isDevToolsOpened(): boolean {
    return this.#devTools;
  }

  toggleDevTools(): void {
    if (this.#devTools) this.closeDevTools();
    else this.openDevTools();
  }

  focus(): void {
    this.#target.show().catch(() => undefined);
  }

  /** Kills the page's process; `render-process-gone` follows. */
  forcefullyCrashRenderer(): void {
    this.#target.crash().catch(() => undefined);
  }

  /** Closes the page without asking the window's `close` listeners. */
  close(options?: { waitForBeforeUnload?: boolean }): void {
    this.#target.close(options?.waitForBeforeUnload === true).catch(() => undefined);
  }

  resize(size: Size): void {
    this.#target.resize(size).catch(() => undefined);
  }

  applyTheme(): void {
    this.#target.emulateTheme(shouldUseDark()).catch(() => undefined);
  }

  #receive(frame: WebFrameMain, message: FromPage): void {
    switch (message.type) {
      case 'invoke':
        void answerInvoke(this, frame, message);
        return;
      case 'send':
        emitSent(this, frame, message);
        return;
      case 'port-message':
      case 'port-close':
        frame.handlePort(message);
        return;
      case 'window-open':
        this.#windowOpen(message.url, message.frameName, message.features, 'new-window');
        return;
      case 'title':
        this.#titled(message.title);
        return;
      case 'window-close':
        this.close({ waitForBeforeUnload: true });
        return;
      case 'input':
        this.emit('before-input-event', createEvent({}), message.input);
        return;
      case 'preload-error':
        this.#preloadFailed('preload', message.message, message.stack);
    }
  }

  #navigated(url: string, samePage: boolean): void {
    this.#url = url;
    if (samePage) this.emit('did-navigate-in-page', createEvent({}), url, true);
    else this.emit('did-navigate', createEvent({}), url, 200, 'OK');
  }

  #loaded(): void {
    this.#crashed = false;
    this.emit('did-finish-load', createEvent({}));
    this.#loading?.resolve();
    this.#loading = undefined;
  }

  #fail(errorText: string): void {
    const loading = this.#loading;
    if (loading === undefined) return;
    this.#loading = undefined;
    const { code, errno, url } = loading.fail(errorText);
    this.emit('did-fail-load', createEvent({}), errno, code, url, true);
  }

  #titled(title: string): void {
    if (title === this.#title) return;
    this.#title = title;
    this.emit('page-title-updated', createEvent({}), title, true);
  }

  #mayNavigate(url: string): boolean {
    const event = createEvent({
      url,
      isSameDocument: false,
      isMainFrame: true,
      frame: this.mainFrame,
      initiator: this.mainFrame,
    });
    this.emit('will-navigate', event, url, false, true, 1, 1);
    return !event.defaultPrevented;
  }

  #mayOverruleUnload(): boolean {
    const event = createEvent({});
    this.emit('will-prevent-unload', event);
    if (!event.defaultPrevented) this.emit('double-unload-refused');
    return event.defaultPrevented;
  }

  #windowOpen(url: string, frameName: string, features: string, disposition: string): void {
    const handler = this.#openHandler;
    if (handler === undefined) throw notThere('a new window (no setWindowOpenHandler denies it)');
    const { action } = handler({
      url,
      frameName,
      features,
      disposition,
      referrer: { url: '', policy: 'strict-origin-when-cross-origin' },
    });
    note('webContents.windowOpen', { url, action });
    if (action !== 'deny') throw notThere(`a new window (setWindowOpenHandler allowed ${url})`);
  }

  #preloadFailed(path: string, message: string, stack: string): void {
    console.error(
      `electron double: unable to load preload script ${path}: ${stack === '' ? message : stack}`,
    );
    this.emit('preload-error', createEvent({}), path, Object.assign(new Error(message), { stack }));
  }

  #gone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this.id);
    this.emit('destroyed');
  }
}
