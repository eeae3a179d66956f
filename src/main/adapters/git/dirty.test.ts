import { chmodSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { looksLikeOracle } from './dirty.ts';
import { createProjects } from './projects.ts';
import { commit, git, gitIn, sampleRepo, tempDir, write } from './testing/repo.ts';

const projects = createProjects({ personalExcludes: [] });

async function dirtyPaths(dir: string): Promise<readonly string[]> {
  const found = await projects.dirty(dir);
  if (found === null) throw new Error('no answer');
  return found.paths;
}

/** What git itself says differs from HEAD; asked last, because asking rewrites the index. */
function dirtyByGit(dir: string): string[] {
  const rows = gitIn(dir, ['-c', 'status.renames=false', 'status', '--porcelain', '-z', '-uall'])
    .toString('utf8')
    .split('\0');
  return rows
    .filter((row) => row !== '')
    .map((row) => row.slice(3))
    .toSorted();
}

test('a clean checkout is clean', async () => {
  const dir = sampleRepo();
  expect(await projects.dirty(dir)).toEqual({ count: 0, paths: [], approximate: false });
});

test.each([2, 3, 4])(
  'changes of every kind are found with an index of version %i, as git finds them',
  async (version) => {
    const dir = sampleRepo();
    git(dir, 'update-index', '--index-version', String(version));
    write(dir, {
      'README.md': 'longer than before\n',
      'src/add.js': 'export const add = (a, b) => a + b;\n',
      'bin/run.sh': null,
      link: null,
      'new.txt': 'untracked',
      'names/staged.txt': 'staged',
      'x.log': 'ignored',
      'node_modules/a/b.js': 'ignored',
    });
    write(dir, { link: { link: 'README.md' } });
    git(dir, 'add', 'names/staged.txt');
    git(dir, 'rm', '-q', '--cached', 'src/deep/er/file.txt');
    chmodSync(join(dir, 'test/add.test.js'), 0o755);
    const paths = await dirtyPaths(dir);
    expect(paths).toEqual([...new Set(dirtyByGit(dir))]);
    expect(paths.length).toBe(8);
  },
);

test('a touched file with the same bytes is clean', async () => {
  const dir = sampleRepo();
  utimesSync(join(dir, 'README.md'), 1_000_000, 1_000_000);
  expect(await dirtyPaths(dir)).toEqual([]);
});

test('a change of the same size in the instant of the last commit is found', async () => {
  const dir = sampleRepo();
  writeFileSync(join(dir, 'README.md'), '# simple\n');
  expect(await dirtyPaths(dir)).toEqual(['README.md']);
});

test('a change of the same size and time, as old as the index itself, is found', async () => {
  const dir = sampleRepo();
  const at = statSync(join(dir, 'README.md')).mtimeMs / 1_000;
  writeFileSync(join(dir, 'README.md'), '# simple\n');
  utimesSync(join(dir, 'README.md'), at, at);
  utimesSync(join(dir, '.git/index'), at, at);
  expect(await dirtyPaths(dir)).toEqual(['README.md']);
});

test('a file checked out with CRLF is clean, also after it was touched', async () => {
  const dir = sampleRepo({ '.gitattributes': '*.txt eol=crlf\n', 'a.txt': 'one\ntwo\n' });
  git(dir, 'rm', '-q', '--cached', 'a.txt');
  git(dir, 'reset', '-q', '--hard');
  expect(await dirtyPaths(dir)).toEqual([]);
  utimesSync(join(dir, 'a.txt'), 1_000_000, 1_000_000);
  expect(await dirtyPaths(dir)).toEqual([]);
});

test('skipped paths, submodules and private excludes are not dirt', async () => {
  const dir = sampleRepo();
  git(dir, 'update-index', '--skip-worktree', 'README.md');
  write(dir, { 'README.md': null, 'private.txt': 'x', 'personal.tmp': 'x' });
  writeFileSync(join(dir, '.git/info/exclude'), 'private.txt\n');
  const personal = join(tempDir(), 'ignore');
  writeFileSync(personal, '*.tmp\n');
  const found = await createProjects({ personalExcludes: [personal] }).dirty(dir);
  expect(found).toEqual({ count: 0, paths: [], approximate: false });
});

test('an unfinished merge counts each path once', async () => {
  const dir = sampleRepo();
  git(dir, 'checkout', '-q', '-b', 'side');
  write(dir, { 'README.md': 'side\n' });
  commit(dir, 'side');
  git(dir, 'checkout', '-q', 'main');
  write(dir, { 'README.md': 'main\n' });
  commit(dir, 'main');
  expect(() => git(dir, 'merge', '-q', 'side')).toThrow('merge');
  expect(await dirtyPaths(dir)).toEqual(['README.md']);
});

test('a split index is answered from HEAD and said to be approximate', async () => {
  const dir = sampleRepo();
  git(dir, 'update-index', '--split-index');
  write(dir, { 'README.md': 'changed\n' });
  expect(await projects.dirty(dir)).toEqual({ count: 1, paths: ['README.md'], approximate: true });
});

test('many changes are counted and only some are named', async () => {
  const dir = sampleRepo();
  for (let n = 0; n < 300; n++) write(dir, { [`new/${n}.txt`]: 'x' });
  const found = await projects.dirty(dir);
  expect([found?.count, found?.paths.length]).toEqual([300, 200]);
});

test('what is no repository has no answer', async () => {
  expect(await projects.dirty(tempDir())).toBeNull();
});

test('tests, their data and gates are told from product files', () => {
  const oracle = [
    '.omk/gates.toml',
    'test/a.js',
    'src/__tests__/a.ts',
    'a.test.ts',
    'pkg/a_test.go',
    'test_a.py',
    'x/conftest.py',
    'AppTests.swift',
  ];
  expect(oracle.filter((path) => !looksLikeOracle(path))).toEqual([]);
  const product = [
    'src/latest.js',
    'src/attest/a.go',
    'README.md',
    'contest.py',
    '.omk/notes.md',
    'src/testing.ts',
  ];
  expect(product.filter(looksLikeOracle)).toEqual([]);
});
