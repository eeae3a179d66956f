import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gate, setupGate } from '../../src/main/adapters/gates/detect/gate.ts';
import { defaultPolicy } from '../../src/shared/goal/vocabulary.ts';
import { worldsOfTests } from './opening.ts';
import { goalId } from './world.ts';

const open = worldsOfTests();
const shell = (script: string, more: Partial<Parameters<typeof gate>[0]> = {}): ReturnType<typeof gate> =>
  gate({ name: 'check', argv: ['sh', '-c', script], source: 'test', ...more });

describe('one gate run', () => {
  it('is ended with everything it started when its time is over', async () => {
    const marker = `sleep 98${process.pid}`;
    const { prepare, verify } = await open(
      { a: '1\n' },
      { gates: [shell(`(setsid ${marker} &) ; ${marker}`, { timeoutMs: 500 })] },
    );
    const { base } = await prepare();
    expect(base.gates[0]).toMatchObject({ outcome: 'timed_out', runs: 1 });
    expect(running(marker)).toEqual([]);
    const result = await verify({ a: '2\n' });
    expect(result).toMatchObject({ passed: false, gates: [{ outcome: 'timed_out' }] });
    expect(result.reasons[0]?.code).toBe('gate.timed_out');
  });

  it.each(['namespaces', 'none'] as const)(
    'leaves no daemon behind when it succeeds (%s)',
    async (isolation) => {
      const marker = `sleep 97${process.pid}`;
      const script = `(setsid ${marker} >/dev/null 2>&1 &) ; sleep 0.3; exit 0`;
      const { prepare } = await open({ a: '1\n' }, { gates: [shell(script)], isolation });
      expect((await prepare()).base.gates[0]).toMatchObject({ outcome: 'passed' });
      expect(running(marker)).toEqual([]);
    },
  );

  it('keeps head and tail of a flood, in bounded memory', async () => {
    const { prepare, artifacts } = await open(
      { a: '1\n' },
      { gates: [shell('echo first; head -c 200000000 /dev/zero | tr "\\0" x; echo last', { repeat: 1 })] },
    );
    const before = process.memoryUsage.rss();
    const { base } = await prepare();
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
    const log = await artifacts.read(base.gates[0]?.evidence[0] ?? ('' as never), 0, 10_000_000);
    const text = new TextDecoder().decode(log?.bytes);
    expect(text.length).toBeLessThan(1_200_000);
    expect(text.startsWith('first')).toBe(true);
    expect(text.endsWith('last\n')).toBe(true);
    expect(text).toMatch(/\[… 19\d{7} bytes not kept …\]/);
  });

  it('that misses its tool is never a pass', async () => {
    const { verify } = await open(
      { a: '1\n' },
      { gates: [gate({ name: 'lint', argv: ['no-such-linter'], source: 'test' })] },
    );
    const result = await verify({ a: '2\n' });
    expect(result).toMatchObject({ passed: false, gates: [{ outcome: 'errored' }] });
    expect(result.gates[0]?.notes[0]).toContain('no-such-linter is not on the PATH');
  });

  it('that answers differently on the same tree is flaky, with counts', async () => {
    const counter = join(mkdtempSync(join(tmpdir(), 'omk-counter-')), 'n');
    writeFileSync(counter, '0');
    const script = `n=$(cat ${counter}); echo $((n + 1)) > ${counter}; exit $((n % 2))`;
    // Without namespaces a run can leave something behind: what a repeat is for.
    const { prepare, verify } = await open({ a: '1\n' }, { gates: [shell(script)], isolation: 'none' });
    expect((await prepare()).base).toMatchObject({ gates: [{ outcome: 'flaky' }], red: [] });
    const result = await verify({ a: '2\n' });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0, gates: [{ outcome: 'flaky' }] });
    expect(result.gates[0]?.notes).toContain('Flaky: 1 of 2 runs of the same tree passed.');
    rmSync(dirname(counter), { recursive: true });
  });

  it('cannot count its own runs, because nothing outlives one', async () => {
    const script =
      'for d in "$HOME" "$TMPDIR" . ; do n=$(cat $d/.n 2>/dev/null || echo 0); echo $((n+1)) > $d/.n; [ $n = 0 ] || exit 1; done';
    const { prepare } = await open({ a: '1\n' }, { gates: [shell(script, { repeat: 3 })] });
    expect((await prepare()).base.gates[0]).toMatchObject({ outcome: 'passed', runs: 3 });
  });

  it('runs on exactly the commit: nothing uncommitted, ignored or left over is there', async () => {
    const { verify, repo } = await open(
      {
        '.gitignore': 'ignored\n',
        a: '1\n',
        'x.sh': '#!/bin/sh\n[ ! -e ignored ] && [ ! -e .git ] && [ -x x.sh ]\n',
      },
      { gates: [gate({ name: 'check', argv: ['./x.sh'], source: 'test' })] },
    );
    writeFileSync(join(repo.dir, 'ignored'), '');
    expect((await verify({ a: '2\n' })).gates[0]).toMatchObject({ outcome: 'passed' });
  });

  it('reports what it is doing, and stops when it is told to', async () => {
    const { gates, context } = await open({ a: '1\n' }, { gates: [shell('sleep 60')] });
    const stop = new AbortController();
    const labels: string[] = [];
    const progress = (label: string): void => {
      labels.push(label);
      setTimeout(() => stop.abort(), 200);
    };
    const started = performance.now();
    const checked = await gates.checkBase({ ...context({ signal: stop.signal, progress }), sealed: null });
    expect(checked).toMatchObject({ ok: false, error: { code: 'gates.cancelled' } });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(labels).toEqual(['Base run 1 of 2: check']);
  });

  it('stops with what a person must do when a variable it names is not set', async () => {
    const { gates, context } = await open({ a: '1\n' }, { gates: [shell('true', { env: ['DB_URL'] })] });
    const checked = await gates.checkBase({ ...context(), sealed: null });
    expect(checked).toMatchObject({ ok: false, error: { code: 'gate.env_missing', blame: 'external' } });
    const given = await gates.checkBase({ ...context({ env: { DB_URL: 'x', OTHER: 'y' } }), sealed: null });
    expect(given).toMatchObject({ ok: true });
  });

  it('leaves no folder of a run behind', async () => {
    const { prepare, root } = await open({ a: '1\n' }, { gates: [shell('mkdir -p d/e; chmod 0500 d/e d')] });
    await prepare();
    expect(readdirSync(join(root, 'verify')).filter((name) => !name.startsWith('.'))).toEqual([]);
  });
});

