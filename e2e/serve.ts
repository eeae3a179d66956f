import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from './launch.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export type Served = {
  /** With the token. */
  readonly address: string;
  /** The state directory. */
  readonly home: string;
  /** Everything it printed so far, on both streams. */
  readonly printed: () => string;
  /** Ends it as Ctrl+C would; gives its exit code. */
  readonly close: () => Promise<number | null>;
};

/** Starts `omk serve` from the build, on a state directory of its own unless one is given. */
export async function serveOmk(
  o: { readonly home?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Served> {
  const home = o.home ?? mkdtempSync(join(tmpdir(), 'omk-e2e-serve-'));
  const child = spawn(join(root, 'node_modules', '.bin', 'node'), [join(root, 'bin', 'omk.mjs'), 'serve'], {
    cwd: root,
    env: { ...environment(), OMK_HOME: home, ...o.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S*(?=\s)/.exec(printed)?.[0];
      if (found) resolve(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`omk serve ended with ${code}: ${printed}`)));
  });
  return {
    address,
    home,
    printed: () => printed,
    async close() {
      if (child.exitCode === null) {
        child.kill('SIGINT');
        await once(child, 'exit');
      }
      if (o.home === undefined)
        rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      return child.exitCode;
    },
  };
}
