import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from './launch.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules', '.bin', 'node');

/** Runs the built `omk` on a state directory. */
export async function omk(
  home: string,
  ...args: string[]
): Promise<{ readonly code: number | null; readonly out: string }> {
  const child = spawn(node, [join(root, 'bin', 'omk.mjs'), ...args], {
    env: { ...environment(), OMK_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}

/** Starts the built headless host on a state directory and waits until it answers. */
export async function startHost(
  home: string,
): Promise<{ readonly pid: number; readonly kill: (signal: NodeJS.Signals) => Promise<void> }> {
  const child = spawn(node, [join(root, 'out', 'main', 'host.js')], {
    env: { ...environment(), OMK_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { pid } = JSON.parse(line.toString()) as { pid: number };
  return {
    pid,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}