describe('a probe', () => {
  const probe = gate({
    name: 'answer',
    kind: 'probe',
    argv: ['sh', 'answer.sh'],
    stdin: '2 3\n',
    expect: { stdout: '5\n', exit: 3 },
    source: 'probe',
  });
  it('is judged by its own expectation, in another process', async () => {
    const { prepare, verify } = await open(
      { 'answer.sh': 'read a b; echo $((a - b)); exit 3\n' },
      { gates: [probe, shell('true')] },
    );
    expect((await prepare()).base.red).toEqual(['answer']);
    const right = await verify({ 'answer.sh': 'read a b; echo $((a + b)); exit 3\n' });
    expect(right).toMatchObject({ passed: true, redToGreen: ['answer'] });
    const exit = await verify({ 'answer.sh': 'read a b; echo $((a + b)); exit 0\n' });
    expect(exit.passed).toBe(false);
    expect(exit.gates[0]?.notes[0]).toBe('It should end with exit code 3 and ended with 0.');
  });
});

describe.each(['namespaces', 'none'] as const)('setup with isolation %s', (isolation) => {
  const install = setupGate({
    name: 'install',
    argv: [
      'sh',
      '-c',
      'mkdir -p node_modules/dep ~/.store && echo "$PWD" > node_modules/dep/where && cp package-lock.json node_modules/dep/ && echo kept > ~/.store/x && ln -s dep node_modules/link',
    ],
    source: 'package-lock.json',
    outputs: ['node_modules', '~/.store'],
  });
  const uses = shell(
    '[ "$(cat node_modules/dep/where)" = "$PWD" ] && [ "$(cat ~/.store/x)" = kept ] && [ "$(cat a)" = 2 ]',
  );
  const files = { a: '1\n', 'package-lock.json': '{"packages":{}}\n' };

  it('seals what base needs, at the path where it is used, and makes it again from the cache', async () => {
    const { gates, context, prepare, verify } = await open(files, { gates: [install, uses], isolation });
    const { sealed, base } = await prepare();
    expect(sealed).toMatchObject({ fromCache: false, paths: ['node_modules', '~/.store'] });
    expect(base.gates[0]).toMatchObject({ outcome: 'failed' });
    expect(await verify({ a: '2\n' })).toMatchObject({ passed: true, redToGreen: ['check'] });
    expect(await gates.setup(context())).toMatchObject({
      ok: true,
      value: { fromCache: true, digest: sealed?.digest },
    });
  });

  it('gives agents copies, and refuses a seal that somebody changed', async () => {
    const world = await open(files, { gates: [install, uses], isolation });
    const { gates, prepare, context, root } = world;
    const { sealed, base } = await prepare();
    if (sealed === null) throw new Error('nothing was sealed');
    const dir = join(root, 'worktree');
    mkdirSync(dir);
    expect(await gates.installSetup({ goalId, sealed, dir })).toEqual({ ok: true, value: null });
    writeFileSync(join(dir, 'node_modules/dep/where'), 'patched by an agent');
    const cached = join(root, 'cache', sealed.key, 'tree/node_modules/dep/where');
    expect(readFileSync(cached, 'utf8')).not.toContain('patched');
    chmodSync(cached, 0o644);
    writeFileSync(cached, 'poisoned');
    const verified = await gates.verify({
      ...context(),
      sealed,
      base,
      candidate: world.base,
      policy: defaultPolicy,
      approvedOracles: [],
      hideDirs: [],
      outside: [],
    });
    expect(verified).toMatchObject({ ok: false, error: { code: 'setup.seal_broken', blame: 'infra' } });
    // A broken cache is made again, not believed.
    expect(await gates.setup(context())).toMatchObject({ ok: true, value: { fromCache: false } });
  });

  it('asks about other dependencies, and prepares them once they are approved', async () => {
    const { verify } = await open(files, {
      gates: [install, shell('grep -q left-pad node_modules/dep/package-lock.json')],
      isolation,
    });
    const lock = { packages: { 'node_modules/left-pad': { version: '1.0.0', hasInstallScript: true } } };
    const change = { 'package-lock.json': JSON.stringify(lock) };
    const asked = await verify(change);
    expect(asked.passed).toBe(false);
    expect(asked.findings).toContainEqual(
      expect.objectContaining({ rule: 'oracle.lockfile', effect: 'question' }),
    );
    expect(asked.findings[0]?.message).toContain('left-pad (runs a script when installed)');
    expect(asked.proposedOracle).not.toBeNull();
    const approvedOracles = asked.proposedOracle === null ? [] : [asked.proposedOracle];
    const ready = await verify(change, { approvedOracles });
    expect(ready.reasons).toEqual([]);
    expect(ready).toMatchObject({ passed: true, redToGreen: ['check'] });
  });
});

