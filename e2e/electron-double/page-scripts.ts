import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { createBridge } from './page/bridge.ts';
import { createCodec } from './page/codec.ts';
import { createIpcRenderer } from './page/ipc-renderer.ts';
import { startIsolatedWorld } from './page/isolated-world.ts';
import { startMainWorld } from './page/main-world.ts';
import type { PageConfig } from './page/messages.ts';
import { createPorts } from './page/ports.ts';
import { createPreloadScope } from './page/preload-scope.ts';
import { createWebUtils } from './page/web-utils.ts';

/** Electron's own name for the world preloads live in. */
export const ISOLATED_WORLD = 'Electron Isolated Context';

/** A function as source. Type stripping leaves plain JavaScript, so it means in the page what it says here. */
const source = (fn: (...args: never[]) => unknown): string => `(${fn.toString()})`;

// Only the top document gets the double's scripts, as preloads do in Electron; and none outside a window.
const guard = 'if (globalThis.window === undefined || window.parent !== window) return;';

/** Source for the world of the page's own scripts. */
export function mainWorldSource(config: PageConfig): string {
  const channel = JSON.stringify(config.channel);
  return `(() => { ${guard} ${source(startMainWorld)}(${source(createBridge)}(${channel}, 'main')); })();`;
}

/**
 * Source for the isolated world with the preload inside.
 * @throws when the preload is not a script that parses; a sandboxed preload cannot be an ES module
 */
export function isolatedWorldSource(config: PageConfig, preloadPath: string | undefined): string {
  const names = 'require, process, setImmediate, clearImmediate, module, exports';
  let preload = 'undefined';
  if (preloadPath !== undefined) {
    if (preloadPath.endsWith('.mjs'))
      throw new Error(
        `Unable to load preload script: ${preloadPath} is an ES module, which a sandboxed window cannot load.`,
      );
    const body = `(function (${names}) {${readFileSync(preloadPath, 'utf8')}\n})`;
    // Parsed here as well, because a syntax error inside an injected script would go unseen.
    new Script(body, { filename: preloadPath });
    preload = `({ require, process, setImmediate, clearImmediate }) => {
      const module = { exports: {} };
      ${body}(${names.replace('exports', 'module.exports')});
    }`;
  }
  return `(() => { ${guard}
    const config = ${JSON.stringify(config)};
    const codec = ${source(createCodec)}();
    const bridge = ${source(createBridge)}(config.channel, 'isolated');
    const tools = { codec, bridge, createPorts: ${source(createPorts)}, createIpcRenderer: ${source(createIpcRenderer)},
      createWebUtils: ${source(createWebUtils)}, createPreloadScope: ${source(createPreloadScope)} };
    ${source(startIsolatedWorld)}(config, tools, ${preload});
  })();
  //# sourceURL=electron-double/preload.js`;
}
