import { appendFileSync, chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProjects } from './projects.ts';
import { commit, git, head, sampleRepo, tempDir, write } from './testing/repo.ts';

const projects = createProjects({ personalExcludes: [] });
const fingerprint = (dir: string) => projects.fingerprint(dir);

/** Names of what `act` changed: keys of the git part, and files. */
async function changedBy(dir: string, act: () => void): Promise<string[]> {
  const before = await fingerprint(dir);
  act();
  const after = await fingerprint(dir);
  const keys = [...new Set([...Object.keys(before.git), ...Object.keys(after.git)])];
  const changed = keys.filter((key) => before.git[key] !== after.git[key]).toSorted();
  const paths = [...new Set([...before.checkout.keys(), ...after.checkout.keys()])];
  const differing = paths.filter((path) => before.checkout.get(path) !== after.checkout.get(path)).toSorted();
  changed.push(...differing.map((path) => `file ${path}`));
  expect(before.digest === after.digest).toBe(changed.length === 0);
  return changed;
}

test('nothing done is nothing changed, and a person may look at the status', async () => {
  const dir = sampleRepo();
  expect(await changedBy(dir, () => undefined)).toEqual([]);
  utimesSync(join(dir, '.git/index'), 1, 1);
  expect(await changedBy(dir, () => git(dir, 'status'))).toEqual([]);
});

test('refs, HEAD, configuration and hooks are told apart from files', async () => {
  const dir = sampleRepo();
  const hook = join(dir, '.git/hooks/pre-commit');
  mkdirSync(join(dir, '.git/hooks'), { recursive: true });
  expect(await changedBy(dir, () => git(dir, 'branch', 'other'))).toEqual(['refs/heads/other']);
  expect(await changedBy(dir, () => git(dir, 'pack-refs', '--all'))).toEqual([]);
  expect(await changedBy(dir, () => git(dir, 'symbolic-ref', 'HEAD', 'refs/heads/other'))).toEqual(['HEAD']);
  expect(await changedBy(dir, () => git(dir, 'config', 'core.hooksPath', '/x'))).toEqual(['config']);
  expect(await changedBy(dir, () => writeFileSync(hook, '#!/bin/sh\n'))).toEqual(['hooks']);
  expect(await changedBy(dir, () => chmodSync(hook, 0o755))).toEqual(['hooks']);
  expect(await changedBy(dir, () => symlinkSync('/bin/true', join(dir, '.git/hooks/pre-push')))).toEqual([
    'hooks',
  ]);
  expect(
    await changedBy(dir, () => writeFileSync(join(dir, '.git/info/attributes'), '* filter=x\n')),
  ).toEqual(['info']);
  expect(
    await changedBy(dir, () => writeFileSync(join(dir, '.git/objects/info/alternates'), '/x\n')),
  ).toEqual(['info']);
});

test('settings of a branch run nothing and do not count; whatever looks like them does', async () => {
  const dir = sampleRepo();
  const config = join(dir, '.git/config');
  const add = (text: string) => changedBy(dir, () => appendFileSync(config, text));
  expect(await changedBy(dir, () => git(dir, 'config', 'branch.main.remote', 'origin'))).toEqual([]);
  expect(await add('[branch "side"]\n\tvscode-merge-base = origin/main\n')).toEqual([]);
  expect(await add('[branch "side"] [core]\n\thooksPath = /x\n')).toEqual(['config']);
  expect(await add('[branch "side"]\n\tmerge = x\n[core]\n\tfsmonitor = /x\n')).toEqual(['config']);
});

test('working files, the index and new files are the checkout; ignored files are nothing', async () => {
  const dir = sampleRepo();
  expect(await changedBy(dir, () => write(dir, { 'README.md': 'changed' }))).toEqual(['file README.md']);
  expect(await changedBy(dir, () => git(dir, 'add', 'README.md'))).toEqual(['file README.md']);
  expect(await changedBy(dir, () => write(dir, { 'new.txt': 'x' }))).toEqual(['file new.txt']);
  expect(await changedBy(dir, () => write(dir, { 'a.log': 'x', 'node_modules/x/y': 'x' }))).toEqual([]);
  expect(await changedBy(dir, () => write(dir, { 'src/add.js': null }))).toEqual(['file src/add.js']);
  expect(await changedBy(dir, () => commit(dir, 'more'))).toEqual([
    'refs/heads/main',
    'file a.log',
    'file new.txt',
    'file node_modules/x/y',
    'file src/add.js',
  ]);
});

test('branches of goals and remote-tracking refs do not count', async () => {
  const dir = sampleRepo();
  const tip = head(dir);
  const id = 'goal-20260101-120000-000-0a1b2c3d';
  expect(await changedBy(dir, () => git(dir, 'update-ref', `refs/heads/goal/${id}/result`, tip))).toEqual([]);
  expect(await changedBy(dir, () => git(dir, 'update-ref', 'refs/remotes/origin/main', tip))).toEqual([]);
  expect(await changedBy(dir, () => git(dir, 'update-ref', 'refs/heads/goals', tip))).toEqual([
    'refs/heads/goals',
  ]);
});

test('a linked worktree has its own HEAD and index', async () => {
  const dir = sampleRepo();
  const other = join(tempDir(), 'linked');
  git(dir, 'worktree', 'add', '-q', '-b', 'side', other);
  expect(await changedBy(other, () => write(dir, { 'README.md': 'x' }))).toEqual([]);
  expect(await changedBy(other, () => write(other, { 'README.md': 'x' }))).toEqual(['file README.md']);
});

test('a project that went away has a fingerprint of its own', async () => {
  const gone = join(tempDir(), 'gone');
  expect((await fingerprint(gone)).git).toEqual({ project: 'project.not_found' });
  expect((await fingerprint(gone)).digest).toBe((await fingerprint(gone)).digest);
});
