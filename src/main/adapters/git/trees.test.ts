import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { oidOf } from './object-id.ts';
import {
  commit,
  git,
  gitIn,
  head,
  sampleFiles,
  sampleRepo,
  snapshotOf,
  tempDir,
  write,
} from './testing/repo.ts';
import {
  codeOf,
  commitSlice,
  create,
  goalId,
  hardLinked,
  makeWorld,
  openSlice,
  valueOf,
} from './testing/world.ts';
import type { World } from './testing/world.ts';

const signal = new AbortController().signal;

function into(world: World, tree: string, dir = tempDir()) {
  return world.workspaces.writeTree({ goalId, tree: oidOf(tree), dir, signal });
}

/** A tree made of any rows, also ones that no honest git would write. */
function madeTree(
  world: World,
  rows: readonly (readonly [mode: string, name: string | Buffer, oid: string])[],
): string {
  const input = Buffer.concat(
    rows.flatMap(([mode, name, oid]) => [
      Buffer.from(`${mode} `),
      Buffer.from(name),
      Buffer.from('\0'),
      Buffer.from(oid, 'hex'),
    ]),
  );
  return gitIn(
    world.vault,
    ['--git-dir', world.vault, 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin'],
    { input },
  )
    .toString()
    .trim();
}

const blobIn = (world: World, text: string): string =>
  gitIn(world.vault, ['--git-dir', world.vault, 'hash-object', '-w', '--stdin'], { input: text })
    .toString()
    .trim();

test('a tree is written as its bytes, whatever its attributes ask for', async () => {
  const project = sampleRepo({
    ...sampleFiles,
    'ident.txt': '$Id$ $Format:%H$\n',
    'crlf.txt': 'a\r\nb\n',
    'plain.utf': 'not UTF-16',
  });
  write(project, {
    '.gitattributes':
      '* text eol=crlf ident export-ignore export-subst filter=evil\n*.utf working-tree-encoding=UTF-16\n',
  });
  git(project, 'update-index', '--add', '.gitattributes');
  git(project, 'commit', '-q', '-m', 'attributes');
  const world = makeWorld(project);
  const base = valueOf(await create(world));
  const dir = tempDir();
  const written = valueOf(await into(world, base.tree, dir));
  expect(written.files).toBe(Object.keys(sampleFiles).length + 4);
  expect(snapshotOf(dir)).toEqual(snapshotOf(project, (path) => path === '.git'));
  expect(hardLinked(dir)).toEqual([]);
});

test('a commit’s id stands for its tree, and submodules are empty folders', async () => {
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
  const world = makeWorld(project);
  const base = valueOf(await create(world));
  const dir = tempDir();
  valueOf(await into(world, base.commit, dir));
  expect(readdirSync(join(dir, 'vendor/inner'))).toEqual([]);
});

test('the folder must be there, empty and no link', async () => {
  const world = makeWorld();
  const base = valueOf(await create(world));
  const dir = tempDir();
  writeFileSync(join(dir, 'x'), '');
  expect(codeOf(await into(world, base.tree, dir))).toBe('tree.not_empty');
  expect(codeOf(await into(world, base.tree, join(dir, 'x')))).toBe('tree.not_empty');
  symlinkSync(tempDir(), join(dir, 'link'));
  expect(codeOf(await into(world, base.tree, join(dir, 'link')))).toBe('tree.not_empty');
  expect(codeOf(await into(world, base.tree, join(dir, 'gone')))).toBe('workspace.io_failed');
});

test('trees that reach out of their folder or into .git are refused before a byte is written', async () => {
  const world = makeWorld();
  valueOf(await create(world));
  const blob = blobIn(world, 'x');
  const inner = madeTree(world, [['100644', 'config', blob]]);
  const rows: [string, string, string][] = [
    ['40000', '..', inner],
    ['100644', '..', blob],
    ['40000', '.git', inner],
    ['40000', '.GiT', inner],
    ['40000', 'git~1', inner],
    ['40000', '.g\u200cit', inner],
    ['100644', 'a/../../b', blob],
    ['100644', '/etc/omk-test', blob],
    ['120000', '.gitmodules', blob],
  ];
  for (const row of rows) {
    const dir = tempDir();
    expect([row[1], codeOf(await into(world, madeTree(world, [row]), dir))]).toEqual([
      row[1],
      'tree.unsafe_path',
    ]);
    expect(readdirSync(dir)).toEqual([]);
  }
});

test('a link is written and never written through', async () => {
  const world = makeWorld();
  valueOf(await create(world));
  const outside = tempDir();
  const link = blobIn(world, outside);
  const inner = madeTree(world, [['100644', 'file', blobIn(world, 'x')]]);
  // Two entries of one name: git refuses to make this, a hostile tree can have it.
  const dir = tempDir();
  const tree = madeTree(world, [
    ['120000', 'a', link],
    ['40000', 'a', inner],
  ]);
  expect(codeOf(await into(world, tree, dir))).toMatch(/^tree\./);
  expect(readdirSync(outside)).toEqual([]);
});

test('missing objects and other kinds of ids are refused', async () => {
  const world = makeWorld();
  const base = valueOf(await create(world));
  expect(codeOf(await into(world, 'a'.repeat(40)))).toBe('tree.missing');
  expect(codeOf(await into(world, madeTree(world, [['100644', 'x', 'b'.repeat(40)]])))).toBe('tree.mismatch');
  expect(codeOf(await into(world, blobIn(world, 'x')))).toBe('tree.missing');
  rmSync(world.vault, { recursive: true });
  expect(codeOf(await into(world, base.tree))).toBe('tree.missing');
});

test('names that differ in case only are written where the disk can have both', async () => {
  const world = makeWorld(sampleRepo({ 'File.txt': 'one', 'file.txt': 'two' }));
  const base = valueOf(await create(world));
  const dir = tempDir();
  expect(codeOf(await into(world, base.tree, dir))).toBe('fine');
  expect(readdirSync(dir)).toEqual(['File.txt', 'file.txt']);
});

test('cancelling stops the writing', async () => {
  const world = makeWorld();
  const base = valueOf(await create(world));
  const stopped = await world.workspaces.writeTree({
    goalId,
    tree: base.tree,
    dir: tempDir(),
    signal: AbortSignal.abort(),
  });
  expect(codeOf(stopped)).toBe('git.cancelled');
});

test('a tree of the vault is read by paths', async () => {
  const world = makeWorld();
  const base = valueOf(await create(world));
  const tree = world.workspaces.tree(goalId, base.tree);
  expect((await tree.all()).map(({ path }) => path).toSorted()).toEqual(Object.keys(sampleFiles).toSorted());
  expect((await tree.list('src')).map(({ path, mode }) => `${mode} ${path}`)).toEqual([
    '100644 src/add.js',
    '040000 src/deep',
  ]);
  const text = async (path: string, max = 100) => {
    const bytes = await tree.read(path, max);
    return bytes && Buffer.from(bytes).toString();
  };
  expect(await text('names/new\nline.txt')).toBe('newline\n');
  expect(await text('names/日本語.txt')).toBe('non-Latin\n');
  expect(await text('src')).toBeNull();
  expect(await text('link')).toBeNull();
  expect(await text('nowhere')).toBeNull();
  expect(await text('README.md', 3)).toBeNull();
  expect(await Promise.all(Object.keys(sampleFiles).map((path) => text(path)))).toContain('deep\n');
  expect(await tree.list('nowhere')).toEqual([]);
  rmSync(world.vault, { recursive: true });
  await expect(tree.read('README.md', 100)).rejects.toThrow('vault');
  await expect(world.workspaces.tree(goalId, base.tree).all()).rejects.toThrow('vault');
});

test('a difference names every kind of change, with counts and ids', async () => {
  const slice = await openSlice();
  write(slice.dir, {
    'src/add.js': 'export const add = (a, b) => a + b;\nmore\n',
    'README.md': null,
    'names/moved "é\n".txt': 'a file that is long enough to be told as moved\n'.repeat(5),
    'blob.bin': Buffer.from([0, 1, 2, 0]),
    link: null,
  });
  write(slice.dir, { link: 'now a file' });
  chmodSync(join(slice.dir, 'bin/run.sh'), 0o644);
  const first = valueOf(await commitSlice(slice));
  const byPath = async (from: string, to: string) => {
    const diff = valueOf(
      await slice.workspaces.diff({ goalId, from: oidOf(from), to: oidOf(to), maxPatchBytes: 1_000_000 }),
    );
    return {
      files: Object.fromEntries(diff.files.map(({ path, ...rest }) => [path, rest])),
      patch: diff.patch,
    };
  };
  const { files, patch } = await byPath(slice.base, first.tree);
  expect(files['src/add.js']).toMatchObject({ change: 'modified', added: 2, removed: 1, binary: false });
  expect(files['README.md']).toMatchObject({ change: 'deleted', removed: 1, newBlob: null });
  expect(files['names/moved "é\n".txt']).toMatchObject({ change: 'added', added: 5, oldBlob: null });
  expect(files['blob.bin']).toMatchObject({ change: 'added', added: null, removed: null, binary: true });
  expect(files['link']).toMatchObject({ change: 'type' });
  expect(files['bin/run.sh']).toMatchObject({ change: 'mode', added: 0, removed: 0 });
  expect(Object.keys(files).length).toBe(6);
  expect(patch).toContain('+export const add = (a, b) => a + b;');
  expect(patch).toContain('Binary files');
  expect(patch).toContain('names/moved \\"é\\n\\".txt');

  write(slice.dir, { 'names/moved "é\n".txt': null });
  write(slice.dir, {
    'elsewhere/日本.txt': 'a file that is long enough to be told as moved\n'.repeat(5) + 'and more\n',
  });
  const second = valueOf(await commitSlice(slice));
  const moved = await byPath(first.commit, second.commit);
  expect(moved.files).toEqual({
    'elsewhere/日本.txt': expect.objectContaining({
      change: 'renamed',
      previousPath: 'names/moved "é\n".txt',
      added: 1,
      removed: 0,
    }) as unknown,
  });
});

test('a patch that is too long is cut at a line, and says so', async () => {
  const slice = await openSlice();
  write(slice.dir, { 'long.txt': 'line\n'.repeat(100_000) });
  const made = valueOf(await commitSlice(slice));
  const diff = valueOf(
    await slice.workspaces.diff({ goalId, from: slice.base, to: made.commit, maxPatchBytes: 1_003 }),
  );
  expect(diff.truncated).toBe(true);
  expect(diff.patch.length).toBeLessThanOrEqual(1_003);
  expect(diff.patch.endsWith('+line\n')).toBe(true);
  expect(diff.files[0]?.added).toBe(100_000);
});

test('a diff of some files names them to the letter', async () => {
  const slice = await openSlice();
  write(slice.dir, { '*.txt': 'star\n', 'a.txt': 'a\n', ':(top)b': 'b\n' });
  const made = valueOf(await commitSlice(slice));
  const only = async (...paths: readonly string[]) =>
    valueOf(
      await slice.workspaces.diff({ goalId, from: slice.base, to: made.commit, paths, maxPatchBytes: 9_000 }),
    );
  expect((await only('*.txt', ':(top)b')).files.map(({ path }) => path)).toEqual(['*.txt', ':(top)b']);
  expect((await only('*.txt')).patch).toContain('+star');
  expect((await only()).files).toHaveLength(3);
});

test('replace refs in the vault and attributes in the trees do not hide a change', async () => {
  const slice = await openSlice();
  write(slice.dir, { '.gitattributes': '* -diff binary\n', 'src/add.js': 'bad\n' });
  const made = valueOf(await commitSlice(slice));
  slice.inVault('replace', made.commit, slice.base);
  slice.inVault('replace', '-f', made.tree, slice.inVault('rev-parse', `${slice.base}^{tree}`));
  const diff = valueOf(
    await slice.workspaces.diff({ goalId, from: slice.base, to: made.commit, maxPatchBytes: 10_000 }),
  );
  expect(diff.files.map(({ path, binary }) => [path, binary])).toEqual([
    ['.gitattributes', false],
    ['src/add.js', false],
  ]);
  expect(diff.patch).toContain('+bad');
  const dir = tempDir();
  valueOf(await into(slice, made.tree, dir));
  expect(readFileSync(join(dir, 'src/add.js'), 'utf8')).toBe('bad\n');
});

test('equal trees have no difference, and a missing one a code', async () => {
  const world = makeWorld();
  const base = valueOf(await create(world));
  const diff = (to: string) =>
    world.workspaces.diff({ goalId, from: base.tree, to: oidOf(to), maxPatchBytes: 100 });
  expect(valueOf(await diff(base.tree))).toEqual({ files: [], patch: '', truncated: false });
  expect(codeOf(await diff('a'.repeat(40)))).toBe('git.failed');
});

test('the head of the project and the folder that a goal works in are not the same place', () => {
  const world = makeWorld();
  mkdirSync(world.workspaceRoot, { recursive: true });
  expect(world.workspaces.agentDirs(goalId)).toEqual([]);
  expect(git(world.project, 'rev-parse', 'HEAD')).toBe(head(world.project));
});
