import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';

export type Load = {
  readonly completed: number;
  readonly streamed: number;
  readonly tookMs: number;
  readonly peakMb: number;
  readonly keptMb: number;
  readonly delayP99Ms: number;
};

let bundle: Promise<string> | null = null;

/** As the host is shipped: one file of JavaScript. Reading TypeScript alone would cost a process 40 MB. */
async function bundled(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'omk-bench-bundle-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  await build({
    logLevel: 'warn',
    configFile: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, 'host-under-agents.ts'),
      outDir: dir,
      rollupOptions: { output: { entryFileNames: 'host.mjs' } },
    },
  });
  return join(dir, 'host.mjs');
}

/** Drives so many fake agents at once in a process of its own, and tells what that cost it. */
export async function loadHost(agents: number, ...words: readonly string[]): Promise<Load> {
  bundle ??= bundled();
  const { stdout } = await promisify(execFile)(process.execPath, [await bundle, String(agents), ...words], {
    env: {
      PATH: process.env['PATH'] ?? '',
      OMK_BENCH_AGENT: join(import.meta.dirname, 'streaming-agent.ts'),
    },
  });
  return JSON.parse(stdout) as Load;
}
