import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProjects } from './projects.ts';
import {
  commit,
  git,
  gitIn,
  head,
  plantTriggers,
  sampleFiles,
  sampleRepo,
  snapshotOf,
  tempDir,
  write,
} from './testing/repo.ts';
import { codeOf, create, goalId, hardLinked, makeWorld, systemPath, valueOf } from './testing/world.ts';
import { createWorkspaces } from './workspaces.ts';

const projects = createProjects({ personalExcludes: [] });

test('a goal gets a vault and a workspace with base and its history, and shares nothing with the project', async () => {
  const world = makeWorld();
  write(world.project, { 'more.txt': 'more' });
  const tip = commit(world.project, 'Second');
  const base = valueOf(await create(world));
  expect(base).toEqual({
    commit: tip,
    tree: git(world.project, 'rev-parse', 'HEAD^{tree}'),
    branch: 'main',
    snapshot: false,
    warnings: [],
  });
  expect(world.inVault('rev-list', '--count', base.commit)).toBe('2');
  expect(world.inVault('fsck', '--strict', '--full')).not.toContain('error');
  expect(gitIn(world.workspace, ['log', '--format=%s']).toString().trim()).toBe('Second\nFirst commit');
  for (const dir of [world.vault, world.workspace]) {
    expect(hardLinked(dir)).toEqual([]);
    expect(existsSync(join(dir, 'objects/info/alternates'))).toBe(false);
  }
  for (const dir of [world.workspaceRoot, world.vaultRoot, join(world.vaultRoot, 'goals'), world.vault])
    expect(lstatSync(dir).mode & 0o777).toBe(0o700);
});

test('only what base reaches is copied', async () => {
  const world = makeWorld();
  git(world.project, 'checkout', '-q', '-b', 'secret');
  write(world.project, { 'secret.txt': 'secret' });
  const secret = commit(world.project, 'Secret');
  git(world.project, 'checkout', '-q', 'main');
  valueOf(await create(world));
  for (const dir of [world.vault, world.workspace])
    expect(() => gitIn(dir, ['--git-dir', dir, 'cat-file', '-e', secret])).toThrow('cat-file');
});

test('the project stays byte for byte as it was, and nothing of it runs', async () => {
  const project = sampleRepo({ ...sampleFiles, '.gitattributes': '* filter=evil diff=evil ident\n' });
  const triggers = plantTriggers(project);
  triggers.prove();
  write(project, { 'src/add.js': 'changed\n', 'new.txt': 'new' });
  for (const from of ['head', 'snapshot'] as const) {
    const world = makeWorld(project);
    const before = snapshotOf(project);
    const print = await projects.fingerprint(project);
    valueOf(await create(world, from));
    expect(snapshotOf(project)).toEqual(before);
    expect(await projects.fingerprint(project)).toEqual(print);
    expect(triggers.ran()).toEqual([]);
  }
});

test('asked again it answers the same, whatever the project became', async () => {
  const world = makeWorld();
  write(world.project, { 'new.txt': 'x' });
  const first = valueOf(await create(world, 'snapshot'));
  write(world.project, { 'other.txt': 'x' });
  commit(world.project, 'later');
  const before = snapshotOf(world.vault);
  expect(valueOf(await create(world, 'head'))).toEqual(first);
  rmSync(world.project, { recursive: true });
  expect(valueOf(await create(world, 'head'))).toEqual(first);
  expect(snapshotOf(world.vault)).toEqual(before);
});

test('anew it pins what the project has by then, also when that was cut short', async () => {
  const world = makeWorld();
  const first = valueOf(await create(world));
  write(world.project, { 'other.txt': 'x' });
  const tip = commit(world.project, 'later');
  // The vault was forgotten and the workspace was not.
  rmSync(world.vault, { recursive: true });
  expect(valueOf(await create(world)).commit).toBe(tip);
  expect(gitIn(world.workspace, ['rev-parse', 'HEAD']).toString().trim()).toBe(tip);
  git(world.project, 'reset', '-q', '--hard', first.commit);
  const signal = new AbortController().signal;
  const o = { goalId, projectPath: world.project, from: 'head', signal, anew: true } as const;
  expect(valueOf(await world.workspaces.create(o))).toEqual(first);
  expect(gitIn(world.workspace, ['rev-parse', 'HEAD']).toString().trim()).toBe(first.commit);
});

