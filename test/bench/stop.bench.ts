import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import { noSandbox } from '../../src/main/adapters/process/types.ts';
import { AGENT_STOP_MS } from '../../src/main/host/build-performers.ts';
import type { Benchmark } from '../../tooling/benchmark.ts';

const TRIALS = 500;
const QUICK_TRIALS = 25;
const AT_ONCE = 4;

/** Ways to outlive being told to stop. Each says when it is ready, and sleeps for so many seconds that nobody else does. */
const kinds: readonly ((seconds: string) => string)[] = [
  // Deaf to everything but KILL.
  (seconds) => `trap '' TERM INT HUP PIPE; echo ready; while :; do sleep ${seconds}; done`,
  // Forked away twice, in a session of its own, with nothing of its environment or folder left.
  (seconds) => `( cd / && env -i setsid sh -c 'sleep ${seconds} & exit 0' ) ; echo ready; sleep ${seconds}`,
  // Below a launcher that is gone at once.
  (seconds) => `sh -c 'trap "" TERM; sleep ${seconds}' & echo ready; exit 0`,
];

/** Command lines that contain the marker, of processes that are not zombies. */
const alive = (marker: string): number =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(join('/proc', pid, 'cmdline'), 'latin1').includes(`sleep\0${marker}\0`);
    } catch {
      return false; // ended meanwhile
    }
  }).length;

async function trial(at: number, use: 'namespaces' | 'none'): Promise<{ ms: number; survivors: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'omk-bench-stop-'));
  const seconds = `9${process.pid}${String(at).padStart(4, '0')}`;
  const script = kinds[at % kinds.length] ?? kinds[0];
  try {
    const child = spawnManaged({
      argv: ['/bin/sh', '-c', script?.(seconds) ?? ''],
      cwd: dir,
      env: { PATH: '/usr/bin:/bin', TMPDIR: dir },
      sandbox: { ...noSandbox, use, readOnlyRoot: true, writable: [dir] },
      stdin: null,
    });
    await new Promise<void>((resolve) => {
      child.stdout.once('data', () => resolve());
      void child.exited.then(() => resolve());
    });
    const startedAt = performance.now();
    await child.stop({ graceMs: AGENT_STOP_MS, term: false });
    const ms = performance.now() - startedAt;
    return { ms, survivors: alive(seconds) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Agents that do not want to stop, told to; the slowest of them. What is alive is counted by looking, not by asking. */
export const benchmark: Benchmark = {
  id: 'P10',
  name: 'stopping what will not stop, the slowest trial',
  unit: 's',
  goal: 'under 2 s, 0 survivors',
  runs: 1,
  async run({ quick }) {
    const { use } = await isolationAvailable();
    const trials = quick ? QUICK_TRIALS : TRIALS;
    const results: Awaited<ReturnType<typeof trial>>[] = [];
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (next < trials) {
          next += 1;
          results.push(await trial(next, use));
        }
      }),
    );
    return {
      value: Math.max(...results.map(({ ms }) => ms)) / 1_000,
      counters: {
        trials,
        survivors: results.reduce((sum, { survivors }) => sum + survivors, 0),
        namespaces: use === 'namespaces' ? 1 : 0,
      },
    };
  },
};
