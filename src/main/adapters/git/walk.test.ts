import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytePath, bytePathOfText, onDisk, textOf, unsafePath } from './byte-path.ts';
import { compileWildmatch } from './wildmatch.ts';
import { openRegular, readLinked, readSmall } from './object-id.ts';
import { openPrying } from './pry.ts';
import { git, gitIn, tempDir, write } from './testing/repo.ts';
import { trackedPaths, walk } from './walk.ts';

const none = trackedPaths([]);

async function listed(root: string): Promise<string[]> {
  const seen = await walk({ root, tracked: none, excludes: [] });
  return seen.files.map(({ path }) => textOf(path)).toSorted();
}

const untrackedByGit = (dir: string): string[] =>
  gitIn(dir, ['ls-files', '-z', '-o', '--exclude-standard'])
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
    .toSorted();

test('ignore rules mean to omk what they mean to git', async () => {
  const dir = tempDir();
  git(dir, 'init', '-q');
  const names = ['a', 'b', 'ab', 'a.b', 'é', '#a', '!a', 'a b', '[a]', 'a\\b', 'a ', '-a', 'A'];
  for (const one of names)
    write(dir, { [one]: 'x', [`d/${one}`]: 'x', [`d/e/${one}`]: 'x', [`f${one}/a`]: 'x' });
  write(dir, { 'd/e/f/g/a': 'x', 'd/a.d/b': 'x', 'e/d/a': 'x' });
  const fragment = fc.constantFrom(
    'a',
    'b',
    'd',
    'e',
    'f',
    '*',
    '**',
    '/',
    '/**',
    '**/',
    '?',
    '!',
    '.',
    ' ',
    '\\',
    '[ab]',
    '[!a]',
    '[^a-c]',
    '[[:alpha:]]',
    '[[:upper:]b]',
    '[a',
    '#',
    'é',
    '[]a]',
    '[\\]a]',
    'd/',
    '\r',
  );
  const line = fc
    .array(fragment, { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(''))
    // Git before 2.52 took `a**/b` for `a` followed by any folders; gitignore(5) says what omk does.
    .filter((text) => !/[^/]\*\*/.test(text));
  const file = fc.array(line, { maxLength: 5 }).map((lines) => `${lines.join('\n')}\n`);
  await fc.assert(
    fc.asyncProperty(file, file, async (root, inner) => {
      write(dir, { '.gitignore': root, 'd/.gitignore': inner });
      expect(await listed(dir)).toEqual(untrackedByGit(dir));
    }),
    { numRuns: 300, seed: 7 },
  );
});

test('a hostile pattern is answered at once', () => {
  const name = 'a'.repeat(250);
  const began = performance.now();
  for (const pattern of [
    `${'*a'.repeat(60)}b`,
    `${'**/'.repeat(60)}x`,
    `${'*/'.repeat(60)}b`,
    `${'[!b]*'.repeat(60)}c`,
  ])
    expect(compileWildmatch(pattern)?.(`${`${name}/`.repeat(60)}${name}`)).toBe(false);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('an ignored folder is one row, and tracked files in it stay in sight', async () => {
  const dir = tempDir();
  write(dir, {
    '.gitignore': 'out/\n*.log\n',
    'out/kept.js': 'tracked',
    'out/other.js': 'ignored',
    'out/deep/x.js': 'ignored',
    'deps/.gitignore': '*\n',
    'deps/a.js': 'ignored',
    'x.log': 'ignored',
  });
  const tracked = trackedPaths([[bytePathOfText('out/kept.js'), { mode: '100644' }]]);
  const seen = await walk({ root: dir, tracked, excludes: [] });
  expect(seen.files.map(({ path }) => path).toSorted()).toEqual(['.gitignore', 'out/kept.js']);
  expect(seen.ignored.toSorted()).toEqual([
    'deps/.gitignore',
    'deps/a.js',
    'out/deep/',
    'out/other.js',
    'x.log',
  ]);
});

test('links are never followed, and what cannot be in a tree is named', async () => {
  const dir = tempDir();
  const outside = tempDir();
  write(outside, { 'secret.txt': 'secret' });
  write(dir, {
    'plain.txt': 'x',
    'to-folder': { link: outside },
    'nested/.git/HEAD': 'ref: refs/heads/main\n',
    'nested/code.js': 'x',
    'sub/.GIT/config': 'x',
    'git~1': 'x',
    'module/file': 'x',
    '.gitmodules': { link: 'plain.txt' },
  });
  execFileSync('mkfifo', [join(dir, 'pipe'), join(dir, 'nested/.gitignore')]);
  const tracked = trackedPaths([[bytePathOfText('module'), { mode: '160000' }]]);
  const seen = await walk({ root: dir, tracked, excludes: [] });
  expect(seen.files.map(({ path }) => path).toSorted()).toEqual(['nested/code.js', 'plain.txt', 'to-folder']);
  expect(Object.fromEntries(seen.odd.map(({ path, why }) => [path, why]))).toEqual({
    'nested/.git': 'nested repository',
    'nested/.gitignore': 'not a file',
    'sub/.GIT': 'unsafe name',
    'git~1': 'unsafe name',
    module: 'in a submodule',
    '.gitmodules': 'unsafe name',
    pipe: 'not a file',
  });
});

test('a file that became a link or a pipe since it was found is not read', () => {
  const dir = tempDir();
  write(dir, { secret: 'secret', link: { link: 'secret' } });
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  expect(() => openRegular(join(dir, 'link'))).toThrow('ELOOP');
  expect(openPrying(join(dir, 'link'))).toBeNull();
  expect(openPrying(join(dir, 'pipe'))).toBeNull();
  expect(openPrying(join(dir, 'gone'))).toBeNull();
  expect(readSmall(join(dir, 'link'), 100)).toBeNull();
  expect(readLinked(join(dir, 'link'), 100)?.toString()).toBe('secret');
  expect(readLinked(join(dir, 'pipe'), 100)).toBeNull();
});

test('a limit ends the walk and says so', async () => {
  const dir = tempDir();
  for (let n = 0; n < 20; n++) write(dir, { [`d${n}/a`]: 'x' });
  expect((await walk({ root: dir, tracked: none, excludes: [], maxFiles: 5 })).complete).toBe(false);
  expect((await walk({ root: dir, tracked: none, excludes: [], until: 0 })).complete).toBe(false);
  const signal = AbortSignal.abort();
  expect((await walk({ root: dir, tracked: none, excludes: [], signal })).complete).toBe(false);
});

test('every name that git refuses in a tree is unsafe here too', () => {
  const dir = tempDir();
  git(dir, 'init', '-q');
  const blob = gitIn(dir, ['hash-object', '-w', '--stdin'], { input: 'x' }).toString().trim();
  const settings = ['-c', 'core.protectHFS=true', '-c', 'core.protectNTFS=true'];
  const parts = [
    '.git',
    '.GIT',
    '.Git',
    '.git ',
    '.git.',
    '.git. .',
    '.git::$INDEX_ALLOCATION',
    'git~1',
    'GIT~1',
    'git~2',
    '.g\u200cit',
    '\u200e.git',
    '.gi\ufefft',
    '.gitx',
    'x.git',
    '.git:stream',
    'a\\.git',
    '.git\\a',
    '..',
    '.',
    '.gitmodules',
    '.GITMODULES',
    'gitmod~1',
    'gitmod~5',
    '.gitmodules:x',
    'gi7eba~1',
    'GI7EBA~9',
    'gi7eb~01',
    '.gitignore',
    'ordinary',
    '...',
    '.git~1',
    'git~1.',
    'git~10',
  ];
  const harmless: string[] = [];
  for (const part of parts)
    for (const path of [part, `dir/${part}`, `${part}/file`])
      for (const mode of ['100644', '120000']) {
        let accepted = true;
        try {
          rmSync(join(dir, '.git/index'), { force: true });
          gitIn(dir, [...settings, 'update-index', '--add', '-z', '--index-info'], {
            input: `${mode} ${blob}\t${path}\0`,
          });
        } catch {
          accepted = false;
        }
        const safe = unsafePath(bytePathOfText(path), mode === '120000') === null;
        if (safe && !accepted) harmless.push(`${mode} ${path}`);
      }
  expect(harmless).toEqual([]);
  expect(
    ['ordinary', '.gitignore', '...', 'x.git', '.gitmodules'].map((p) =>
      unsafePath(bytePathOfText(p), false),
    ),
  ).toEqual([null, null, null, null, null]);
});

test('a path of any bytes becomes text and a place on disk without loss', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
      const path = bytePath(Buffer.from(bytes));
      expect(onDisk('/r', path)).toEqual(Buffer.concat([Buffer.from('/r/'), Buffer.from(bytes)]));
      expect(typeof textOf(path)).toBe('string');
    }),
  );
  expect(textOf(bytePathOfText('日本\u202e\n"x'))).toBe('日本\u202e\n"x');
  expect(textOf(bytePath(Buffer.from([0x61, 0xff])))).toBe('a\\xff');
});
