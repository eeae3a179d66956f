/**
 * `npm start`: the desktop window where Electron's binary is, or can be fetched; otherwise the same application in
 * a browser, served on loopback. Plain JavaScript, so that it can say what is wrong under any Node.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const FETCH_LIMIT_MS = 5 * 60_000;
const passed = process.argv.slice(2);

/** Electron's executable, or undefined with the reason why there is none. */
const electron = () => {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { why: 'there is no display here for a desktop window' };
  }
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const installed = () => {
    const pointer = join(folder, 'path.txt');
    if (!existsSync(pointer)) return undefined;
    const path = join(folder, 'dist', readFileSync(pointer, 'utf8').trim());
    return existsSync(path) ? path : undefined;
  };
  const present = installed();
  if (present) return { path: present };
  console.log('Fetching Electron (about 110 MB, once) ...');
  const fetched = spawnSync(process.execPath, [join(folder, 'install.js')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: FETCH_LIMIT_MS,
  });
  const path = installed();
  if (path) return { path };
  const detail = fetched.error?.message ?? fetched.stderr?.split('\n').find((line) => line.trim() !== '');
  return { why: `Electron could not be fetched (${detail?.trim() ?? 'no reason given'})` };
};

/** Opens the first address that `omk serve` prints, where there is a desktop to open it on. */
const openInBrowser = (url) => {
  const opener = { darwin: 'open', linux: 'xdg-open' }[process.platform];
  const hasDesktop = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!opener || !hasDesktop) return;
  // Not being able to open it costs nothing: the address stands on the screen.
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
};

const follow = (child) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`omk could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
  });
};

const found = electron();
if (found.path) {
  // Chromium's sandbox refuses to start as root.
  const sandbox = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  follow(spawn(found.path, [...sandbox, root, ...passed], { stdio: 'inherit' }));
} else {
  console.log(
    `No desktop window: ${found.why}. omk is served to your browser instead, on this machine only.`,
  );
  const serve = spawn(process.execPath, [join(root, 'bin/omk.mjs'), 'serve', ...passed], {
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let seen = '';
  let opened = false;
  serve.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    if (opened) return;
    seen = (seen + text).slice(-4096);
    const url = /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])\S*(?=\s)/.exec(seen)?.[0];
    if (url) {
      opened = true;
      openInBrowser(url);
    }
  });
  follow(serve);
}
