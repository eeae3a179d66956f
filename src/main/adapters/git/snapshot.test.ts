import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commit, git, gitIn, head, sampleRepo, snapshotOf, write } from './testing/repo.ts';
import { create, goalId, makeWorld, valueOf } from './testing/world.ts';

test('uncommitted changes are counted, and those in tests or gates are told apart', async () => {
  const world = makeWorld();
  write(world.project, { 'new.txt': 'x' });
  expect(valueOf(await create(world)).warnings).toEqual(['1 uncommitted change is not part of the base.']);
  const other = makeWorld();
  write(other.project, { 'new.txt': 'x', 'test/add.test.js': 'changed', '.omk/gates.toml': 'x' });
  expect(valueOf(await create(other)).warnings).toEqual([
    '3 uncommitted changes are not part of the base.',
    'Uncommitted changes in tests or gates are not part of the base: .omk/gates.toml, test/add.test.js',
  ]);
});

test('a snapshot is one commit on HEAD with the working files as they are', async () => {
  const world = makeWorld();
  const { project } = world;
  write(project, {
    'README.md': 'changed, not staged\n',
    'src/add.js': 'staged first\n',
    'staged.txt': 'staged only, then deleted',
    'untracked/日本\n語.txt': 'untracked',
    'run-me': { exec: '#!/bin/sh\n' },
    'new-link': { link: 'nowhere' },
    'x.log': 'ignored',
    'src/deep/er/file.txt': null,
  });
  git(project, 'add', 'src/add.js', 'staged.txt');
  write(project, { 'src/add.js': 'then changed again\n', 'staged.txt': null });
  git(project, 'rm', '-q', '--cached', 'test/add.test.js');
  git(project, 'mv', 'bin/run.sh', 'bin/moved.sh');
  const before = snapshotOf(project);
  const tip = head(project);
  const base = valueOf(await create(world, 'snapshot'));
  expect(base.snapshot).toBe(true);
  expect(base.warnings).toEqual(['The base contains 10 uncommitted changes as its first commit.']);
  expect(snapshotOf(project)).toEqual(before);
  expect(world.inVault('log', '--format=%P|%an|%s', '-1', base.commit)).toBe(
    `${tip}|omk|Uncommitted work at the start of ${goalId}`,
  );
  // What git itself would commit with everything added.
  git(project, 'add', '-A');
  expect(base.tree).toBe(git(project, 'write-tree'));
  expect(gitIn(world.workspace, ['log', '--format=%H', '-1']).toString().trim()).toBe(base.commit);
});

test('a snapshot of a clean checkout is HEAD', async () => {
  const world = makeWorld();
  expect(valueOf(await create(world, 'snapshot'))).toMatchObject({
    commit: head(world.project),
    snapshot: false,
  });
});

test('a snapshot runs no filter and takes untouched filtered files as the index has them', async () => {
  const project = sampleRepo({ 'a.bin': 'pointer\n', 'b.txt': 'text\n' });
  write(project, { '.gitattributes': '*.bin filter=lfs\n' });
  commit(project, 'attributes');
  // As a smudge filter left it: other bytes in the folder than in the blob, and the index remembers these as clean.
  write(project, { 'a.bin': 'the large content\n' });
  gitIn(project, ['-c', 'filter.lfs.clean=echo pointer', 'update-index', 'a.bin']);
  utimesSync(join(project, '.git/index'), Date.now() / 1_000 + 5, Date.now() / 1_000 + 5);
  write(project, { 'b.txt': 'changed\n' });
  const world = makeWorld(project);
  const base = valueOf(await create(world, 'snapshot'));
  expect(world.inVault('show', `${base.commit}:a.bin`)).toBe('pointer');
  expect(world.inVault('show', `${base.commit}:b.txt`)).toBe('changed');
  expect(base.warnings).toContainEqual(expect.stringContaining('LFS'));
});
