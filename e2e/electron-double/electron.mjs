#!/usr/bin/env node
// A double of the Electron executable: takes Electron's command line, runs an app's built main process under Node and
// its windows in a headless Chromium. For tests only; README.md says what is there and what is not.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('./main.ts');
} else {
  const newer = join(here, '..', '..', 'node_modules', '.bin', 'node');
  if (!existsSync(newer)) {
    process.stderr.write(`electron double: Node ${process.versions.node} is older than 22.18; run npm ci.\n`);
    process.exit(1);
  }
  // The child watches its parent's pid, so even a SIGKILL of this process ends it.
  const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}
