import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ioFailure } from './failure.ts';
import { createGit } from './git.ts';
import { codeOf, systemPath, valueOf } from './testing/world.ts';
import { git as testGit, plantTriggers, sampleRepo, tempDir, write } from './testing/repo.ts';
import { gitVersion } from './version.ts';

/** A git that is a script of ours, to see what is done about what it does. */
function scripted(body: string) {
  const dir = tempDir();
  writeFileSync(join(dir, 'git'), `#!/bin/sh\n${body}\n`);
  chmodSync(join(dir, 'git'), 0o755);
  const home = tempDir();
  return { home, git: createGit({ home, path: `${dir}:${systemPath}` }) };
}

test('git gets a complete environment of omk’s own and nothing of the host’s', async () => {
  const { git, home } = scripted('env -0; printf "%s\\0" "$@"');
  const said = valueOf(await git.run({ gitDir: home, args: ['status', '--x=$(y) z'] })).stdout.toString();
  const fields = said.split('\0');
  const env = Object.fromEntries(
    fields.filter((field) => /^[A-Z_]+=/.test(field)).map((field) => field.split('=', 2)),
  );
  expect(
    Object.keys(env).filter(
      (name) => !/^(?:GIT_|PATH$|HOME$|XDG_CONFIG_HOME$|LC_ALL$|TZ$|SSH_ASKPASS$|PWD$|SHLVL$|_$)/.test(name),
    ),
  ).toEqual([]);
  expect(env).toMatchObject({
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  });
  expect(env).toMatchObject({
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_DIR: home,
  });
  for (const setting of [
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'protocol.allow=never',
    'diff.external=',
  ])
    expect(fields).toContain(setting);
  expect(fields.slice(-3)).toEqual(['status', '--x=$(y) z', '']);
});

test('every way of failing has its own code', async () => {
  const run = async (
    body: string,
    o: { readonly timeoutMs?: number; readonly maxBytes?: number; readonly signal?: AbortSignal } = {},
  ) => {
    const { git, home } = scripted(body);
    return codeOf(await git.run({ gitDir: home, args: ['x'], ...o }));
  };
  expect(await run('exit 0')).toBe('fine');
  expect(await run('echo "fatal: something" >&2; exit 128')).toBe('git.failed');
  expect(await run('echo "fatal: write error: No space left on device" >&2; exit 128')).toBe('disk.full');
  expect(await run('echo "error: Disk quota exceeded" >&2; exit 1')).toBe('disk.full');
  expect(await run('exec sleep 60', { timeoutMs: 50 })).toBe('git.timed_out');
  expect(await run('trap "" TERM; sleep 60', { timeoutMs: 50 })).toBe('git.timed_out');
  expect(await run('head -c 100000 /dev/zero', { maxBytes: 1_000 })).toBe('git.too_much_output');
  expect(await run('exec sleep 60', { signal: AbortSignal.timeout(50) })).toBe('git.cancelled');
  expect(await run('kill -9 $$')).toBe('git.failed');
  const home = tempDir();
  expect(codeOf(await createGit({ home, path: home }).run({ gitDir: home, args: ['x'] }))).toBe(
    'git.missing',
  );
  expect(
    codeOf(await createGit({ home, path: systemPath }).run({ gitDir: join(home, 'gone'), args: ['x'] })),
  ).toBe('workspace.missing');
});

test('a message names the command and git’s own first reason', async () => {
  const { git, home } = scripted('echo "warning: x" >&2; echo "fatal: the reason" >&2; exit 128');
  expect(await git.run({ gitDir: home, args: ['fsck'] })).toMatchObject({
    error: { message: 'git fsck failed: fatal: the reason.', retry: 'later', blame: 'infra' },
  });
});

test('a full disk reads the same from the file system', () => {
  const full = ioFailure(Object.assign(new Error('x'), { code: 'ENOSPC' }), 'write');
  expect(full).toMatchObject({ code: 'disk.full', blame: 'infra', retry: 'ask' });
  expect(ioFailure(Object.assign(new Error('x'), { code: 'EIO' }), 'write a file')).toMatchObject({
    code: 'workspace.io_failed',
    message: 'omk could not write a file (EIO). Check the disk and its permissions.',
  });
});

test('even inside a hostile repository the hardened git runs nothing of it', async () => {
  const dir = sampleRepo();
  const triggers = plantTriggers(dir);
  triggers.prove();
  write(dir, { 'src/add.js': 'changed\n' });
  const git = createGit({ home: tempDir(), path: systemPath });
  const gitDir = join(dir, '.git');
  const tip = testGit(dir, 'rev-parse', 'HEAD');
  for (const args of [
    ['update-ref', 'refs/heads/other', tip],
    ['log', '-1'],
    ['diff-tree', '-p', '--no-ext-diff', '--no-textconv', '--root', tip],
    ['commit-tree', '-m', 'x', `${tip}^{tree}`],
    ['fetch', 'origin'],
    ['ls-remote', 'origin'],
  ] as const)
    await git.run({ gitDir, args: [...args] });
  expect(triggers.ran()).toEqual([]);
});

test('the version of git is read, and none is none', async () => {
  expect(await gitVersion(systemPath)).toMatch(/^\d+\.\d+/);
  expect(await gitVersion(tempDir())).toBeNull();
});
