import { _electron } from '@playwright/test';
import type { ElectronApplication } from '@playwright/test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Lets `app.evaluate` callbacks name the double's record.
import type {} from './electron-double/record.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');

export const doublePath = fileURLToPath(new URL('electron-double/electron.mjs', import.meta.url));

export type LaunchOptions = {
  /** Where the app keeps everything. A fresh temporary folder, removed after close, when not given. */
  readonly userDataDir?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The app's own arguments. */
  readonly args?: readonly string[];
};

/** The real Electron when its binary has been downloaded: node_modules/electron/path.txt names it. */
export function realElectron(): string | undefined {
  const named = join(modules, 'electron', 'path.txt');
  if (!existsSync(named)) return undefined;
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(modules, 'electron', 'dist');
  const binary = join(folder, readFileSync(named, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

/** Launches the built app (`npm run build` first) in Electron, or in the double where there is no Electron. */
export async function launchOmk(options: LaunchOptions = {}): Promise<ElectronApplication> {
  const real = realElectron();
  console.log(`electron: ${real ?? `${doublePath} (double)`}`);
  return launch(root, real === undefined ? doublePath : undefined, options);
}

/** Launches the app in this folder in the double, whether or not there is an Electron. */
export function launchInDouble(appPath: string, options: LaunchOptions = {}): Promise<ElectronApplication> {
  return launch(appPath, doublePath, options);
}

/** Without an executable, Playwright finds Electron itself and can hold its start back until it has attached. */
async function launch(
  appPath: string,
  executablePath: string | undefined,
  { userDataDir, env = {}, args = [] }: LaunchOptions,
): Promise<ElectronApplication> {
  const folder = userDataDir ?? mkdtempSync(join(tmpdir(), 'omk-e2e-'));
  const app = await _electron.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [appPath, `--user-data-dir=${folder}`, ...args],
    cwd: root,
    env: { ...environment(), ...env },
    // The page follows nativeTheme, not a test runner's default.
    colorScheme: null,
  });
  if (executablePath === doublePath) {
    // Electron has no dialog for a page that will not unload; the double answers for it, so Playwright must not.
    app.context().on('dialog', (dialog) => {
      if (dialog.type() !== 'beforeunload') dialog.dismiss().catch(() => undefined);
    });
  }
  if (userDataDir === undefined) {
    app.once('close', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  }
  return app;
}

/** Ours, with this project's Node first on the path, so that the double needs no second process to find it. */
export function environment(): Record<string, string> {
  const { PATH = '', ...others } = process.env;
  const entries = Object.entries(others).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(entries), PATH: join(modules, '.bin') + delimiter + PATH };
}
