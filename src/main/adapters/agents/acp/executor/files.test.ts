import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readText, writeText } from './files.ts';
import { createPlaces } from './places.ts';
import type { Place } from './places.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-files-')));
  for (const name of ['work/a/b', 'theirs/b', 'home', 'tmp']) mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, 'work/a/b/x'), 'ours');
  writeFileSync(join(dir, 'theirs/b/x'), 'theirs');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const find = (path: string): Place =>
  createPlaces({
    workDir: join(dir, 'work'),
    home: join(dir, 'home'),
    tmpDir: join(dir, 'tmp'),
    hide: [],
    readOnly: [],
    bind: [],
  }).find(path);
const read = (path: string): string => readFileSync(join(dir, path), 'utf8');

/** As a command of the agent could, between the look and the act. */
function swapFolder(): void {
  renameSync(join(dir, 'work/a'), join(dir, 'work/kept'));
  symlinkSync(join(dir, 'theirs'), join(dir, 'work/a'));
}

it.skipIf(process.platform !== 'linux')(
  'neither reads nor writes where a folder on the way has become a link since',
  async () => {
    const [there, fresh, deep] = [find('a/b/x'), find('a/b/new'), find('a/b/c/d/new')];
    swapFolder();
    await expect(readText(there, null)).rejects.toThrow('became another file');
    await expect(writeText(there, 'mine')).rejects.toThrow('became another file');
    await expect(writeText(deep, 'mine')).rejects.toThrow('became another file');
    await expect(writeText(fresh, 'mine')).rejects.toThrow('became another file');
    expect(read('theirs/b/x')).toBe('theirs');
    expect(readdirSync(join(dir, 'theirs/b'))).toEqual(['x']);
  },
);

it('refuses a link that took the place of a file since, and leaves what it leads to', async () => {
  const place = find('a/b/x');
  rmSync(join(dir, 'work/a/b/x'));
  symlinkSync(join(dir, 'theirs/b/x'), join(dir, 'work/a/b/x'));
  await expect(readText(place, null)).rejects.toThrow('could not be opened');
  await expect(writeText(place, 'mine')).rejects.toThrow('no ordinary file');
  expect(read('theirs/b/x')).toBe('theirs');
});

it('leaves what else a hard link names as it is', async () => {
  linkSync(join(dir, 'theirs/b/x'), join(dir, 'work/linked'));
  await writeText(find('linked'), 'mine');
  expect([read('work/linked'), read('theirs/b/x')]).toEqual(['mine', 'theirs']);
});

it('leaves nothing half done where it cannot write', async () => {
  await expect(writeText(find('a/b'), 'mine')).rejects.toThrow('is a folder');
  await expect(writeText(find('a/b/x/y'), 'mine')).rejects.toThrow(/could not be/);
  expect(readdirSync(join(dir, 'work/a/b'))).toEqual(['x']);
});

it('keeps a byte order mark and line ends as they are', async () => {
  const text = '\ufeffone\r\ntwo\n\nthree';
  await writeText(find('text'), text);
  expect(await readText(find('text'), null)).toBe(text);
  expect(await readText(find('text'), { from: 2, limit: 2 })).toBe('two\n\n');
});
