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
import { oidOf } from './object-id.ts';
import { commit, git, gitIn, head, plantTriggers, sampleFiles, tempDir, write } from './testing/repo.ts';
import { changesOf, commitSlice, goalId, hardLinked, openSlice, valueOf } from './testing/world.ts';
import type { Slice } from './testing/world.ts';

const show = (slice: Slice, object: string) => slice.inVault('show', object);
const refsIn = (slice: Slice) =>
  slice.inVault('for-each-ref', '--format=%(refname)', 'refs/omk/custody').split('\n');

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

test('the agent’s own commits are kept as evidence, also those it rebased away', async () => {
  const slice = await openSlice();
  const { dir } = slice;
  write(dir, { 'one.txt': '1' });
  const first = commit(dir, 'agent one');
  git(dir, 'commit', '-q', '--amend', '-m', 'agent one, amended');
  const amended = head(dir);
  git(dir, 'checkout', '-q', '-b', 'elsewhere');
  write(dir, { 'two.txt': '2' });
  const second = commit(dir, 'agent two');
  git(dir, 'checkout', '-q', '--detach', slice.base);
  write(dir, { 'three.txt': '3' });
  const made = valueOf(await commitSlice(slice));
  expect(changesOf(slice, made.commit)).toEqual(['A three.txt']);
  const kept = refsIn(slice)
    .filter((ref) => ref.includes('/agent-'))
    .map((ref) => slice.inVault('rev-parse', ref));
  expect(kept.toSorted()).toEqual([first, amended, second].toSorted());
  expect(slice.inVault('fsck', '--full')).not.toMatch(/error|missing/);
});

test.each<readonly [string, (dir: string) => void]>([
  ['deletes .git', (dir) => rmSync(join(dir, '.git'), { recursive: true })],
  [
    'makes .git a link',
    (dir) => {
      rmSync(join(dir, '.git'), { recursive: true });
      symlinkSync('/', join(dir, '.git'));
    },
  ],
  [
    'makes .git a pipe',
    (dir) => {
      rmSync(join(dir, '.git'), { recursive: true });
      execFileSync('mkfifo', [join(dir, '.git')]);
    },
  ],
  [
    'makes a new repository',
    (dir) => {
      rmSync(join(dir, '.git'), { recursive: true });
      git(dir, 'init', '-q');
      commit(dir, 'orphan');
    },
  ],
  [
    'writes nonsense into .git',
    (dir) =>
      write(dir, { '.git/HEAD': '\0\0', '.git/index': 'x', '.git/packed-refs': 'y', '.git/config': '[' }),
  ],
  [
    'puts pipes into .git',
    (dir) => {
      rmSync(join(dir, '.git/HEAD'));
      execFileSync('mkfifo', [
        join(dir, '.git/HEAD'),
        join(dir, '.git/refs/heads/pipe'),
        join(dir, '.git/objects/pack/pack-aa.pack'),
      ]);
    },
  ],
  [
    'points objects elsewhere',
    (dir) => writeFileSync(join(dir, '.git/objects/info/alternates'), '/dev\n/proc/self/fd\n'),
  ],
  [
    'names commits that are not there',
    (dir) => writeFileSync(join(dir, '.git/refs/heads/ghost'), `${'a'.repeat(40)}\n`),
  ],
])('an agent that %s loses nothing but its own commits', async (_, act) => {
  const slice = await openSlice();
  write(slice.dir, { 'src/add.js': 'fixed\n' });
  act(slice.dir);
  const made = valueOf(await commitSlice(slice));
  expect(changesOf(slice, made.commit)).toContain('M src/add.js');
  expect(made.files).toBe(1);
  expect(slice.inVault('fsck', '--full')).not.toMatch(/error|missing/);
});

test('damaged commits of an agent are told, and whole ones beside them are kept', async () => {
  const slice = await openSlice();
  const { dir } = slice;
  git(dir, 'checkout', '-q', '-b', 'good');
  write(dir, { 'good.txt': 'good' });
  const good = commit(dir, 'good');
  git(dir, 'checkout', '-q', '-b', 'bad');
  write(dir, { 'bad.txt': 'bad' });
  commit(dir, 'bad');
  const blob = git(dir, 'rev-parse', 'HEAD:bad.txt');
  const place = join(dir, '.git/objects', blob.slice(0, 2), blob.slice(2));
  chmodSync(place, 0o644);
  writeFileSync(place, 'nonsense');
  // Or omk's own copy of the same bytes would make the commit whole again.
  write(dir, { 'bad.txt': null });
  const made = valueOf(await commitSlice(slice));
  expect(made.notes).toEqual(['1 of the agent’s own commits are damaged and could not be kept.']);
  expect(slice.inVault('cat-file', '-t', good)).toBe('commit');
  expect(slice.inVault('fsck', '--full')).not.toMatch(/error|missing/);
});

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
});
