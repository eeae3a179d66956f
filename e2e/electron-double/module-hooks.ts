import { registerHooks } from 'node:module';
import { notThere } from './absent.ts';

const MAIN_MODULES = new Set(['electron', 'electron/main', 'electron/common']);

/** Makes `import 'electron'` and `require('electron')` mean the double, for the app and for Playwright's evaluate. */
export function resolveElectronTo(url: string): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (MAIN_MODULES.has(specifier)) return { url, shortCircuit: true };
      if (specifier === 'electron/renderer') throw notThere('electron/renderer in the main process');
      return next(specifier, context);
    },
  });
}
