import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AttemptId } from '../../../shared/kernel/ids.ts';
import { oidOf } from './object-id.ts';
import { git, gitIn, plantTriggers, sampleFiles, tempDir, write } from './testing/repo.ts';
import { changesOf, commitSlice, goalId, hardLinked, openSlice, taskId, valueOf } from './testing/world.ts';
import type { Slice } from './testing/world.ts';

const show = (slice: Slice, object: string) => slice.inVault('show', object);

test('names of every kind survive, also those that are not text', async () => {
  const slice = await openSlice();
  const names = [
    '-rf',
    '--help',
    'a\nb',
    '"quo\\te',
    '日本',
    '\u202etxt.exe',
    'a\tb',
    ' lead',
    'trail ',
    '$(touch x)',
    '\x1b[31m',
    'é',
    'e\u0301',
  ];
  for (const name of names) write(slice.dir, { [`odd/${name}`]: name });
  const bad = Buffer.concat([Buffer.from(join(slice.dir, 'odd/')), Buffer.from([0xff, 0xfe, 0x0a])]);
  writeFileSync(bad, 'bytes');
  const made = valueOf(await commitSlice(slice));
  expect(made.files).toBe(names.length + 1);
  const listed = gitIn(slice.vault, [
    '--git-dir',
    slice.vault,
    'ls-tree',
    '-r',
    '-z',
    '--name-only',
    made.commit,
    'odd/',
  ])
    .toString('latin1')
    .split('\0');
  expect(listed).toContain('odd/\xff\xfe\n');
  for (const name of names) expect(listed).toContain(Buffer.from(`odd/${name}`).toString('latin1'));
  const tree = slice.workspaces.tree(goalId, made.tree);
  expect(Buffer.from((await tree.read('odd/\\xff\\xfe\n', 100)) ?? []).toString()).toBe('bytes');
});

