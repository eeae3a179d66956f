import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Oid } from '../../../shared/kernel/ids.ts';
import { createProjects } from './projects.ts';
import { commit, git, head, plantTriggers, sampleRepo, snapshotOf, tempDir, write } from './testing/repo.ts';
import {
  codeOf,
  commitSlice,
  create,
  goalId,
  makeWorld,
  openSlice,
  taskId,
  attemptId,
  valueOf,
} from './testing/world.ts';
import type { Slice } from './testing/world.ts';

const projects = createProjects({ personalExcludes: [] });
const branch = `goal/${goalId}/result`;
const ref = `refs/heads/${branch}`;

type Made = Slice & { readonly result: Oid };

async function made(project?: string): Promise<Made> {
  const slice = await openSlice(project);
  write(slice.dir, { 'src/add.js': 'fixed\n', 'new/file.txt': 'new\n' });
  return { ...slice, result: valueOf(await commitSlice(slice)).commit };
}

const land = (world: Made, o: { readonly branch?: string | null; readonly commit?: Oid } = {}) =>
  world.workspaces.land({
    goalId,
    projectPath: world.project,
    commit: o.commit ?? world.result,
    base: world.base,
    branch: o.branch === undefined ? 'main' : o.branch,
  });

/** Everything of a project but what landing adds. */
const untouched = (project: string) =>
  snapshotOf(project, (path) =>
    /^\.git\/(?:objects|refs\/heads\/goal|logs\/refs\/heads\/goal)(?:\/|$)/.test(path),
  );

test('the verified commit becomes one new branch; HEAD, index, files and settings stay', async () => {
  const world = await made();
  write(world.project, { 'README.md': 'the person works on\n', 'new.txt': 'untracked' });
  git(world.project, 'add', 'README.md');
  const before = untouched(world.project);
  const print = await projects.fingerprint(world.project);
  const objects = snapshotOf(join(world.project, '.git/objects'));
  expect(valueOf(await land(world))).toEqual({ ref, commit: world.result, baseMovedBy: 0 });
  expect(untouched(world.project)).toEqual(before);
  expect(await projects.fingerprint(world.project)).toEqual(print);
  const now = snapshotOf(join(world.project, '.git/objects'));
  for (const [path, bytes] of objects) expect([path, now.get(path)]).toEqual([path, bytes]);
  expect(git(world.project, 'rev-parse', branch)).toBe(world.result);
  expect(git(world.project, 'show', `${branch}:src/add.js`)).toBe('fixed');
  expect(git(world.project, 'reflog', branch)).toContain('omk: result of');
  expect(git(world.project, 'fsck', '--full')).not.toMatch(/error|missing/);
  expect(git(world.project, 'branch', '--show-current')).toBe('main');
});

test('no hook, filter or setting of the project runs', async () => {
  const project = sampleRepo();
  const world = await made(project);
  const triggers = plantTriggers(project);
  triggers.prove();
  valueOf(await land(world));
  expect(triggers.ran()).toEqual([]);
});

test('landing twice is landing once', async () => {
  const world = await made();
  const first = valueOf(await land(world));
  const before = snapshotOf(world.project);
  expect(valueOf(await land(world))).toEqual(first);
  expect(snapshotOf(world.project)).toEqual(before);
});

test('objects without the ref are the state of a crash, and landing again completes it', async () => {
  const world = await made();
  valueOf(await land(world));
  git(world.project, 'update-ref', '-d', ref);
  expect(valueOf(await land(world)).commit).toBe(world.result);
  expect(git(world.project, 'rev-parse', branch)).toBe(world.result);
});

test('a branch that is there with another commit is left alone', async () => {
  const world = await made();
  git(world.project, 'branch', branch, 'main');
  const refused = await land(world);
  expect(refused).toMatchObject({ error: { code: 'landing.ref_exists', blame: 'person', retry: 'ask' } });
  expect(git(world.project, 'rev-parse', branch)).toBe(head(world.project));
});

test('a packed branch counts as being there', async () => {
  const world = await made();
  git(world.project, 'branch', branch, 'main');
  git(world.project, 'pack-refs', '--all');
  expect(codeOf(await land(world))).toBe('landing.ref_exists');
});

test('a branch in the way of the name, and another git at work, are told apart', async () => {
  const world = await made();
  git(world.project, 'branch', 'goal');
  expect(codeOf(await land(world))).toBe('landing.ref_conflict');
  git(world.project, 'pack-refs', '--all');
  expect(codeOf(await land(world))).toBe('landing.ref_conflict');
  git(world.project, 'branch', '-D', 'goal');
  valueOf(await land(world));
  git(world.project, 'update-ref', '-d', ref);
  write(world.project, { [`.git/${ref}.lock`]: '' });
  expect(codeOf(await land(world))).toBe('landing.locked');
});

test('a project that went away is a question to the person', async () => {
  const world = await made();
  rmSync(world.project, { recursive: true });
  expect(await land(world)).toMatchObject({ error: { code: 'landing.project_vanished', blame: 'person' } });
});

