import { randomUUID } from 'node:crypto';
import type { CdpConnection, CdpSession } from './cdp.ts';
import type { NavigationGuard } from './navigation.ts';
import { guardNavigation } from './navigation.ts';
import type { FromPage, PageConfig } from './page/messages.ts';
import { isolatedWorldSource, ISOLATED_WORLD, mainWorldSource } from './page-scripts.ts';
import { WebFrameMain } from './frame.ts';
import { toAppUrl } from './scheme-urls.ts';

export type Size = { readonly width: number; readonly height: number };

/** What a window hears from its page. URLs are in the app's terms. */
export type PageListener = NavigationGuard & {
  created(targetId: string): void;
  message(frame: WebFrameMain, message: FromPage): void;
  navigated(url: string, samePage: boolean): void;
  loading(started: boolean): void;
  domReady(): void;
  /** The app's document is there, whole. Not said of the blank page before it or of the page that shows an error. */
  loaded(): void;
  console(level: string, text: string, frame: WebFrameMain | undefined): void;
  crashed(): void;
  gone(): void;
};

/** One Chromium tab standing in for a window's web contents. Commands before it is up wait for it. */
export class PageTarget {
  readonly #connection: CdpConnection;
  readonly #listener: PageListener;
  readonly #open: Promise<{ session: CdpSession; targetId: string }>;
  #frame: WebFrameMain | undefined;

  constructor(
    connection: CdpConnection,
    listener: PageListener,
    size: Size,
    scripts: { config: PageConfig; preload: string | undefined },
  ) {
    this.#connection = connection;
    this.#listener = listener;
    this.#open = this.#create(size, scripts);
    // Whoever sends a command gets the failure; a window nobody talks to must not end the process.
    this.#open.catch(() => undefined);
  }

  /** The current document's frame; none before the first document of an app. */
  get frame(): WebFrameMain | undefined {
    return this.#frame;
  }

  /** Navigates. Resolves with Chromium's error text, e.g. `net::ERR_ABORTED`, or undefined. */
  async navigate(pageUrl: string): Promise<string | undefined> {
    const { session } = await this.#open;
    return (await session.send('Page.navigate', { url: pageUrl })).errorText;
  }

  async reload(ignoreCache: boolean): Promise<void> {
    const { session } = await this.#open;
    await session.send('Page.reload', { ignoreCache });
  }

  /** Runs an expression in the page's own world and copies the result. */
  async evaluate(expression: string, userGesture: boolean): Promise<unknown> {
    const { session } = await this.#open;
    const answer = await session.send('Runtime.evaluate', {
      expression,
      userGesture,
      awaitPromise: true,
      returnByValue: true,
    });
    if (answer.exceptionDetails === undefined) return answer.result.value as unknown;
    throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
  }

