import type { PageConfig } from './messages.ts';

/** The preload's free variables. */
export type PreloadScope = {
  require(name: string): unknown;
  process: object;
  setImmediate(callback: (...args: unknown[]) => void, ...args: unknown[]): number;
  clearImmediate(id: number): void;
};

/** What Electron's sandboxed preload can reach, and nothing more: a preload that was bundled wrongly fails here too. */
export function createPreloadScope(config: PageConfig, electron: Record<string, object>): PreloadScope {
  const loud = (name: string, members: object): object =>
    new Proxy(members, {
      get(target, key) {
        if (typeof key === 'symbol' || key in target || key === 'then' || key === 'toJSON')
          return Reflect.get(target, key, target);
        throw new Error(`electron double: ${name}.${key} is not there`);
      },
    });
  const modules: Record<string, object> = {
    electron: loud(
      'electron (in a preload)',
      Object.fromEntries(Object.entries(electron).map(([k, v]) => [k, loud(k, v)])),
    ),
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams },
  };
  return {
    require(name) {
      const module = modules[name.replace(/^node:/, '').replace(/^electron\/(renderer|common)$/, 'electron')];
      if (module === undefined) throw new Error(`module not found: ${name}`);
      return module;
    },
    process: loud('process (in a preload)', {
      type: 'renderer',
      platform: config.platform,
      arch: config.arch,
      versions: config.versions,
      argv: config.argv,
      env: {},
      sandboxed: true,
      contextIsolated: true,
      isMainFrame: true,
    }),
    setImmediate: (callback, ...args) => Number(setTimeout(callback, 0, ...args)),
    clearImmediate: (id) => clearTimeout(id),
  };
}
