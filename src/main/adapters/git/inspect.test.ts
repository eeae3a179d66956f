import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TreeReader } from '../../runtime/ports.ts';
import { gates, look, problemOf, projects, withTree } from './testing/inspecting.ts';
import { commit, git, gitIn, head, sampleFiles, sampleRepo, tempDir, write } from './testing/repo.ts';

test('a repository shows its name, branch, commit, tree and subject', async () => {
  const dir = sampleRepo();
  expect(await look(dir)).toEqual({
    path: dir,
    name: 'sample repo',
    topLevel: dir,
    subfolder: '',
    head: {
      commit: head(dir),
      tree: git(dir, 'rev-parse', 'HEAD^{tree}'),
      branch: 'main',
      subject: 'First commit',
    },
    gates,
    warnings: [],
  });
});

test('what is no usable repository is refused with its own reason', async () => {
  const dir = tempDir();
  expect(await problemOf(join(dir, 'nowhere'))).toBe('project.not_found');
  expect(await problemOf('relative/path')).toBe('project.not_found');
  expect(await problemOf(`${dir}/with\0zero`)).toBe('project.not_found');
  expect(await problemOf(`/${'x'.repeat(4_000)}`)).toBe('project.not_found');
  expect(await problemOf(dir)).toBe('project.not_a_repository');
  writeFileSync(join(dir, 'file'), '');
  expect(await problemOf(join(dir, 'file'))).toBe('project.not_a_folder');
  expect(await problemOf(join(dir, 'file/below'))).toBe('project.not_found');
  symlinkSync('loop', join(dir, 'loop'));
  expect(await problemOf(join(dir, 'loop'))).toBe('project.not_found');
  symlinkSync('gone', join(dir, 'dangling'));
  expect(await problemOf(join(dir, 'dangling'))).toBe('project.not_found');
  git(dir, 'init', '-q', '--bare', 'bare.git');
  expect(await problemOf(join(dir, 'bare.git'))).toBe('project.bare');
  expect(await problemOf(join(dir, 'bare.git/objects'))).toBe('project.bare');
  git(dir, 'init', '-q', 'empty');
  expect(await problemOf(join(dir, 'empty'))).toBe('project.no_commits');
  expect(await problemOf(join(dir, 'empty/.git'))).toBe('project.bare');
  git(dir, 'init', '-q', '--object-format=sha256', 'sha256');
  commit(join(dir, 'sha256'), 'one');
  expect(await problemOf(join(dir, 'sha256'))).toBe('project.unsupported');
});

test('a folder that may not be read is said to be unreadable', async () => {
  const dir = sampleRepo();
  const closed = join(dir, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0);
  const asRoot = process.geteuid?.() === 0;
  // Root may read everything, so the test borrows an ordinary user's eyes.
  if (asRoot) {
    chmodSync(join(dir, '..'), 0o755);
    process.seteuid?.(65_534);
  }
  try {
    expect(await problemOf(closed)).toBe('project.unreadable');
  } finally {
    if (asRoot) process.seteuid?.(0);
    chmodSync(closed, 0o755);
  }
});

