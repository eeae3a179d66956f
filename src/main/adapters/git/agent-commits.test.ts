import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commit, git, gitIn, head, write } from './testing/repo.ts';
import { changesOf, commitSlice, openSlice, valueOf } from './testing/world.ts';
import type { Slice } from './testing/world.ts';

const refsIn = (slice: Slice) =>
  slice.inVault('for-each-ref', '--format=%(refname)', 'refs/omk/custody').split('\n');

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

test('commits that git’s own check refuses stay out of the vault', async () => {
  const slice = await openSlice();
  const { dir } = slice;
  const blob = gitIn(dir, ['hash-object', '-w', '--stdin'], { input: 'evil' }).toString().trim();
  const input = Buffer.concat([Buffer.from('100644 .git\0'), Buffer.from(blob, 'hex')]);
  const tree = gitIn(dir, ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], { input })
    .toString()
    .trim();
  const evil = git(dir, 'commit-tree', '-m', 'evil', tree);
  git(dir, 'update-ref', 'refs/heads/evil', evil);
  const made = valueOf(await commitSlice(slice));
  expect(made.notes).toEqual(['1 of the agent’s own commits are damaged and could not be kept.']);
  expect(() => slice.inVault('cat-file', '-e', evil)).toThrow('cat-file');
});