it('a setup that fails is somebody else’s fault, with the end of its output', async () => {
  const failing = setupGate({
    name: 'install',
    argv: ['sh', '-c', 'echo no such registry >&2; exit 7'],
    source: 'x',
    outputs: ['node_modules'],
  });
  const { gates, context } = await open({ a: '1\n' }, { gates: [failing, shell('true')] });
  const result = await gates.setup(context());
  expect(result).toMatchObject({
    ok: false,
    error: { code: 'setup.failed', blame: 'external', detail: { exit: 7, tail: 'no such registry' } },
  });
});

it('a setup that does not get through to a registry says how its settings get in', async () => {
  const argv = ['sh', '-c', 'echo npm error code SELF_SIGNED_CERT_IN_CHAIN >&2; exit 1'];
  const { gates, context } = await open(
    { a: '1\n' },
    { gates: [setupGate({ name: 'install', argv, source: 'x', outputs: ['node_modules'] }), shell('true')] },
  );
  const result = await gates.setup(context());
  expect(result).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('npm_config_cafile') as unknown },
  });
});

it('a build that rewrites tests or dependencies does not reach the test gate', async () => {
  const build = gate({ name: 'build', argv: ['sh', 'build.sh'], source: 'test' });
  const install = setupGate({
    name: 'install',
    argv: ['sh', '-c', 'mkdir -p node_modules/dep; echo 1 > node_modules/dep/v'],
    source: 'x',
    outputs: ['node_modules'],
  });
  const tests = shell('grep -q 1 node_modules/dep/v && sh tests/t.sh', { name: 'tests' });
  const files = { a: '1\n', 'build.sh': 'exit 0\n', 'tests/t.sh': '[ "$(cat a)" = 2 ]\n' };
  const { verify } = await open(files, { gates: [install, build, tests] });
  const locked = await verify({ 'build.sh': 'exit 0 # same\n', a: '3\n' });
  expect(locked.gates.find((one) => one.name === 'tests')).toMatchObject({ outcome: 'failed' });
  // build.sh itself is named by a gate, so base's copy runs; a product file that it calls would be the agent's.
  expect(locked.lockedChanged).toEqual(['build.sh']);
});

