/** omk listens on no TCP port over the whole life of a goal, unless somebody asked for it. */
import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { environment } from './launch.ts';
import { makeProject, sampleGoal } from './sample-project.ts';
import { serveOmk } from './serve.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const LISTEN = '0A';

// Only Linux tells whose a socket is without help of other programs.
test.skip(!existsSync('/proc/net/tcp'), 'needs /proc');

const quietly = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise; // the process ended while it was looked at
  }
};

/** A process and all that descend from it. */
function tree(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      const stat = quietly(() => readFileSync(`/proc/${name}/stat`, 'utf8'), '');
      return { pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0) };
    });
  const found = [pid];
  for (const one of found)
    found.push(...parents.filter(({ parent }) => parent === one).map((child) => child.pid));
  return found;
}

/** Local addresses that these processes listen on, in the network namespace of each, as the kernel writes them. */
function listeners(pids: readonly number[]): string[] {
  return pids.flatMap((pid) => {
    const fds = quietly(() => readdirSync(`/proc/${pid}/fd`), []);
    const own = new Set(fds.map((fd) => quietly(() => readlinkSync(`/proc/${pid}/fd/${fd}`), '')));
    return ['tcp', 'tcp6']
      .flatMap((kind) =>
        quietly(() => readFileSync(`/proc/${pid}/net/${kind}`, 'utf8'), '')
          .split('\n')
          .slice(1),
      )
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && own.has(`socket:[${fields[9]}]`))
      .map((fields) => fields[1] ?? '');
  });
}

test('nothing listens while a goal is opened, worked on, verified and landed', async () => {
  test.setTimeout(120_000);
  const project = makeProject();
  const home = mkdtempSync(join(tmpdir(), 'omk-e2e-listen-'));
  const args = ['goal', 'run', sampleGoal, '--repo', project.path, '--agent', 'demo'];
  const flags = ['--until-ready', '--yes-plan', '--trust-gates', '--accept', 'auto'];
  const child = spawn(
    join(root, 'node_modules', '.bin', 'node'),
    [join(root, 'bin', 'omk.mjs'), ...args, ...flags],
    {
      env: { ...environment(), OMK_HOME: home },
      stdio: 'ignore',
    },
  );
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const seen = new Set<string>();
  let looks = 0;
  let most = 0;
  while (child.exitCode === null && child.signalCode === null) {
    const pids = tree(child.pid ?? 0);
    most = Math.max(most, pids.length);
    for (const address of listeners(pids)) seen.add(address);
    looks += 1;
    await Promise.race([ended, delay(20)]);
  }
  expect((await ended)[0]).toBe(0);
  expect([...seen]).toEqual([]);
  // It was really looked at while agents and gates ran.
  expect(looks).toBeGreaterThan(50);
  expect(most).toBeGreaterThan(2);
  project.remove();
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

test('the same look finds the one listener of omk serve, on loopback', async () => {
  const served = await serveOmk();
  const port = Number(new URL(served.address).port).toString(16).toUpperCase().padStart(4, '0');
  expect(listeners(tree(process.pid))).toContain(`0100007F:${port}`);
  expect(await served.close()).toBe(0);
});
