import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { spawnManaged } from './spawn.ts';
import { noSandbox } from './types.ts';
import type { ManagedProcess, SpawnOptions } from './types.ts';

let dir: string;
const started: ManagedProcess[] = [];
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-spawn-')));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((child) => child.stop({ graceMs: 0, term: false })));
  rmSync(dir, { recursive: true, force: true });
});

const env = { PATH: '/usr/bin:/bin' };
function run(argv: readonly [string, ...string[]], more: Partial<SpawnOptions> = {}): ManagedProcess {
  const child = spawnManaged({ argv, cwd: dir, env, sandbox: noSandbox, stdin: '', ...more });
  started.push(child);
  return child;
}
const sh = (script: string, more: Partial<SpawnOptions> = {}): ManagedProcess =>
  run(['/bin/sh', '-c', script], more);

it('gives the program exactly the environment and folder it was given', async () => {
  const child = run(['/usr/bin/env'], { env: { A: '1', 'B B': 'x=y' } });
  expect((await text(child.stdout)).trim().split('\n').toSorted()).toEqual(['A=1', 'B B=x=y']);
  expect((await text(sh('pwd').stdout)).trim()).toBe(dir);
});

it('reports code and signal of every kind of death', async () => {
  expect(await sh('exit 7').exited).toEqual({ code: 7, signal: null, spawnError: null });
  expect(await sh('kill -9 $$').exited).toEqual({ code: null, signal: 'SIGKILL', spawnError: null });
});

it('reports what could not be started as a value', async () => {
  const code = async (child: ManagedProcess) => (await child.exited).spawnError?.code;
  writeFileSync(join(dir, 'plain'), 'not a program', { mode: 0o600 });
  expect(await code(run(['/no/such/program']))).toBe('ENOENT');
  expect(await code(run(['no-such-name']))).toBe('ENOENT');
  expect(await code(run([join(dir, 'plain')]))).toBe('EACCES');
  expect(await code(run(['/bin/true', 'x'.repeat(4_000_000)]))).toBe('E2BIG');
  expect(await code(run(['/bin/true', 'a\0b']))).toBe('ERR_INVALID_ARG_VALUE');
  const lost = run(['/bin/true'], { cwd: join(dir, 'gone') });
  expect((await lost.exited).spawnError?.message).toContain('gone');
  expect(await text(lost.stdout)).toBe('');
  expect(await lost.stop({ graceMs: 0, term: true })).toMatchObject({ survivors: [] });
});

it('feeds standard input, also when it is large, binary or never read', async () => {
  const big = 'für '.repeat(200_000);
  expect(await text(run(['/bin/cat'], { stdin: big }).stdout)).toBe(big);
  expect((await run(['/bin/true'], { stdin: Buffer.alloc(1_000_000) }).exited).code).toBe(0);
  const open = run(['/bin/cat'], { stdin: null });
  open.stdin.write('one ');
  open.stdin.end('two');
  expect(await text(open.stdout)).toBe('one two');
});

it('survives writing to a program that is gone', async () => {
  const child = run(['/bin/true'], { stdin: null });
  await child.exited;
  child.stdin.write('x'.repeat(1_000_000));
  await new Promise((resolve) => child.stdin.once('close', resolve).end());
});

it('gives streams that a script can open again by name', async () => {
  const child = sh(
    'echo out > /dev/stdout; echo err > /dev/stderr; echo report > /dev/fd/5; cat /dev/stdin',
    {
      extraPipe: 5,
      stdin: 'typed',
    },
  );
  const [out, errors, extra] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.extra === null ? null : text(child.extra),
  ]);
  expect([out, errors, extra]).toEqual(['out\ntyped', 'err\n', 'report\n']);
});

it('keeps a report of any size apart from the output', async () => {
  const child = sh('head -c 3000000 /dev/zero >&3; echo done', { extraPipe: 3 });
  const [out, extra] = await Promise.all([text(child.stdout), child.extra === null ? '' : text(child.extra)]);
  expect(out).toBe('done\n');
  expect(extra).toHaveLength(3_000_000);
});

it('leaves no descriptor and no temporary file behind', async () => {
  vi.stubEnv('TMPDIR', dir);
  const closed = (stream: Readable): Promise<unknown> =>
    stream.closed ? Promise.resolve() : new Promise((resolve) => stream.once('close', resolve).resume());
  const before = readFds();
  for (let i = 0; i < 20; i += 1) {
    const child = sh('echo hi', { extraPipe: 3, stdin: 'x' });
    await Promise.all([
      child.exited,
      closed(child.stdout),
      closed(child.stderr),
      child.extra && closed(child.extra),
    ]);
    await child.stop({ graceMs: 0, term: false });
  }
  expect(readdirSync(dir)).toEqual([]);
  expect(readFds()).toBeLessThanOrEqual(before + 2);
});

const readFds = (): number => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0);

it('ends with the signal that was given for it, and does not start after it', async () => {
  const controller = new AbortController();
  const child = sh('sleep 300', { signal: controller.signal });
  controller.abort();
  expect((await child.exited).signal).toBe('SIGTERM');
  expect((await run(['/bin/true'], { signal: AbortSignal.abort() }).exited).spawnError?.code).toBe(
    'ABORT_ERR',
  );
});
