import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { CdpConnection } from './cdp.ts';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const FLAGS = [
  '--headless=new',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-startup-window',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints,Translate',
  // Written by a process that may outlive the browser by a moment, into a folder a test has removed meanwhile.
  '--disk-cache-dir=/dev/null',
  '--disable-field-trial-config',
  '--disable-hang-monitor',
  '--disable-renderer-backgrounding',
  '--disable-search-engine-choice-screen',
  '--disable-sync',
  // Electron's ports have a close event; Chromium's own only with this.
  '--enable-blink-features=MessagePortCloseEvent',
  '--force-color-profile=srgb',
  '--metrics-recording-only',
  '--password-store=basic',
  '--use-mock-keychain',
];

/** A running Chromium: its debugging pipe for the double, its debugging socket for Playwright. */
export type Chromium = {
  readonly connection: CdpConnection;
  /** Where Playwright connects, when it was asked for. */
  readonly devtoolsUrl: string | undefined;
  readonly exited: Promise<void>;
  kill(): void;
};

export type ChromiumOptions = {
  readonly profile: string;
  /** Chromium's own sandbox; it refuses to run it as root, and cannot where there are no user namespaces. */
  readonly sandbox: boolean;
  readonly debuggingPort: string | undefined;
  /** Port of the loopback server that answers for custom schemes. */
  readonly schemePort: number;
  readonly schemeHosts: string;
  readonly extraFlags: readonly string[];
};

function findChromium(): string {
  const path = process.env['CHROMIUM_PATH'] ?? PLACES.find((place) => existsSync(place));
  if (path === undefined)
    throw new Error('electron double: no Chromium found; install one or set CHROMIUM_PATH.');
  return path;
}

/** A second Chromium on a profile would hand over to the first and exit, so a dying one is waited for, then killed. */
async function waitForProfile(profile: string): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    let holder: number;
    try {
      holder = Number(/-(\d+)$/.exec(readlinkSync(join(profile, 'SingletonLock')))?.[1]);
      if (!readFileSync(`/proc/${holder}/cmdline`, 'utf8').includes(profile)) return;
    } catch {
      // No lock, or its holder is gone: the profile is free.
      return;
    }
    if (tries === 50) process.kill(holder, 'SIGKILL');
    await delay(100);
  }
}

/** Starts Chromium without a window. It ends when the debugging pipe does, that is, with this process however it dies. */
export async function startChromium(options: ChromiumOptions): Promise<Chromium> {
  mkdirSync(options.profile, { recursive: true, mode: 0o700 });
  await waitForProfile(options.profile);
  // Nothing but this machine is reachable: a test can never depend on the internet.
  const hosts = `MAP ${options.schemeHosts} 127.0.0.1:${options.schemePort},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1,EXCLUDE localhost`;
  const args = [
    ...FLAGS,
    ...(options.sandbox ? [] : ['--no-sandbox']),
    `--user-data-dir=${options.profile}`,
    `--host-resolver-rules=${hosts}`,
    '--remote-debugging-pipe',
    ...(options.debuggingPort === undefined ? [] : [`--remote-debugging-port=${options.debuggingPort}`]),
    ...options.extraFlags,
  ];
  const child = spawn(findChromium(), args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CONFIG_HOME: options.profile, XDG_CACHE_HOME: join(options.profile, 'cache') },
  });
  const [, , , input, output] = child.stdio;
  const connection = new CdpConnection(input as Writable, output as Readable);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const devtoolsUrl = await readDevtoolsUrl(child, options.debuggingPort !== undefined);
  return { connection, devtoolsUrl, exited, kill: () => void child.kill('SIGKILL') };
}

function readDevtoolsUrl(child: ChildProcess, wanted: boolean): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const failed = (why: string): void =>
      reject(new Error(`electron double: Chromium ${why}.\n${lines.join('\n')}`));
    child.once('error', (error) => failed(`did not start (${error.message})`));
    child.once('exit', (code, signal) => failed(`ended with ${signal ?? code} before it was up`));
    // Read to the end even when nothing is wanted from it: a full pipe would stop Chromium.
    createInterface({ input: child.stderr as Readable }).on('line', (line) => {
      if (lines.length < 50) lines.push(line);
      const url = /^DevTools listening on (ws:\/\/.*)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    if (!wanted) child.once('spawn', () => resolve(undefined));
  });
}