test('a damaged repository is unreadable, never half shown', async () => {
  const dir = sampleRepo();
  const tree = git(dir, 'rev-parse', 'HEAD^{tree}');
  rmSync(join(dir, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  expect(await problemOf(dir)).toBe('project.unreadable');
  const other = sampleRepo();
  writeFileSync(join(other, '.git/refs/heads/main'), `${'1'.repeat(40)}\n`);
  expect(await problemOf(other)).toBe('project.unreadable');
  writeFileSync(join(other, '.git/refs/heads/main'), 'garbage');
  expect(await problemOf(other)).toBe('project.no_commits');
});

test('an object whose bytes do not have its name is refused', async () => {
  const dir = sampleRepo();
  const tree = git(dir, 'rev-parse', 'HEAD^{tree}');
  const other = git(dir, 'rev-parse', 'HEAD:src');
  const place = (oid: string) => join(dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
  rmSync(place(tree));
  renameSync(place(other), place(tree));
  expect(await problemOf(dir)).toBe('project.unreadable');
});

test('a subfolder leads to the top level and is remembered', async () => {
  const dir = sampleRepo();
  const found = await look(join(dir, 'src/deep'));
  expect([found.topLevel, found.subfolder, found.name]).toEqual([dir, 'src/deep', 'sample repo']);
});

test('a link to a repository leads to the real one', async () => {
  const dir = sampleRepo();
  const link = join(tempDir(), 'link');
  symlinkSync(dir, link);
  const found = await look(link);
  expect([found.path, found.topLevel, found.subfolder]).toEqual([link, dir, '']);
});

test('paths with spaces, quotes, newlines and other scripts are only paths', async () => {
  const parent = tempDir();
  for (const name of ['it\'s "quoted"', 'new\nline', '-rf', '日本語', '\u202eevil', '$(touch x)', 'a:b']) {
    const dir = join(parent, name);
    mkdirSync(dir);
    git(dir, 'init', '-q', '-b', 'main');
    write(dir, { 'a.txt': 'a' });
    commit(dir, 'one');
    const found = await look(dir);
    expect([found.topLevel, found.name]).toEqual([dir, name]);
    expect(await projects.dirty(dir)).toEqual({ count: 0, paths: [], approximate: false });
  }
});

test('a .git whose parts are links to elsewhere reads as any other', async () => {
  const dir = sampleRepo();
  git(dir, 'pack-refs', '--all');
  const before = await look(dir);
  const shared = tempDir();
  for (const part of ['objects', 'refs', 'packed-refs', 'config', 'HEAD']) {
    renameSync(join(dir, '.git', part), join(shared, part));
    symlinkSync(part === 'HEAD' ? 'refs/heads/main' : join(shared, part), join(dir, '.git', part));
  }
  expect(await look(dir)).toEqual(before);
  rmSync(join(shared, 'packed-refs'));
  expect(await problemOf(dir)).toBe('project.no_commits');
});

test('a detached HEAD has no branch', async () => {
  const dir = sampleRepo();
  git(dir, 'checkout', '-q', '--detach');
  expect((await look(dir)).head.branch).toBeNull();
});

test('packed refs and packed objects read as loose ones do', async () => {
  const dir = sampleRepo();
  for (let n = 0; n < 20; n++) {
    write(dir, { 'src/add.js': `${'line\n'.repeat(200)}${n}\n` });
    commit(dir, `commit ${n}`);
  }
  const before = await look(dir);
  const read = (tree: TreeReader) =>
    tree.all().then((all) => all.map((entry) => JSON.stringify(entry)).toSorted());
  const entries = await withTree(dir, read);
  git(dir, 'tag', '-a', '-m', 'tag', 'v1');
  git(dir, 'pack-refs', '--all');
  git(dir, 'repack', '-a', '-d', '-f', '--depth=50');
  git(dir, 'prune-packed');
  expect(await look(dir)).toEqual(before);
  expect(await withTree(dir, read)).toEqual(entries);
  expect(
    Buffer.from((await withTree(dir, (tree) => tree.read('src/add.js', 9_999))) ?? []).toString(),
  ).toContain('19\n');
});

test('a pack with references by name and objects of an alternate are read', async () => {
  const dir = sampleRepo();
  write(dir, { 'src/add.js': `${'line\n'.repeat(500)}` });
  commit(dir, 'long');
  git(dir, '-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adf');
  const clone = join(tempDir(), 'clone');
  git(dir, 'clone', '-q', '--shared', dir, clone);
  expect((await look(clone)).head.commit).toBe(head(dir));
  expect((await withTree(clone, (tree) => tree.all())).length).toBe(Object.keys(sampleFiles).length);
});

test('the tree is read folder by folder with every odd name intact', async () => {
  const dir = sampleRepo();
  await withTree(dir, async (tree) => {
    expect((await tree.all()).map(({ path }) => path).toSorted()).toEqual(
      Object.keys(sampleFiles).toSorted(),
    );
    expect((await tree.list('names')).map(({ path }) => path)).toContain('names/new\nline.txt');
    expect((await tree.list('')).find(({ path }) => path === 'src')?.mode).toBe('040000');
    expect((await tree.list('')).find(({ path }) => path === 'link')?.mode).toBe('120000');
    expect((await tree.list('bin'))[0]).toMatchObject({ path: 'bin/run.sh', mode: '100755' });
    expect(await tree.list('nowhere')).toEqual([]);
    expect(await tree.list('README.md')).toEqual([]);
    expect(Buffer.from((await tree.read('names/日本語.txt', 100)) ?? []).toString()).toBe('non-Latin\n');
    // Half a file read as a whole one would be worse than none.
    expect(await tree.read('names/日本語.txt', 3)).toBeNull();
    expect(await tree.read('src', 100)).toBeNull();
    expect(await tree.read('link', 100)).toBeNull();
    expect(await tree.read('nowhere/x', 100)).toBeNull();
    expect(await tree.read('../sample repo/README.md', 100)).toBeNull();
  });
});

test('names that are not UTF-8 can be told apart and read', async () => {
  const dir = sampleRepo();
  const blob = gitIn(dir, ['hash-object', '-w', '--stdin'], { input: 'bytes' }).toString().trim();
  const rows = [Buffer.from([0xff]), Buffer.from([0xfe])].map((name) =>
    Buffer.concat([Buffer.from(`100644 blob ${blob}\t`), name, Buffer.from('\0')]),
  );
  const tree = gitIn(dir, ['mktree', '-z'], { input: Buffer.concat(rows) })
    .toString()
    .trim();
  git(dir, 'update-ref', 'HEAD', git(dir, 'commit-tree', '-m', 'odd', tree));
  await withTree(dir, async (reader) => {
    expect((await reader.all()).map(({ path }) => path).toSorted()).toEqual(['\\xfe', '\\xff']);
    expect(Buffer.from((await reader.read('\\xff', 10)) ?? []).toString()).toBe('bytes');
  });
});

test('a linked worktree shows its own branch and the shared objects', async () => {
  const dir = sampleRepo();
  const other = join(tempDir(), 'linked');
  git(dir, 'worktree', 'add', '-q', '-b', 'side', other);
  write(other, { 'side.txt': 'side' });
  const tip = commit(other, 'On the side');
  const found = await look(other);
  expect([found.topLevel, found.head.branch, found.head.commit, found.head.subject]).toEqual([
    other,
    'side',
    tip,
    'On the side',
  ]);
  expect((await look(dir)).head.branch).toBe('main');
  rmSync(join(dir, '.git'), { recursive: true });
  expect(await problemOf(other)).toBe('project.unreadable');
});

test('a submodule checkout is a repository, and its owner says that pointers are carried', async () => {
  const inner = sampleRepo();
  const outer = sampleRepo();
  gitIn(outer, ['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'vendor/inner']);
  commit(outer, 'With a submodule');
  expect((await look(join(outer, 'vendor/inner'))).topLevel).toBe(join(outer, 'vendor/inner'));
  expect((await look(outer)).warnings).toEqual([expect.stringContaining('Submodules')]);
  const all = await withTree(outer, (tree) => tree.all());
  expect(all.find(({ path }) => path === 'vendor/inner')?.mode).toBe('160000');
});

test('shallow history, LFS pointers, partial clones and unfinished merges are warned of', async () => {
  const dir = sampleRepo();
  write(dir, { '.gitattributes': '# filter=lfs\n*.bin filter=lfs diff=lfs merge=lfs -text\n' });
  commit(dir, 'lfs');
  const clone = join(tempDir(), 'clone');
  git(dir, 'clone', '-q', '--depth', '1', `file://${dir}`, clone);
  git(clone, 'config', 'remote.origin.promisor', 'true');
  writeFileSync(join(clone, '.git/MERGE_HEAD'), '');
  const { warnings } = await look(clone);
  expect(warnings.map((text) => /shallow|partial|LFS|merge/.exec(text)?.[0])).toEqual([
    'shallow',
    'partial',
    'LFS',
    'merge',
  ]);
});