test('two at once make one', async () => {
  const world = makeWorld();
  const [one, two] = await Promise.all([create(world), create(world)]);
  expect(valueOf(one)).toEqual(valueOf(two));
});

test('killed at any point, the next try makes a whole one', async () => {
  const world = makeWorld();
  // A vault and a workspace that were never finished.
  mkdirSync(`${world.vault}.new/objects/pack`, { recursive: true });
  writeFileSync(`${world.vault}.new/objects/pack/tmp_pack_x`, 'half');
  mkdirSync(`${world.workspace}.new/objects`, { recursive: true });
  const base = valueOf(await create(world));
  expect(readdirSync(join(world.vaultRoot, 'goals'))).toEqual([goalId]);
  // The workspace was lost after the vault was there.
  rmSync(world.workspace, { recursive: true });
  expect(valueOf(await create(world))).toEqual(base);
  expect(gitIn(world.workspace, ['rev-parse', 'HEAD']).toString().trim()).toBe(base.commit);
});

test('SIGKILL while copying leaves nothing that looks finished', async () => {
  const world = makeWorld(sampleRepo());
  for (let n = 0; n < 400; n++) write(world.project, { [`many/${n}.txt`]: `${n}\n`.repeat(200) });
  commit(world.project, 'many');
  const script = `
    import { createWorkspaces } from ${JSON.stringify(new URL('workspaces.ts', import.meta.url).href)};
    const w = createWorkspaces(${JSON.stringify({ workspaceRoot: world.workspaceRoot, vaultRoot: world.vaultRoot, path: systemPath })});
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(process.argv[1]));
    await w.create({ goalId: ${JSON.stringify(goalId)}, projectPath: ${JSON.stringify(world.project)}, from: 'head', signal: new AbortController().signal });
  `;
  const halves: string[] = [];
  for (const after of [20, 60, 100, 140, 180, 240]) {
    try {
      execFileSync(process.execPath, ['--input-type=module', '--eval', script, String(after)], {
        stdio: 'ignore',
      });
    } catch {
      // Killed, as it was meant to be.
    }
    if (existsSync(world.vault)) halves.push(world.inVault('fsck', '--full'));
  }
  expect(halves.filter((said) => /error|missing/.test(said))).toEqual([]);
  const base = valueOf(await create(world));
  expect(world.inVault('fsck', '--full')).not.toMatch(/error|missing/);
  expect(base.commit).toBe(head(world.project));
});

test('cancelling stops the copy and leaves no half', async () => {
  const world = makeWorld();
  const cancelled = await world.workspaces.create({
    goalId,
    projectPath: world.project,
    from: 'head',
    signal: AbortSignal.abort(),
  });
  expect(codeOf(cancelled)).toBe('git.cancelled');
  expect(readdirSync(join(world.vaultRoot, 'goals'))).toEqual([]);
});

