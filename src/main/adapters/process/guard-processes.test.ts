import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { guardProcesses, reapLeftovers } from './guard-processes.ts';
import { isolationAvailable } from './isolation.ts';
import { bootId, isAlive, readProcess, readProcessTable } from './proc-table.ts';

const here = import.meta.dirname;
const watchdog = { execPath: process.execPath, script: join(here, 'watchdog.ts') };
const isolation = await isolationAvailable();

let dir: string;
const parents: ChildProcess[] = [];
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-guard-')));
});
afterEach(() => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

/** A host in a process of its own, which starts one child and then waits to be killed. */
function host(o: { guarded: boolean; use: 'none' | 'namespaces'; script: string }): ChildProcess {
  const path = join(dir, 'host.ts');
  writeFileSync(
    path,
    `import { spawnManaged } from ${JSON.stringify(join(here, 'spawn.ts'))};
import { guardProcesses } from ${JSON.stringify(join(here, 'guard-processes.ts'))};
import { noSandbox } from ${JSON.stringify(join(here, 'types.ts'))};
if (${o.guarded}) await guardProcesses({ watchdog: ${JSON.stringify(watchdog)}, journalPath: ${JSON.stringify(join(dir, 'journal'))} });
const child = spawnManaged({ argv: ['/bin/sh', '-c', ${JSON.stringify(o.script)}], cwd: ${JSON.stringify(dir)}, env: { PATH: '/usr/bin:/bin' }, sandbox: { ...noSandbox, use: '${o.use}' }, stdin: null });
child.stdout.pipe(process.stdout);
setInterval(() => undefined, 1000);`,
  );
  const parent = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
  parents.push(parent);
  return parent;
}

const line = (parent: ChildProcess): Promise<string> =>
  new Promise((resolve) => parent.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));

/** Processes whose command line holds the text, without ours. */
const running = (needle: string): number[] =>
  readProcessTable()
    .filter((row) => !row.zombie && row.pid !== process.pid && commandLine(row.pid).includes(needle))
    .map((row) => row.pid);
const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
};
async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const uses = isolation.use === 'none' ? (['none'] as const) : (['none', 'namespaces'] as const);

it.each(uses)('ends every child when the host is killed (isolation %s)', async (use) => {
  const sleep = `sleep\0${process.pid}77${use.length}`;
  const seconds = sleep.slice(6);
  const parent = host({
    guarded: true,
    use,
    script: `trap '' TERM HUP; setsid sh -c 'sleep ${seconds} & wait' & sleep ${seconds} & echo ready; wait`,
  });
  expect(await line(parent)).toBe('ready');
  await until(() => running(sleep).length >= 2);
  const killedAt = performance.now();
  parent.kill('SIGKILL');
  await until(() => running(sleep).length === 0);
  expect(performance.now() - killedAt).toBeLessThan(4_000);
  // The watchdog itself does not outlive its work either.
  await until(() => running(watchdog.script).every((pid) => readProcess(pid)?.ppid !== 1));
});

it.runIf(isolation.use === 'namespaces')(
  'needs no watchdog where the kernel ends the namespace with the host',
  async () => {
    const sleep = `sleep\0${process.pid}99`;
    const parent = host({
      guarded: false,
      use: 'namespaces',
      script: `setsid ${sleep.replace('\0', ' ')} & echo ready; wait`,
    });
    expect(await line(parent)).toBe('ready');
    await until(() => running(sleep).length > 0);
    parent.kill('SIGKILL');
    await until(() => running(sleep).length === 0);
  },
);

it('ends at the next start what an earlier host left, and nothing else', async () => {
  const left = spawn('/bin/sleep', ['300'], { detached: true, stdio: 'ignore' });
  const stranger = spawn('/bin/sleep', ['300'], { detached: true, stdio: 'ignore' });
  parents.push(left, stranger);
  const row = (child: ChildProcess) => readProcess(child.pid ?? 0);
  const [mine, other] = [row(left), row(stranger)];
  if (mine === null || other === null) throw new Error('sleep did not start');
  const gone = new Promise((resolve) => left.once('exit', (_, signal) => resolve(signal)));
  const marker = { tmpDir: null, dir: null };
  const lines = [
    { op: 'boot', id: bootId() },
    { op: 'add', root: { pid: mine.pid, start: mine.start }, marker },
    // The same id at another start time: the id was given away anew.
    { op: 'add', root: { pid: other.pid, start: String(Number(other.start) - 1) }, marker },
  ];
  const journalPath = join(dir, 'journal');
  writeFileSync(journalPath, `${lines.map((one) => JSON.stringify(one)).join('\n')}\n{"op":"add","ro`);
  expect(await reapLeftovers(journalPath)).toEqual({ ended: 1, survivors: [] });
  expect(await gone).toBe('SIGKILL');
  expect(isAlive(other)).toBe(true);
});

it('believes no journal of an earlier start of the machine, none that is missing, and none that is garbage', async () => {
  const child = spawn('/bin/sleep', ['300'], { detached: true, stdio: 'ignore' });
  parents.push(child);
  const row = readProcess(child.pid ?? 0);
  const add = { op: 'add', root: { pid: row?.pid, start: row?.start }, marker: { tmpDir: null, dir: null } };
  const journalPath = join(dir, 'journal');
  writeFileSync(journalPath, `{"op":"boot","id":"another"}\n${JSON.stringify(add)}\n`);
  expect(await reapLeftovers(journalPath)).toEqual({ ended: 0, survivors: [] });
  expect(await reapLeftovers(join(dir, 'missing'))).toEqual({ ended: 0, survivors: [] });
  writeFileSync(journalPath, Buffer.alloc(1_000, 255));
  expect(await reapLeftovers(journalPath)).toEqual({ ended: 0, survivors: [] });
  expect(row !== null && isAlive(row)).toBe(true);
});

it('does not keep the host alive, and ends its watchdog when closed', async () => {
  const guard = await guardProcesses({ watchdog, journalPath: join(dir, 'state/journal') });
  expect(guard.reaped).toBe(0);
  const dogs = (): number[] =>
    readProcessTable()
      .filter(
        (row) => row.ppid === process.pid && commandLine(row.pid).includes(watchdog.script) && !row.zombie,
      )
      .map((row) => row.pid);
  await until(() => dogs().length === 1);
  await guard.close();
  expect(dogs()).toEqual([]);
});