it('a change of the oracle comes with its own patch, and with nothing else of the change', async () => {
  const files = { a: '1\n', '.omk/gates.toml': '[[gates]]\nname = "check"\ncommand = "true"\n' };
  const { verify } = await open(files, { gates: [shell('[ "$(cat a)" = 2 ]')] });
  const asked = await verify({ a: '2\n', '.omk/gates.toml': '' });
  expect(asked.proposedOracle).not.toBeNull();
  expect(asked.lockedPatch).toContain('-command = "true"');
  expect(asked.lockedPatch).not.toContain('a/a b/a');
  expect(await verify({ a: '2\n' })).not.toHaveProperty('lockedPatch');
});

it('a run that touches its dependencies counts for nothing', async () => {
  const install = setupGate({
    name: 'install',
    argv: ['sh', '-c', 'mkdir -p node_modules/dep; echo 1 > node_modules/dep/v'],
    source: 'x',
    outputs: ['node_modules'],
  });
  const tests = shell('sh a.txt', { name: 'tests' });
  const { verify } = await open({ 'b.sh': 'true\n', 'a.txt': 'sh b.sh\n' }, { gates: [install, tests] });
  const result = await verify({ 'b.sh': 'echo 2 > node_modules/dep/v\n' });
  expect(result.passed).toBe(false);
  expect(result.findings.map((one) => one.rule)).toContain('oracle.changed_while_running');
});

it('a slow gate is spared when a cheap one fails', async () => {
  const slow = shell('true', { name: 'slow', cost: 'slow' });
  const { verify } = await open({ a: '1\n' }, { gates: [slow, shell('[ "$(cat a)" = 2 ]')] });
  const result = await verify({ a: '3\n' });
  expect(result.gates.map((one) => [one.name, one.outcome])).toEqual([
    ['check', 'failed'],
    ['slow', 'skipped'],
  ]);
});

function running(command: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() === command;
    } catch {
      return false; // ended meanwhile
    }
  });
}