  async resize(size: Size): Promise<void> {
    const { session, targetId } = await this.#open;
    await fitWindow(this.#connection.browser, targetId, size);
    await session.send('Page.getLayoutMetrics');
  }

  async show(): Promise<void> {
    const { session } = await this.#open;
    await session.send('Page.bringToFront');
  }

  async emulateTheme(dark: boolean): Promise<void> {
    const { session } = await this.#open;
    const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }];
    await session.send('Emulation.setEmulatedMedia', { features });
  }

  async crash(): Promise<void> {
    const { session } = await this.#open;
    // Never answered: the renderer that would answer is gone.
    session.send('Page.crash').catch(() => undefined);
  }

  /** Closes the tab; with `runBeforeUnload`, the page may refuse. */
  async close(runBeforeUnload: boolean): Promise<void> {
    const { session, targetId } = await this.#open;
    if (runBeforeUnload) await session.send('Page.close');
    else await this.#connection.browser.send('Target.closeTarget', { targetId });
  }

  /** Chromium said the tab is gone. */
  destroyed(): void {
    this.#setFrame(undefined);
    this.#listener.gone();
  }

  async #create(
    size: Size,
    { config, preload }: { config: PageConfig; preload: string | undefined },
  ): Promise<{ session: CdpSession; targetId: string }> {
    const { browser } = this.#connection;
    const { targetId } = await browser.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      ...size,
    });
    this.#listener.created(targetId);
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    const session = this.#connection.session(sessionId);
    this.#listen(session, targetId, config.binding);
    await Promise.all([
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Runtime.addBinding', { name: config.binding, executionContextName: ISOLATED_WORLD }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldSource(config) }),
      session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: this.#preloadSource(config, preload),
        worldName: ISOLATED_WORLD,
      }),
      guardNavigation(session, targetId, this.#listener),
      fitWindow(browser, targetId, size),
    ]);
    return { session, targetId };
  }

  #preloadSource(config: PageConfig, preload: string | undefined): string {
    try {
      return isolatedWorldSource(config, preload);
    } catch (error) {
      const { message, stack } = error as Error;
      process.nextTick(() => this.#listener.preloadFailed(message, stack ?? ''));
      return isolatedWorldSource(config, undefined);
    }
  }

  #listen(session: CdpSession, targetId: string, binding: string): void {
    const contexts = new Map<number, WebFrameMain>();
    // On a busy machine the first, blank document may still be on its way when a window is told to load something,
    // and the page that shows an error may be whole before the navigation is answered.
    let document: 'blank' | 'error' | 'app' = 'blank';
    session.on('Page.frameNavigated', ({ frame }) => {
      if (frame.id !== targetId) return;
      if (document === 'blank' && frame.url === 'about:blank') return;
      document = frame.unreachableUrl === undefined ? 'app' : 'error';
      this.#listener.navigated(
        toAppUrl((frame.unreachableUrl ?? frame.url) + (frame.urlFragment ?? '')),
        false,
      );
    });
    session.on('Page.navigatedWithinDocument', (event) => {
      if (event.frameId !== targetId) return;
      this.#frame?.moved(toAppUrl(event.url));
      this.#listener.navigated(toAppUrl(event.url), true);
    });
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const aux = context.auxData as { frameId?: string } | undefined;
      if (context.name !== ISOLATED_WORLD || aux?.frameId !== targetId) return;
      const frame = new WebFrameMain(session, context.uniqueId);
      contexts.set(context.id, frame);
      this.#setFrame(frame);
    });
    const drop = (id: number): void => {
      contexts.get(id)?.destroy();
      contexts.delete(id);
    };
    session.on('Runtime.executionContextDestroyed', (event) => drop(event.executionContextId));
    session.on('Runtime.executionContextsCleared', () => [...contexts.keys()].forEach(drop));
    session.on('Runtime.bindingCalled', (event) => {
      const frame = contexts.get(event.executionContextId);
      if (event.name !== binding || frame === undefined) return;
      const [href, message] = JSON.parse(event.payload) as [string, FromPage];
      frame.moved(toAppUrl(href));
      this.#listener.message(frame, message);
    });
    session.on('Runtime.consoleAPICalled', (event) => {
      this.#listener.console(
        event.type,
        event.args.map((arg) => String(arg.value ?? arg.description)).join(' '),
        this.#frame,
      );
    });
    session.on(
      'Page.frameStartedLoading',
      (event) => event.frameId === targetId && this.#listener.loading(true),
    );
    session.on(
      'Page.frameStoppedLoading',
      (event) => event.frameId === targetId && this.#listener.loading(false),
    );
    session.on('Page.domContentEventFired', () => document !== 'blank' && this.#listener.domReady());
    session.on('Page.loadEventFired', () => document === 'app' && this.#listener.loaded());
    session.on('Inspector.targetCrashed', () => {
      this.#setFrame(undefined);
      this.#listener.crashed();
    });
  }

  #setFrame(frame: WebFrameMain | undefined): void {
    if (frame === undefined) this.#frame?.destroy();
    this.#frame = frame;
  }
}

/** Makes the page itself, without Chromium's toolbar, as large as the window was asked to be. */
async function fitWindow(browser: CdpSession, targetId: string, size: Size): Promise<void> {
  const { windowId } = await browser.send('Browser.getWindowForTarget', { targetId });
  await browser.send('Browser.setContentsSize', { windowId, ...size });
}

/** Fresh secrets for one window: nothing in a page can guess the names its two worlds talk under. */
export function newPageConfig(fixed: Omit<PageConfig, 'binding' | 'channel'>): PageConfig {
  return { ...fixed, binding: `double-${randomUUID()}`, channel: `double-${randomUUID()}` };
}
