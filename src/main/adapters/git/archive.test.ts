import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AttemptId } from '../../../shared/kernel/ids.ts';
import { tempDir, write } from './testing/repo.ts';
import { attemptId, codeOf, goalId, makeWorld, openSlice, taskId, valueOf } from './testing/world.ts';

const custody = (attempt: AttemptId) => `refs/omk/custody/${attempt}/left`;

test('removes worktrees and the copy for agents, after their bytes are in custody; twice is fine', async () => {
  const slice = await openSlice();
  write(slice.dir, { 'src/add.js': 'changed\n', 'notes/new.txt': 'never committed\n' });
  const outside = tempDir();
  write(outside, { 'kept.txt': 'of the person\n' });
  symlinkSync(outside, join(slice.dir, 'way-out'));
  mkdirSync(join(slice.dir, 'closed/in'), { recursive: true });
  chmodSync(join(slice.dir, 'closed'), 0o500);
  expect(valueOf(await slice.workspaces.archive(goalId))).toEqual({ unkept: [] });
  expect(existsSync(join(slice.workspaceRoot, 'goals', goalId))).toBe(false);
  expect(slice.inVault('show', `${custody(attemptId)}:notes/new.txt`)).toBe('never committed');
  expect(slice.inVault('show', `${custody(attemptId)}:src/add.js`)).toBe('changed');
  expect(existsSync(join(outside, 'kept.txt'))).toBe(true);
  expect(valueOf(await slice.workspaces.archive(goalId))).toEqual({ unkept: [] });
});

test('what was archived can be opened again, from the vault alone', async () => {
  const slice = await openSlice();
  write(slice.dir, { 'src/add.js': 'changed\n' });
  valueOf(await slice.workspaces.archive(goalId));
  const commit = slice.inVault('rev-parse', custody(attemptId));
  const again = await slice.workspaces.openSlice({
    goalId,
    taskId,
    attemptId: AttemptId.parse('attempt-2'),
    commit: commit as typeof slice.base,
  });
  expect(codeOf(again)).toBe('fine');
});

test('keeps every worktree when one of them cannot be put into custody', async () => {
  const slice = await openSlice();
  const second = valueOf(
    await slice.workspaces.openSlice({
      goalId,
      taskId,
      attemptId: AttemptId.parse('attempt-2'),
      commit: slice.base,
    }),
  ).dir;
  const many = join(second, 'many');
  mkdirSync(many);
  for (let n = 0; n <= 50_000; n += 1) writeFileSync(join(many, String(n)), '');
  expect(valueOf(await slice.workspaces.archive(goalId))).toEqual({ unkept: [second] });
  expect(existsSync(slice.dir)).toBe(true);
  rmSync(many, { recursive: true });
  expect(valueOf(await slice.workspaces.archive(goalId))).toEqual({ unkept: [] });
  expect(existsSync(slice.dir)).toBe(false);
}, 60_000);

test('a goal that has no folders is archived already', async () => {
  expect(valueOf(await makeWorld().workspaces.archive(goalId))).toEqual({ unkept: [] });
});
