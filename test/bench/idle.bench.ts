import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark } from '../../tooling/benchmark.ts';

const SECONDS = 10;

/** Processes ever made on this machine, by all; only meaningful as a difference on a quiet one. */
const ticks = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
};
const children = (pid: number): string => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();

/** A host with nothing to do: how much of a core it takes, and whether its set of children ever changes. */
export const benchmark: Benchmark = {
  id: 'P8',
  name: 'idle host, share of a core',
  unit: '%',
  goal: 'at most 0.1 %, no process spawned',
  async run() {
    const home = mkdtempSync(join(tmpdir(), 'omk-idle-'));
    const host = spawn(process.execPath, [join(import.meta.dirname, '..', '..', 'out', 'main', 'host.js')], {
      env: { PATH: process.env['PATH'] ?? '', HOME: home, OMK_HOME: join(home, 'state') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await new Promise<void>((resolve, reject) => {
        host.stdout.once('data', () => resolve());
        host.once('exit', (code) => reject(new Error(`The host ended with ${code}.`)));
      });
      const pid = host.pid ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const [before, family] = [ticks(pid), children(pid)];
      let changes = 0;
      for (let second = 0; second < SECONDS; second += 1) {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        if (children(pid) !== family) changes += 1;
      }
      // A tick is a hundredth of a second, so ticks over seconds are per cent.
      return { value: (ticks(pid) - before) / SECONDS, counters: { childrenChanged: changes } };
    } finally {
      host.kill('SIGTERM');
      await new Promise((resolve) => host.once('exit', resolve));
      rmSync(home, { recursive: true, force: true });
    }
  },
};
