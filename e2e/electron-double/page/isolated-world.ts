import type { Bridge } from './bridge.ts';
import type { Codec } from './codec.ts';
import type { createIpcRenderer } from './ipc-renderer.ts';
import type { PageConfig, ToPage } from './messages.ts';
import type { createPorts, Post } from './ports.ts';
import type { createPreloadScope, PreloadScope } from './preload-scope.ts';
import type { createWebUtils } from './web-utils.ts';

/** The pieces of the isolated world, handed in because each travels as source text of its own. */
export type IsolatedTools = {
  readonly codec: Codec;
  readonly bridge: Bridge;
  readonly createPorts: typeof createPorts;
  readonly createIpcRenderer: typeof createIpcRenderer;
  readonly createWebUtils: typeof createWebUtils;
  readonly createPreloadScope: typeof createPreloadScope;
};

/** Starts the isolated world of a top-level document and runs the preload in it. */
export function startIsolatedWorld(
  config: PageConfig,
  tools: IsolatedTools,
  preload: ((scope: PreloadScope) => void) | undefined,
): void {
  // Chromium puts the binding and our one global on this world's window; pages have a different one.
  const world = globalThis as unknown as Record<string, (text: string) => void>;
  const post: Post = (message) => world[config.binding]?.(JSON.stringify([location.href, message]));
  const ports = tools.createPorts(post, tools.codec);
  const { ipc, deliver } = tools.createIpcRenderer(post, tools.codec, ports);
  const { webUtils, announce } = tools.createWebUtils();

  world['__deliver'] = (text) => {
    const message = JSON.parse(text) as ToPage;
    if (message.type === 'port-message' || message.type === 'port-close') ports.deliver(message);
    else if (message.type === 'drop') announce(message.files);
    else deliver(message);
  };

  tools.bridge.onOpen = (url, frameName, features) => post({ type: 'window-open', url, frameName, features });

  tools.bridge.onClose = () => post({ type: 'window-close' });

  // Chromium reports a tab's title only now and then; a title lives in the head, where little else moves.
  let title = '';
  const report = (): void => {
    if (document.title === title) return;
    title = document.title;
    post({ type: 'title', title });
  };
  addEventListener('DOMContentLoaded', () => {
    report();
    new MutationObserver(report).observe(document.head, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });

  const onKey = (type: 'keyDown' | 'keyUp') => (event: KeyboardEvent) => {
    const { key, code, repeat, isComposing, shiftKey, ctrlKey, altKey, metaKey, location } = event;
    const modifiers = { shift: shiftKey, control: ctrlKey, alt: altKey, meta: metaKey };
    post({
      type: 'input',
      input: { type, key, code, isAutoRepeat: repeat, isComposing, location, ...modifiers },
    });
  };
  addEventListener('keydown', onKey('keyDown'), { capture: true });
  addEventListener('keyup', onKey('keyUp'), { capture: true });

  const contextBridge = { exposeInMainWorld: tools.bridge.expose };
  try {
    preload?.(tools.createPreloadScope(config, { contextBridge, ipcRenderer: ipc, webUtils }));
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    console.error('Unable to load preload script', error);
    post({ type: 'preload-error', message, stack: stack ?? '' });
  }
}
