import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runArgs } from './omk.ts';
import { asNobody, commitAll, expectRefused, gitIn, put, runIn, worlds } from './bad-input.ts';

const world = worlds();

it('says in one sentence that a folder is no repository, and makes no goal', async () => {
  const one = world();
  const plain = join(one.root, 'plain');
  mkdirSync(plain);
  expectRefused(await one.omk(runIn(one, plain)), 1, /not in a git repository.*git init/);
  expectRefused(await one.omk(runIn(one, join(one.root, 'nowhere'))), 1, /no such folder/);
  expectRefused(await one.omk(runIn(one, join(one.repo, 'package.json'))), 1, /This is a file/);
  expect(JSON.parse((await one.omk(['goal', 'list', '--json'])).stdout)).toEqual([]);
});

it('says of a bare repository and of one without commits what to do', async () => {
  const one = world();
  const bare = join(one.root, 'bare.git');
  gitIn(one.root, 'clone', '-q', '--bare', one.repo, bare);
  expectRefused(await one.omk(runIn(one, bare)), 1, /bare.*clone/);
  const empty = join(one.root, 'empty');
  mkdirSync(empty);
  gitIn(empty, 'init', '-q');
  expectRefused(await one.omk(runIn(one, empty)), 1, /no commit yet.*Commit once/);
});

it('works on the whole repository when a subfolder is named', async () => {
  const one = world();
  const ended = await one.omk(runIn(one, join(one.repo, 'src')));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
  expect(one.git('diff', '--name-only', 'main', `goal/${ended.result?.goal_id}/result`)).toBe('src/money.js');
});

it('works on a detached HEAD and leaves it where it is', async () => {
  const one = world();
  one.git('checkout', '-q', '--detach');
  const ended = await one.omk(runArgs(one, 'honest'));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
  expect(one.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('HEAD');
  expect(one.git('status', '--porcelain')).toBe('');
});

it('works on a shallow clone, says so, and lands there', async () => {
  const one = world();
  put(one, 'NOTES.md', 'second\n');
  commitAll(one);
  const shallow = join(one.root, 'shallow');
  gitIn(one.root, 'clone', '-q', '--depth', '1', `file://${one.repo}`, shallow);
  const ended = await one.omk(runIn(one, shallow));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
  expect(JSON.stringify(ended.events)).toContain('history is shallow');
  const branch = `goal/${ended.result?.goal_id}/result`;
  expect(gitIn(shallow, 'rev-list', '--count', branch)).toBe('2');
});

it('carries submodules and LFS files as pointers, says so, and still ends ready', async () => {
  const one = world();
  const library = join(one.root, 'library');
  mkdirSync(library);
  gitIn(library, 'init', '-q', '-b', 'main');
  writeFileSync(join(library, 'a.txt'), 'a\n');
  gitIn(library, 'add', '-A');
  gitIn(library, 'commit', '-q', '-m', 'a');
  gitIn(one.repo, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'library');
  put(one, '.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n');
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
  put(one, 'big.bin', pointer);
  commitAll(one);
  const ended = await one.omk(runArgs(one, 'honest'));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
  const pinned = JSON.stringify(ended.events.find((event) => event.type === 'base.pinned')?.payload);
  expect(pinned).toMatch(/Submodules are carried as pointers/);
  expect(pinned).toMatch(/LFS files are carried as pointers/);
  const branch = `goal/${ended.result?.goal_id}/result`;
  expect(one.git('show', `${branch}:big.bin`)).toBe(pointer.trim());
  expect(one.git('ls-tree', branch, 'library')).toMatch(/^160000 commit/);
});

it('works in a folder with spaces, quotes, a newline, an option and other scripts in its name', async () => {
  const one = world();
  const odd = join(one.root, '-rf "two" \'one\' $HOME `x`\nnew line проект 工程 🦊');
  renameSync(one.repo, odd);
  const ended = await one.omk(runIn(one, odd));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
  expect(gitIn(odd, 'branch', '--list', 'goal/*')).toContain(ended.result?.goal_id);
  const shown = await one.omk(['goal', 'show']);
  expect(shown.code, shown.stderr).toBe(0);
});

it('says that a folder may not be read, to somebody who may not', async ({ skip }) => {
  const one = world();
  const run = asNobody(one);
  if (run === null)
    return skip('only root can become somebody else, and only somebody else may be locked out');
  chmodSync(one.repo, 0);
  try {
    expectRefused(await run(runIn(one, one.repo)), 1, /may not read this folder.*permissions/);
  } finally {
    chmodSync(one.repo, 0o700);
  }
});

it('works for an ordinary user', async ({ skip }) => {
  const one = world();
  const run = asNobody(one);
  if (run === null) return skip('every other test shows it where this one is not run by root');
  const ended = await run(runArgs(one, 'honest'));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
});

it('says that a repository is damaged', async () => {
  const one = world();
  const blob = one.git('rev-parse', 'HEAD:src/money.js');
  rmSync(join(one.repo, '.git/objects', blob.slice(0, 2)), { recursive: true });
  const ended = await one.omk(runArgs(one, 'honest'));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'blocked_on_external' });
  expect(ended.result?.reasons[0]?.message).toMatch(/git fsck/);
  // Put back by hand, as the sentence says.
  execFileSync('git', ['hash-object', '-w', 'src/money.js'], { cwd: one.repo });
  const again = await one.omk(['goal', 'resume', '--until-ready', '--json']);
  expect(again.result, again.stderr).toMatchObject({ status: 'ready' });
});
