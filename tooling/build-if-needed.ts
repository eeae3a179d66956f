/** Builds when there is no build, or when a source is newer than it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => modified(join(folder, name))),
  );

const sources = Math.max(newest('src'), modified('electron.vite.config.ts'), modified('package-lock.json'));

if (modified('out/main/cli.js') < sources) {
  const { status } = spawnSync('node_modules/.bin/electron-vite', ['build', '--logLevel', 'warn'], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
