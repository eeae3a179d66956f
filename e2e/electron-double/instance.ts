import { createRequire } from 'node:module';
import { App } from './app.ts';
import { readAppPackage } from './app-package.ts';
import { parseCommandLine } from './argv.ts';

const electronPackage: unknown = createRequire(import.meta.url)('electron/package.json');

/** The Electron this is a double of, as the app's own node_modules name it. */
export const electronVersion = (electronPackage as { version: string }).version;

export const commandLine = parseCommandLine(process.argv.slice(2));
export const appPackage = readAppPackage(commandLine.appPath, electronVersion);
export const app = new App(appPackage, commandLine.switches);
