import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commit, git, gitIn, sampleRepo, write } from './testing/repo.ts';
import { attemptId, changesOf, commitSlice, goalId, openSlice, taskId, valueOf } from './testing/world.ts';
import type { Slice } from './testing/world.ts';

const custody = (what: string) => `refs/omk/custody/${attemptId}/${what}`;
const show = (slice: Slice, object: string) => slice.inVault('show', object);

test('added, changed, deleted, linked and executable files become one commit on base', async () => {
  const slice = await openSlice();
  write(slice.dir, {
    'src/add.js': 'fixed\n',
    'README.md': null,
    'new/file.txt': 'new\n',
    'run-me': { exec: '#!/bin/sh\n' },
    link: null,
    'x.log': 'ignored',
  });
  write(slice.dir, { link: { link: '../../outside' } });
  chmodSync(join(slice.dir, 'bin/run.sh'), 0o644);
  const made = valueOf(await commitSlice(slice));
  expect(changesOf(slice, made.commit)).toEqual([
    'D README.md',
    'M bin/run.sh',
    'M link',
    'A new/file.txt',
    'A run-me',
    'M src/add.js',
  ]);
  expect(made).toMatchObject({
    base: slice.base,
    files: 6,
    outside: [],
    ignored: ['x.log'],
    custodyRef: custody('slice'),
    notes: [],
  });
  expect(slice.inVault('rev-parse', custody('slice'), `refs/heads/goal/${goalId}/slice/${taskId}`)).toBe(
    `${made.commit}\n${made.commit}`,
  );
  expect(slice.inVault('log', '-1', '--format=%an <%ae> %ai|%P|%s', made.commit)).toBe(
    `omk <omk@localhost> 2026-01-02 03:04:05 +0000|${slice.base}|What the attempt did`,
  );
  expect(
    slice
      .inVault('ls-tree', made.commit, 'run-me', 'link', 'bin/run.sh')
      .split('\n')
      .map((row) => row.slice(0, 6))
      .toSorted(),
  ).toEqual(['100644', '100755', '120000']);
  expect(show(slice, `${custody('all')}:x.log`)).toBe('ignored');
  expect(slice.inVault('fsck', '--full', '--strict')).not.toMatch(/error|missing/);
});

test('doing it again, in the same or another process, makes the same commit', async () => {
  const slice = await openSlice();
  write(slice.dir, { 'src/add.js': 'fixed\n' });
  const first = valueOf(await commitSlice(slice));
  expect(valueOf(await commitSlice(slice))).toEqual(first);
  write(slice.dir, { 'src/add.js': 'fixed again\n' });
  const second = valueOf(await commitSlice(slice));
  expect(second.commit).not.toBe(first.commit);
  // The custody ref has moved, and where it was is remembered.
  expect(slice.inVault('rev-parse', custody('slice'), `${custody('slice')}@{1}`)).toBe(
    `${second.commit}\n${first.commit}`,
  );
});

test('nothing done is a commit with base’s tree', async () => {
  const slice = await openSlice();
  const made = valueOf(await commitSlice(slice));
  expect(made).toMatchObject({
    files: 0,
    tree: slice.inVault('rev-parse', `${slice.base}^{tree}`),
    outside: [],
    ignored: [],
  });
});

test('changes outside the write set stay out of the commit and are kept and named', async () => {
  const slice = await openSlice();
  write(slice.dir, {
    'src/add.js': 'fixed\n',
    'test/add.test.js': 'weakened\n',
    'README.md': null,
    'new.txt': 'x',
  });
  const made = valueOf(await commitSlice(slice, (path) => path.startsWith('src/')));
  expect(changesOf(slice, made.commit)).toEqual(['M src/add.js']);
  expect([made.files, made.outside]).toEqual([1, ['README.md', 'new.txt', 'test/add.test.js']]);
  expect(show(slice, `${custody('all')}:test/add.test.js`)).toBe('weakened');
  expect(show(slice, `${custody('all')}:src/add.js`)).toBe('fixed');
});

test('a folder in the place of a file, and a file in the place of a folder', async () => {
  const slice = await openSlice();
  write(slice.dir, { 'README.md': null, src: null });
  write(slice.dir, { 'README.md/inside.txt': 'x', src: 'a file now' });
  const made = valueOf(await commitSlice(slice));
  expect(changesOf(slice, made.commit)).toEqual([
    'D README.md',
    'A README.md/inside.txt',
    'A src',
    'D src/add.js',
    'D src/deep/er/file.txt',
  ]);
});

test('submodules are carried as they are, whatever lies in their folder', async () => {
  const project = sampleRepo();
  gitIn(project, [
    '-c',
    'protocol.file.allow=always',
    'submodule',
    'add',
    '-q',
    sampleRepo(),
    'vendor/inner',
  ]);
  commit(project, 'submodule');
  const slice = await openSlice(project);
  expect(readdirSync(join(slice.dir, 'vendor/inner'))).toEqual([]);
  write(slice.dir, { 'vendor/inner/x.js': 'x', 'src/add.js': 'fixed' });
  const made = valueOf(await commitSlice(slice));
  expect(changesOf(slice, made.commit)).toEqual(['M src/add.js']);
  expect(made.outside).toEqual(['vendor/inner']);
  rmSync(join(slice.dir, 'vendor'), { recursive: true });
  expect(changesOf(slice, valueOf(await commitSlice(slice)).commit)).toEqual(['M src/add.js']);
});

test('newly ignored files are named, and a folder of them is one row', async () => {
  const slice = await openSlice();
  write(slice.dir, {
    '.gitignore': '*.log\nnode_modules/\ngenerated/\n',
    'generated/a/b.js': 'made',
    'node_modules/x/i.js': 'dep',
  });
  const made = valueOf(await commitSlice(slice));
  expect(made.ignored).toEqual(['generated/', 'node_modules/']);
  expect(changesOf(slice, made.commit)).toEqual(['M .gitignore']);
  expect(show(slice, `${custody('all')}:generated/a/b.js`)).toBe('made');
  expect(slice.inVault('ls-tree', custody('all'), 'node_modules')).toBe('');
});

test('what the project ignores privately is ignored for its agents too', async () => {
  const project = sampleRepo();
  writeFileSync(join(project, '.git/info/exclude'), 'private/\n');
  const slice = await openSlice(project);
  write(slice.dir, { 'private/x': 'x' });
  expect(git(slice.dir, 'status', '--porcelain')).toBe('');
  expect(valueOf(await commitSlice(slice))).toMatchObject({ files: 0, ignored: ['private/'] });
});

test('what setup put there is no work of the agent, though the project ignores it nowhere', async () => {
  const slice = await openSlice(undefined, ['.venv', 'deps/[a] #1', 'README.md']);
  write(slice.dir, { '.venv/bin/x': 'x', 'deps/[a] #1/y': 'y', 'README.md': 'changed\n' });
  expect(git(slice.dir, 'status', '--porcelain')).toBe('M README.md');
  write(slice.dir, { 'deps/a #1': 'mine', 'sub/.venv/z': 'mine' });
  const committed = valueOf(await commitSlice(slice));
  expect(changesOf(slice, committed.commit)).toEqual(['M README.md', 'A deps/a #1', 'A sub/.venv/z']);
  expect(committed).toMatchObject({ ignored: ['.venv/', 'deps/[a] #1/'] });
});