test('what cannot be in a tree is named and never followed', async () => {
  const slice = await openSlice();
  const { dir } = slice;
  const secret = join(tempDir(), 'secret');
  writeFileSync(secret, 'secret');
  execFileSync('mkfifo', [join(dir, 'pipe'), join(dir, 'src/.gitignore')]);
  rmSync(join(dir, 'README.md'));
  execFileSync('mkfifo', [join(dir, 'README.md')]);
  write(dir, {
    'nested/.git/config': '[core]\n\tfsmonitor = touch /tmp/omk-nested\n',
    'nested/code.js': 'code',
    'x/.GIT/hooks/pre-commit': 'x',
    'to-secret': { link: secret },
  });
  rmSync(join(dir, 'names'), { recursive: true });
  symlinkSync(tempDir(), join(dir, 'names'));
  // Killed so that its socket stays. Named from inside the folder: the whole path would be too long for a socket.
  const listen = `require('net').createServer().listen('socket', () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', listen], { cwd: dir });
  const made = valueOf(await commitSlice(slice));
  const odd = ['README.md', 'nested/.git', 'pipe', 'socket', 'src/.gitignore', 'x/.GIT'];
  expect(made.outside.toSorted()).toEqual(odd);
  const changes = changesOf(slice, made.commit);
  expect(changes).toContain('A nested/code.js');
  expect(changes).toContain('D README.md');
  expect(changes).toContain('D names/with space.txt');
  expect(changes).toContain('A names');
  expect(show(slice, `${made.commit}:to-secret`)).toBe(secret);
});

test.runIf(process.geteuid?.() === 0)(
  'what belongs to somebody else is named and does not count as deleted',
  async () => {
    const slice = await openSlice();
    const { dir } = slice;
    write(dir, { 'src/add.js': 'fixed\n' });
    execFileSync('chown', [
      '-R',
      '65534',
      slice.workspaceRoot,
      slice.vaultRoot,
      join(slice.workspaceRoot, '..'),
    ]);
    execFileSync('chown', ['0', join(dir, 'src/deep'), join(dir, 'README.md')]);
    chmodSync(join(dir, 'src/deep'), 0o700);
    chmodSync(join(dir, 'README.md'), 0o600);
    process.seteuid?.(65_534);
    try {
      const made = valueOf(await commitSlice(slice));
      expect(changesOf(slice, made.commit)).toEqual(['M src/add.js']);
      expect(made.outside.toSorted()).toEqual(['README.md', 'src/deep']);
    } finally {
      process.seteuid?.(0);
    }
  },
);

test('triggers that the agent plants in its .git never run', async () => {
  const slice = await openSlice();
  const triggers = plantTriggers(slice.dir);
  triggers.prove();
  write(slice.dir, {
    '.gitattributes': '* filter=evil diff=evil merge=evil ident eol=crlf export-ignore\n',
    'src/add.js': 'fixed $Id$\n',
  });
  git(slice.dir, 'config', 'core.worktree', '/');
  git(slice.dir, 'config', 'core.bare', 'true');
  const made = valueOf(await commitSlice(slice));
  await slice.workspaces.diff({ goalId, from: slice.base, to: made.tree, maxPatchBytes: 1_000_000 });
  expect(triggers.ran()).toEqual([]);
  expect(show(slice, `${made.commit}:src/add.js`)).toBe('fixed $Id$');
});

test('unreadable files and folders are read all the same, and nothing in them counts as deleted', async () => {
  const slice = await openSlice();
  const { dir } = slice;
  write(dir, { 'src/add.js': 'fixed\n', 'src/deep/er/new.txt': 'new\n' });
  const asRoot = process.geteuid?.() === 0;
  if (asRoot)
    execFileSync('chown', [
      '-R',
      '65534',
      slice.workspaceRoot,
      slice.vaultRoot,
      join(slice.workspaceRoot, '..'),
    ]);
  chmodSync(join(dir, 'src/add.js'), 0);
  chmodSync(join(dir, 'src/deep'), 0);
  chmodSync(join(dir, 'names'), 0o400);
  // Root is kept out of nothing, so the test borrows an ordinary user.
  if (asRoot) process.seteuid?.(65_534);
  try {
    const made = valueOf(await commitSlice(slice));
    expect(changesOf(slice, made.commit)).toEqual(['M src/add.js', 'A src/deep/er/new.txt']);
    expect(made.outside).toEqual([]);
    expect(statSync(join(dir, 'src/add.js')).mode & 0o777).toBe(0);
  } finally {
    if (asRoot) process.seteuid?.(0);
    for (const path of ['src', 'src/deep', 'names']) chmodSync(join(dir, path), 0o755);
  }
});

test('a path longer than any system takes is named, and the rest is kept', async () => {
  const slice = await openSlice();
  const deeper = `for (let n = 0; n < 300; n++) { fs.mkdirSync('a'.repeat(20)); process.chdir('a'.repeat(20)); }`;
  execFileSync(process.execPath, ['-e', `const fs = require('fs'); ${deeper} fs.writeFileSync('deep', '')`], {
    cwd: slice.dir,
  });
  try {
    write(slice.dir, { 'src/add.js': 'fixed\n' });
    const made = valueOf(await commitSlice(slice));
    expect(changesOf(slice, made.commit)).toEqual(['M src/add.js']);
    expect(made.outside.map((path) => path.length)).toEqual([1_000]);
  } finally {
    execFileSync('rm', ['-rf', join(slice.dir, 'a'.repeat(20))]);
  }
});

test('a file too large to keep is named, and what it was stays', async () => {
  const slice = await openSlice();
  truncateSync(join(slice.dir, 'README.md'), 300 * 1024 * 1024);
  write(slice.dir, { 'src/add.js': 'fixed\n' });
  const made = valueOf(await commitSlice(slice));
  expect(made.outside).toEqual(['README.md']);
  expect(made.notes).toEqual(['"README.md" is not committed: too large.']);
  expect(changesOf(slice, made.commit)).toEqual(['M src/add.js']);
});

test('a large file is streamed as it is', async () => {
  const slice = await openSlice();
  const bytes = Buffer.alloc(40 * 1024 * 1024, 'data\r\n$Id$ ');
  writeFileSync(join(slice.dir, 'large.bin'), bytes);
  const made = valueOf(await commitSlice(slice));
  expect(
    gitIn(slice.vault, ['--git-dir', slice.vault, 'cat-file', 'blob', `${made.commit}:large.bin`]).equals(
      bytes,
    ),
  ).toBe(true);
});

test('a hard link into the vault’s or anybody’s files cannot be made by what omk writes', async () => {
  const slice = await openSlice();
  linkSync(join(slice.dir, 'src/add.js'), join(slice.dir, 'same.js'));
  writeFileSync(join(slice.dir, 'same.js'), 'written through\n');
  const made = valueOf(await commitSlice(slice));
  expect(changesOf(slice, made.commit)).toEqual(['A same.js', 'M src/add.js']);
  expect(hardLinked(slice.vault)).toEqual([]);
  expect(readFileSync(join(slice.project, 'src/add.js'), 'utf8')).toBe(sampleFiles['src/add.js']);
});

test('an agent that ruins the workspace’s objects harms no commit of omk’s', async () => {
  const slice = await openSlice();
  execFileSync('chmod', ['-R', 'u+w', slice.workspace]);
  rmSync(join(slice.workspace, 'objects'), { recursive: true });
  write(slice.dir, { 'src/add.js': 'fixed\n' });
  const made = valueOf(await commitSlice(slice));
  expect(changesOf(slice, made.commit)).toEqual(['M src/add.js']);
  expect(oidOf(slice.inVault('rev-parse', `${made.commit}^`))).toBe(slice.base);
  // The next attempt gets a whole one again.
  const next = { goalId, taskId, attemptId: AttemptId.parse('attempt-2') };
  const { dir } = valueOf(await slice.workspaces.openSlice({ ...next, commit: made.commit }));
  expect(git(dir, 'fsck', '--full')).not.toMatch(/error|missing/);
});