test('a project that may not be written to is a question to the person', async () => {
  const world = await made();
  const asRoot = process.geteuid?.() === 0;
  if (asRoot)
    execFileSync('chown', ['-R', '65534', join(world.workspaceRoot, '..'), join(world.project, '..')]);
  execFileSync('chmod', ['-R', 'a-w', join(world.project, '.git/objects')]);
  // Root may write anywhere, so the test borrows an ordinary user.
  if (asRoot) process.seteuid?.(65_534);
  try {
    expect(await land(world)).toMatchObject({
      error: { code: 'landing.denied', blame: 'person', retry: 'ask' },
    });
  } finally {
    if (asRoot) process.seteuid?.(0);
    execFileSync('chmod', ['-R', 'u+w', join(world.project, '.git/objects')]);
  }
});

test('it says by how many commits the branch has moved, or that it does not know', async () => {
  const world = await made();
  for (let n = 0; n < 3; n++) {
    write(world.project, { 'README.md': `${n}` });
    commit(world.project, `${n}`);
  }
  expect(valueOf(await land(world)).baseMovedBy).toBe(3);
  expect(valueOf(await land(world, { branch: null })).baseMovedBy).toBeNull();
  expect(valueOf(await land(world, { branch: 'gone' })).baseMovedBy).toBeNull();
  expect(valueOf(await land(world, { branch: '../../../etc/passwd' })).baseMovedBy).toBeNull();
});

test('a result on a snapshot lands with the uncommitted work as its first commit', async () => {
  const world = makeWorld();
  write(world.project, { 'work.txt': 'uncommitted' });
  const base = valueOf(await create(world, 'snapshot')).commit;
  const { dir } = valueOf(await world.workspaces.openSlice({ goalId, taskId, attemptId, commit: base }));
  write(dir, { 'src/add.js': 'fixed\n' });
  const slice = { ...world, base, dir };
  const result = valueOf(await commitSlice(slice)).commit;
  expect(valueOf(await land({ ...slice, result }))).toMatchObject({ baseMovedBy: 0 });
  expect(git(world.project, 'log', '--format=%s', branch)).toBe(
    `What the attempt did\nUncommitted work at the start of ${goalId}\nFirst commit`,
  );
  expect(git(world.project, 'status', '--porcelain')).toBe('?? work.txt');
});

test('a project that no longer has base gets the whole history', async () => {
  const world = await made();
  git(world.project, 'checkout', '-q', '--orphan', 'fresh');
  commit(world.project, 'All new');
  git(world.project, 'branch', '-D', 'main');
  git(world.project, 'reflog', 'expire', '--expire=now', '--all');
  git(world.project, 'gc', '-q', '--prune=now');
  expect(valueOf(await land(world, { branch: 'fresh' }))).toMatchObject({
    commit: world.result,
    baseMovedBy: null,
  });
  expect(git(world.project, 'log', '--format=%s', branch)).toBe('What the attempt did\nFirst commit');
  expect(git(world.project, 'fsck', '--full')).not.toMatch(/error|missing/);
});

test('landing in a linked worktree and in a shallow clone works', async () => {
  const main = sampleRepo();
  const linked = join(tempDir(), 'linked');
  git(main, 'worktree', 'add', '-q', '-b', 'side', linked);
  const one = await made(linked);
  valueOf(await land(one, { branch: 'side' }));
  expect(git(main, 'rev-parse', branch)).toBe(one.result);

  const origin = sampleRepo();
  write(origin, { 'README.md': '2' });
  commit(origin, 'second');
  const shallow = join(tempDir(), 'shallow');
  git(origin, 'clone', '-q', '--depth', '1', `file://${origin}`, shallow);
  const two = await made(shallow);
  valueOf(await land(two));
  expect(git(shallow, 'log', '--format=%s', branch)).toBe('What the attempt did\nsecond');
});

test('an agent that moves its branch after the verification changes nothing of what lands', async () => {
  const world = await made();
  write(world.dir, { 'src/add.js': 'evil\n' });
  commit(world.dir, 'after the verification');
  writeFileSync(join(world.dir, '.git/HEAD'), `${'a'.repeat(40)}\n`);
  valueOf(await land(world));
  expect(git(world.project, 'show', `${branch}:src/add.js`)).toBe('fixed');
});

test('where the project stands is read without a trace: nothing landed, landed, moved on, gone', async () => {
  const world = await made();
  const standing = () =>
    world.workspaces.standing({ goalId, projectPath: world.project, base: world.base, branch: 'main' });
  expect(await standing()).toEqual({ project: true, landedAt: null, baseMovedBy: 0 });
  valueOf(await land(world));
  expect(await standing()).toEqual({ project: true, landedAt: world.result, baseMovedBy: 0 });
  write(world.project, { 'later.txt': 'the person works on\n' });
  commit(world.project, 'later');
  git(world.project, 'branch', '--force', branch, 'main');
  const triggers = plantTriggers(world.project);
  const before = snapshotOf(world.project);
  expect(await standing()).toEqual({ project: true, landedAt: head(world.project), baseMovedBy: 1 });
  expect(snapshotOf(world.project)).toEqual(before);
  expect(triggers.ran()).toEqual([]);
  rmSync(world.project, { recursive: true });
  expect(await standing()).toEqual({ project: false, landedAt: null, baseMovedBy: null });
});
