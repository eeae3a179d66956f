import { open as openInspector } from 'node:inspector';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isDrivenByPlaywright } from './argv.ts';
import { startChromium } from './chromium.ts';
import type { Chromium } from './chromium.ts';
import { startEngine } from './engine.ts';
import { app, appPackage, commandLine, electronVersion } from './instance.ts';
import './drop-hook.ts';
import { resolveElectronTo } from './module-hooks.ts';
import { freezeSchemes } from './protocol.ts';
import { note } from './record.ts';
import { SCHEME_HOSTS } from './scheme-urls.ts';
import { startSchemeServer } from './scheme-server.ts';

const { switches } = commandLine;

/** What tells a program that it runs in Electron. */
function lookLikeElectron(): void {
  Object.assign(process.versions, { electron: electronVersion });
  Object.assign(process, {
    type: 'browser',
    defaultApp: true,
    resourcesPath: join(appPackage.path, 'resources'),
  });
  const [, executable = '', ...args] = process.argv;
  process.argv = [executable, ...args];
}

/** Playwright attaches first and then lets the app go on, or it would miss what the app does at once. */
function whenAttached(): Promise<void> {
  if (!isDrivenByPlaywright(commandLine) || commandLine.requires.length > 0) return Promise.resolve();
  return new Promise((resolve) => {
    Object.assign(globalThis, { __playwright_run: resolve });
  });
}

/** Ends us when whoever started us is gone: a test runner that was killed leaves nothing behind. */
function followParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    // No goodbyes: this is the crash of a test run, and the exit handler ends Chromium.
    if (process.ppid !== parent) process.exit(1);
  }, 250).unref();
}

async function loadApp(): Promise<void> {
  const require = createRequire(join(appPackage.path, 'noop.js'));
  for (const name of commandLine.requires) require(name);
  const late = setTimeout(() => {
    console.error(
      'electron double: the main module is still loading; awaiting app.whenReady() at its top level never ends.',
    );
  }, 10_000);
  await import(pathToFileURL(appPackage.entry).href);
  clearTimeout(late);
}

async function startBrowser(schemePort: number): Promise<Chromium> {
  const chromium = await startChromium({
    profile: join(app.getPath('sessionData'), 'electron-double-profile'),
    sandbox: process.getuid?.() !== 0 && !switches.has('no-sandbox'),
    debuggingPort: switches.get('remote-debugging-port'),
    schemePort,
    schemeHosts: SCHEME_HOSTS,
    extraFlags: app.commandLine.chromiumFlags(),
  });
  process.on('exit', () => chromium.kill());
  await startEngine(chromium.connection);
  const { product } = await chromium.connection.browser.send('Browser.getVersion');
  Object.assign(process.versions, { chrome: product.replace(/^.*\//, '') });
  return chromium;
}

lookLikeElectron();
resolveElectronTo(new URL('electron.ts', import.meta.url).href);
if (switches.has('inspect')) openInspector(Number(switches.get('inspect')), '127.0.0.1');
followParent();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());

// Electron warns and goes on; recorded, so that a test can insist on none.
process.on('unhandledRejection', (reason) => {
  note('unhandledRejection', reason);
  console.error('electron double: unhandled rejection:', reason);
});

const attached = whenAttached();
await loadApp();
const schemes = await startSchemeServer();
const chromium = await startBrowser(schemes.port);
app.onShutdown(async (code) => {
  chromium.connection.browser.send('Browser.close').catch(() => undefined);
  await Promise.race([chromium.exited, delay(3000)]);
  chromium.kill();
  process.exit(code);
});
void chromium.exited.then(() => {
  if (app.isEnding()) return;
  console.error('electron double: Chromium has ended.');
  app.exit(1);
});
if (chromium.devtoolsUrl !== undefined)
  process.stderr.write(`\nDevTools listening on ${chromium.devtoolsUrl}\n`);
await attached;
freezeSchemes();
app.becomeReady();
