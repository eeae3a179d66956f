import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPlaces } from './places.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-places-')));
  for (const name of ['state/work/deep', 'state/other', 'home', 'tmp'])
    mkdirSync(join(dir, name), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const places = (bind: Parameters<typeof createPlaces>[0]['bind'] = []) =>
  createPlaces({
    workDir: join(dir, 'state/work'),
    home: join(dir, 'home'),
    tmpDir: join(dir, 'tmp'),
    hide: [join(dir, 'state'), join(dir, 'home/secret')],
    readOnly: [],
    bind,
  });
const at = (path: string, bind?: Parameters<typeof places>[0]) => {
  const { named, region, exists } = places(bind).find(path);
  return [named.replace(`${dir}/`, ''), region, exists];
};

it('says where a path is, the innermost place first', () => {
  expect(at('deep')).toEqual(['state/work/deep', 'work', true]);
  expect(at('deep/new/file.ts')).toEqual(['state/work/deep/new/file.ts', 'work', false]);
  expect(at('deep/../../other/x')).toEqual(['state/other/x', 'hidden', false]);
  expect(at(join(dir, 'home/.cache/x'))).toEqual(['home/.cache/x', 'private', false]);
  expect(at(join(dir, 'home/secret'))).toEqual(['home/secret', 'hidden', false]);
  expect(at('/etc/passwd')).toEqual(['/etc/passwd', 'outside', true]);
  expect(at('.git')).toEqual(['state/work/.git', 'git', false]);
  expect(at('sub/.GIT/hooks/x')).toEqual(['state/work/sub/.GIT/hooks/x', 'git', false]);
  expect(at('.github/workflows/ci.yml')[1]).toBe('work');
});

it('follows links on the way, and refuses one that leads nowhere', () => {
  symlinkSync('../other', join(dir, 'state/work/out'));
  symlinkSync('deep', join(dir, 'state/work/in'));
  symlinkSync('gone', join(dir, 'state/work/dangling'));
  symlinkSync('loop', join(dir, 'state/work/loop'));
  expect(at('out/x')).toEqual(['state/other/x', 'hidden', false]);
  expect(at('in/x')).toEqual(['state/work/deep/x', 'work', false]);
  for (const path of ['dangling', 'dangling/x', 'loop', 'loop/x'])
    expect(() => places().find(path)).toThrow('leads nowhere');
});

it('is not fooled by a neighbour of the same beginning, or by a root that is itself a link', () => {
  mkdirSync(join(dir, 'state/work-2'));
  expect(at('../work-2/x')[1]).toBe('hidden');
  symlinkSync(join(dir, 'state/work'), join(dir, 'link'));
  const linked = createPlaces({
    workDir: join(dir, 'link'),
    home: dir,
    tmpDir: dir,
    hide: [],
    readOnly: [],
    bind: [],
  });
  expect(linked.find('deep/x')).toMatchObject({ named: join(dir, 'link/deep/x'), region: 'work' });
});

it('knows what a mount of the agent shows', () => {
  writeFileSync(join(dir, 'tmp/made'), '');
  const bind = [{ from: join(dir, 'tmp'), to: '/tmp', readOnly: false }];
  expect(at('/tmp/made', bind)).toEqual(['tmp/made', 'private', true]);
});

it('refuses what is no path', () => {
  for (const path of ['', 'a\0b', 'x'.repeat(5_000), 7, null, undefined])
    expect(() => places().find(path)).toThrow('no path');
});
