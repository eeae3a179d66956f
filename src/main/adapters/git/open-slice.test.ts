import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AttemptId } from '../../../shared/kernel/ids.ts';
import { commit, git, sampleFiles, sampleRepo, snapshotOf, write } from './testing/repo.ts';
import {
  attemptId,
  changesOf,
  codeOf,
  commitSlice,
  goalId,
  hardLinked,
  openSlice,
  taskId,
  valueOf,
} from './testing/world.ts';
import type { Slice } from './testing/world.ts';

const custody = (what: string) => `refs/omk/custody/${attemptId}/${what}`;
const show = (slice: Slice, object: string) => slice.inVault('show', object);

test('a worktree has base’s files, a working git on the slice’s branch, and no link to anything', async () => {
  const slice = await openSlice();
  const { dir } = slice;
  expect(snapshotOf(dir, (path) => path === '.git')).toEqual(
    snapshotOf(slice.project, (path) => path === '.git'),
  );
  expect(git(dir, 'status', '--porcelain')).toBe('');
  expect(git(dir, 'branch', '--show-current')).toBe(`goal/${goalId}/slice/${taskId}`);
  expect(git(dir, 'log', '--format=%s')).toBe('First commit');
  expect(git(dir, 'fsck', '--full')).not.toMatch(/error|missing/);
  expect(hardLinked(dir)).toEqual([]);
  expect(
    readFileSync(join(dir, '.git/config'), 'utf8') +
      readFileSync(join(dir, '.git/objects/info/alternates'), 'utf8'),
  ).not.toContain(slice.vaultRoot);
  expect(readFileSync(join(dir, '.git/objects/info/alternates'), 'utf8')).not.toContain(slice.project);
  expect(slice.workspaces.agentDirs(goalId)).toEqual([join(slice.workspaceRoot, 'goals', goalId)]);
  expect(await slice.workspaces.diskUse()).toBeGreaterThan(10_000);
});

test('the worktree’s attributes do not change the bytes that the agent sees', async () => {
  const project = sampleRepo({ 'a.txt': '$Id$\none\n', 'b.utf': 'not UTF-16' });
  write(project, { '.gitattributes': '*.txt eol=crlf ident\n*.utf working-tree-encoding=UTF-16\n' });
  git(project, 'update-index', '--add', '.gitattributes');
  git(project, 'commit', '-q', '-m', 'attributes');
  const slice = await openSlice(project);
  expect(readFileSync(join(slice.dir, 'a.txt'), 'utf8')).toBe('$Id$\none\n');
  expect(valueOf(await commitSlice(slice)).files).toBe(0);
});

test('a worktree that is gone has a code, and so has a vault that is gone', async () => {
  const slice = await openSlice();
  rmSync(slice.dir, { recursive: true });
  expect(codeOf(await commitSlice(slice))).toBe('slice.missing');
  const other = await openSlice();
  rmSync(other.vault, { recursive: true });
  expect(codeOf(await commitSlice(other))).toBe('tree.missing');
});

test('opening again gives the untouched worktree, and a fresh one once it was touched', async () => {
  const slice = await openSlice();
  const again = () => slice.workspaces.openSlice({ goalId, taskId, attemptId, commit: slice.base });
  const before = snapshotOf(slice.dir);
  expect(valueOf(await again()).dir).toBe(slice.dir);
  expect(snapshotOf(slice.dir)).toEqual(before);
  write(slice.dir, { 'src/add.js': 'half done\n', 'x.log': 'ignored' });
  expect(valueOf(await again()).dir).toBe(slice.dir);
  expect(readFileSync(join(slice.dir, 'src/add.js'), 'utf8')).toBe(sampleFiles['src/add.js']);
  expect(show(slice, `${custody('left')}:src/add.js`)).toBe('half done');
  expect(show(slice, `${custody('left')}:x.log`)).toBe('ignored');
});

test('a half-made worktree is made anew', async () => {
  const slice = await openSlice();
  const task = join(slice.dir, '..');
  const other = AttemptId.parse('attempt-2');
  mkdirSync(join(task, `.new-${other}/src`), { recursive: true });
  const opened = valueOf(
    await slice.workspaces.openSlice({ goalId, taskId, attemptId: other, commit: slice.base }),
  );
  expect(git(opened.dir, 'status', '--porcelain')).toBe('');
  expect(readdirSync(task).filter((name) => name.startsWith('.new'))).toEqual([]);
});

test('bytes of an attempt that ended unseen are in custody before the next one starts', async () => {
  const slice = await openSlice();
  write(slice.dir, { 'src/add.js': 'lost?\n' });
  commit(slice.dir, 'by the agent');
  write(slice.dir, { 'src/add.js': 'lost!\n' });
  const next = AttemptId.parse('attempt-2');
  valueOf(await slice.workspaces.openSlice({ goalId, taskId, attemptId: next, commit: slice.base }));
  expect(show(slice, `${custody('left')}:src/add.js`)).toBe('lost!');
  expect(show(slice, `${custody('left-agent-1')}:src/add.js`)).toBe('lost?');
});

test('slices of one goal are opened and committed side by side', async () => {
  const { workspaces, base, ...slice } = await openSlice();
  const made = await Promise.all(
    [1, 2, 3, 4].map(async (n) => {
      const o = { goalId, taskId: `task-${n}`, attemptId: AttemptId.parse(`attempt-side-${n}`) };
      const { dir } = valueOf(await workspaces.openSlice({ ...o, commit: base }));
      write(dir, { [`new-${n}.txt`]: `${n}` });
      return valueOf(await workspaces.commitSlice({ ...o, base, message: `${n}`, inWriteSet: () => true }));
    }),
  );
  expect(made.map(({ commit }) => changesOf({ ...slice, workspaces }, commit))).toEqual(
    [1, 2, 3, 4].map((n) => [`A new-${n}.txt`]),
  );
});

test('an earlier worktree that is too much to keep stays, and the next attempt starts', async () => {
  const slice = await openSlice();
  for (let n = 0; n < 10; n++) {
    writeFileSync(join(slice.dir, `huge-${n}`), '');
    truncateSync(join(slice.dir, `huge-${n}`), 250 * 1024 * 1024);
  }
  const attempt = AttemptId.parse('attempt-2');
  valueOf(await slice.workspaces.openSlice({ goalId, taskId, attemptId: attempt, commit: slice.base }));
  expect(codeOf(await commitSlice(slice))).toBe('slice.too_large');
  expect(statSync(join(slice.dir, 'huge-0')).size).toBe(250 * 1024 * 1024);
});

test('a slice can start from what an earlier attempt made and still be one commit on base', async () => {
  const slice = await openSlice();
  write(slice.dir, { 'src/add.js': 'first\n' });
  const first = valueOf(await commitSlice(slice));
  const next = AttemptId.parse('attempt-2');
  const opened = valueOf(
    await slice.workspaces.openSlice({ goalId, taskId, attemptId: next, commit: first.commit }),
  );
  expect(git(opened.dir, 'log', '--format=%s')).toBe('What the attempt did\nFirst commit');
  write(opened.dir, { 'new.txt': 'second\n' });
  const second = valueOf(
    await slice.workspaces.commitSlice({
      goalId,
      taskId,
      attemptId: next,
      base: slice.base,
      message: 'second',
      inWriteSet: () => true,
    }),
  );
  expect(changesOf(slice, second.commit)).toEqual(['A new.txt', 'M src/add.js']);
});
