#!/usr/bin/env node
// Old Nodes must be able to read this file, so that they can say what is wrong. better-sqlite3 would end them with a
// segmentation fault and no word.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  const cli = join(root, 'out', 'main', 'cli.js');
  if (existsSync(cli)) {
    await import(pathToFileURL(cli).href);
  } else {
    console.error('omk is not built yet; run "npm run build" in ' + root + '.');
    process.exitCode = 2;
  }
} else {
  const newer = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(newer)) {
    const child = spawn(newer, [self, ...process.argv.slice(2)], { stdio: 'inherit' });
    const forward = (signal) => child.kill(signal);
    // A terminal interrupts the child by itself; telling it twice would mean "at once".
    const ignore = () => {};
    process.on('SIGINT', process.stdin.isTTY ? ignore : forward);
    process.on('SIGTERM', forward);
    process.on('SIGHUP', forward);
    child.on('error', (error) => {
      console.error('omk could not start ' + newer + ': ' + error.message);
      process.exitCode = 1;
    });
    child.on('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
      if (signal) process.kill(process.pid, signal);
      else process.exitCode = code;
    });
  } else {
    console.error(
      'omk needs Node 22.18 or newer, and this is ' +
        process.version +
        '; install one, or run "npm ci" here.',
    );
    process.exitCode = 2;
  }
}
