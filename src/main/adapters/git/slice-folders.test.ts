import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AttemptId } from '../../../shared/kernel/ids.ts';
import { git, sampleFiles, write } from './testing/repo.ts';
import { attemptId, changesOf, codeOf, goalId, openSlice, taskId, valueOf } from './testing/world.ts';
import type { Slice } from './testing/world.ts';

const id = (n: number): AttemptId => AttemptId.parse(`attempt-${n}`);
const custody = (attempt: AttemptId, what: string) => `refs/omk/custody/${attempt}/${what}`;

const open = async (slice: Slice, attempt: AttemptId, inPlaceOf?: AttemptId) =>
  valueOf(
    await slice.workspaces.openSlice({
      goalId,
      taskId,
      attemptId: attempt,
      commit: slice.base,
      ...(inPlaceOf === undefined ? {} : { inPlaceOf }),
    }),
  ).dir;

const commit = (slice: Slice, attempt: AttemptId) =>
  slice.workspaces.commitSlice({
    goalId,
    taskId,
    attemptId: attempt,
    base: slice.base,
    message: String(attempt),
    inWriteSet: () => true,
  });

test('an attempt can stand in the folder of the one before, which starts clean and works with git', async () => {
  const slice = await openSlice();
  write(slice.dir, { 'src/add.js': 'first\n' });
  const dir = await open(slice, id(2), attemptId);
  expect(dir).toBe(slice.dir);
  expect(readFileSync(join(dir, 'src/add.js'), 'utf8')).toBe(sampleFiles['src/add.js']);
  expect(git(dir, 'status', '--porcelain')).toBe('');
  expect(slice.inVault('show', `${custody(attemptId, 'left')}:src/add.js`)).toBe('first');
  write(dir, { 'new.txt': 'second\n' });
  expect(changesOf(slice, valueOf(await commit(slice, id(2))).commit)).toEqual(['A new.txt']);
});

test('whose folder was taken still has its own bytes, and never those of the one that took it', async () => {
  const slice = await openSlice();
  write(slice.dir, { 'src/add.js': 'first\n' });
  const dir = await open(slice, id(2), attemptId);
  write(dir, { 'new.txt': 'second\n' });
  expect(changesOf(slice, valueOf(await commit(slice, attemptId)).commit)).toEqual(['M src/add.js']);
});

test('the third in one folder loses nothing of the second, and a fourth elsewhere nothing of the third', async () => {
  const slice = await openSlice();
  const second = await open(slice, id(2), attemptId);
  write(second, { 'two.txt': '2\n' });
  const third = await open(slice, id(3), id(2));
  expect(third).toBe(slice.dir);
  expect(existsSync(join(third, 'two.txt'))).toBe(false);
  expect(slice.inVault('show', `${custody(id(2), 'left')}:two.txt`)).toBe('2');
  write(third, { 'three.txt': '3\n' });
  const fourth = await open(slice, id(4));
  expect(fourth).not.toBe(slice.dir);
  expect(slice.inVault('show', `${custody(id(3), 'left')}:three.txt`)).toBe('3');
});

test('opening again finds the place that was taken, also when its worktree is gone', async () => {
  const slice = await openSlice();
  const dir = await open(slice, id(2), attemptId);
  expect(await open(slice, id(2), attemptId)).toBe(dir);
  expect(await open(slice, id(2))).toBe(dir);
});

test('a folder that is gone can still be stood in, and its attempt has nothing left to keep', async () => {
  const slice = await openSlice();
  rmSync(slice.dir, { recursive: true });
  expect(await open(slice, id(2), attemptId)).toBe(slice.dir);
  expect(codeOf(await commit(slice, attemptId))).toBe('slice.missing');
});