test('what stands in the way has a code of its own', async () => {
  const gone = { ...makeWorld(), project: join(tempDir(), 'gone') };
  expect(codeOf(await create(gone))).toBe('project.vanished');
  const empty = { ...makeWorld(), project: tempDir() };
  git(empty.project, 'init', '-q');
  expect(codeOf(await create(empty))).toBe('project.no_commits');
  const broken = makeWorld();
  const tree = git(broken.project, 'rev-parse', 'HEAD:src');
  rmSync(join(broken.project, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  expect(codeOf(await create(broken))).toBe('project.unreadable');
  expect(existsSync(broken.vault)).toBe(false);
  const noGit = makeWorld();
  const workspaces = createWorkspaces({ ...noGit, path: tempDir() });
  expect(codeOf(await create({ ...noGit, workspaces }))).toBe('git.missing');
});

test('a root that is a link is refused', async () => {
  const world = makeWorld();
  symlinkSync(tempDir(), world.vaultRoot);
  expect(codeOf(await create(world))).toBe('workspace.unsafe');
});

test('shallow, submodule and LFS repositories are copied as far as they go', async () => {
  const origin = sampleRepo();
  for (let n = 0; n < 5; n++) {
    write(origin, { 'README.md': `${n}` });
    commit(origin, `commit ${n}`);
  }
  gitIn(origin, ['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', sampleRepo(), 'vendor/inner']);
  write(origin, { '.gitattributes': '*.bin filter=lfs\n' });
  commit(origin, 'with a submodule');
  const project = join(tempDir(), 'shallow');
  git(origin, 'clone', '-q', '--depth', '2', `file://${origin}`, project);
  const world = makeWorld(project);
  const base = valueOf(await create(world));
  expect(base.warnings.map((text) => text.split(' ')[0])).toEqual(['The', 'Submodules', 'Git']);
  expect(world.inVault('rev-list', '--count', base.commit)).toBe('2');
  expect(gitIn(world.workspace, ['rev-list', '--count', 'HEAD']).toString().trim()).toBe('2');
  expect(world.inVault('ls-tree', base.commit, 'vendor/')).toContain('160000');
});

test('a partial clone gives its current commit', async () => {
  const origin = sampleRepo();
  write(origin, { 'README.md': 'second version\n' });
  commit(origin, 'second');
  git(origin, 'config', 'uploadpack.allowFilter', 'true');
  const project = join(tempDir(), 'partial');
  git(origin, 'clone', '-q', '--filter=blob:none', `file://${origin}`, project);
  rmSync(origin, { recursive: true });
  const world = makeWorld(project);
  const base = valueOf(await create(world));
  expect(base.warnings.map((text) => text.split(':')[0])).toEqual([
    'This is a partial clone',
    'Older history could not be read',
  ]);
  expect(world.inVault('show', `${base.commit}:README.md`)).toBe('second version');
  expect(world.inVault('rev-list', '--count', base.commit)).toBe('1');
});

test('a linked worktree is a project like any other', async () => {
  const main = sampleRepo();
  const project = join(tempDir(), 'linked');
  git(main, 'worktree', 'add', '-q', '-b', 'side', project);
  write(project, { 'side.txt': 'x' });
  const tip = commit(project, 'On the side');
  write(project, { 'dirty.txt': 'x' });
  const world = makeWorld(project);
  expect(valueOf(await create(world, 'snapshot'))).toMatchObject({ branch: 'side', snapshot: true });
  expect(world.inVault('rev-parse', 'refs/omk/base^')).toBe(tip);
});

test('replace refs, grafts and alternates of the project change nothing of what is copied', async () => {
  const project = sampleRepo();
  const first = head(project);
  write(project, { 'src/add.js': 'bad\n' });
  const bad = commit(project, 'bad');
  git(project, 'replace', bad, first);
  writeFileSync(join(project, '.git/info/grafts'), `${bad}\n`);
  const world = makeWorld(project);
  const base = valueOf(await create(world));
  expect(world.inVault('show', `${base.tree}:src/add.js`)).toBe('bad');
  expect(world.inVault('rev-list', '--count', base.commit)).toBe('2');
  expect(world.inVault('for-each-ref', '--format=%(refname)', 'refs/replace')).toBe('');
  // Objects that are only in an alternate are copied, not referred to.
  const borrowing = join(tempDir(), 'borrowing');
  git(project, 'clone', '-q', '--shared', project, borrowing);
  const other = makeWorld(borrowing);
  valueOf(await create(other));
  rmSync(project, { recursive: true });
  expect(other.inVault('fsck', '--full')).not.toMatch(/error|missing/);
});
