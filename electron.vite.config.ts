import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { UserConfig } from 'electron-vite';

const at = (path: string): string => resolve(import.meta.dirname, path);

/** Entry name in `out/main` -> source. All but `index` (Electron) run under plain Node. */
const MAIN_ENTRIES: Record<string, string> = {
  index: 'src/main/shell/main.ts',
  host: 'src/main/host/main.ts',
  cli: 'src/main/cli/main.ts',
  'demo-agent': 'src/main/demo-agent/main.ts',
  watchdog: 'src/main/adapters/process/watchdog.ts',
  'tool-server': 'src/main/adapters/agents/tool-server.ts',
};

const present = (entries: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(entries)
      .filter(([, path]) => existsSync(at(path)))
      .map(([name, path]) => [name, at(path)]),
  );

const hasAny = (entries: Record<string, string>): boolean => Object.keys(entries).length > 0;

const mainEntries = present(MAIN_ENTRIES);
const preloadEntries = present({ index: 'src/preload/index.ts' });
const rendererEntries = present({ index: 'src/renderer/index.html' });

// Everything is bundled but `dependencies` (better-sqlite3, a native module) and electron itself; electron-vite
// keeps both external on its own.
const config: UserConfig = {
  ...(hasAny(mainEntries) && {
    main: {
      build: {
        outDir: at('out/main'),
        sourcemap: true,
        rolldownOptions: {
          input: mainEntries,
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    },
  }),
  ...(hasAny(preloadEntries) && {
    preload: {
      build: {
        outDir: at('out/preload'),
        // A sandboxed preload may require nothing but electron, and cannot be an ES module.
        externalizeDeps: false,
        rolldownOptions: {
          input: preloadEntries,
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    },
  }),
  ...(hasAny(rendererEntries) && {
    renderer: {
      root: at('src/renderer'),
      plugins: [react()],
      resolve: {
        alias: [
          {
            find: /^shiki\/(?:langs|themes)$/,
            replacement: at('src/renderer/features/changes/no-languages.ts'),
          },
        ],
      },
      // Diffs are highlighted in module workers.
      worker: { format: 'es' },
      build: {
        outDir: at('out/renderer'),
        minify: true,
        // The page's policy takes fonts and images from its own origin, not out of data: addresses.
        assetsInlineLimit: 0,
        // Loaded from disk: one large chunk costs less than it would over a network.
        chunkSizeWarningLimit: 2_000,
        rolldownOptions: { input: rendererEntries },
      },
    },
  }),
};

export default defineConfig(config);
