import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRealPaths } from './real-paths.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-real-paths-')));
  for (const name of ['work/deep', 'home', 'tmp', 'user']) mkdirSync(join(dir, name), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = (path: string, workDir = 'work'): string =>
  createRealPaths({
    workDir: join(dir, workDir),
    home: join(dir, 'home'),
    tmpDir: join(dir, 'tmp'),
  })(path).replace(`${dir}/`, '');
const link = (target: string, name: string): void => symlinkSync(target, join(dir, name));

it('names a file where it is, relative ones in the worktree', () => {
  expect(at('deep/new/file.ts')).toBe('work/deep/new/file.ts');
  expect(at('./deep//x')).toBe('work/deep/x');
  expect(at(join(dir, 'work/deep/x'))).toBe('work/deep/x');
  expect(at('/etc/hosts')).toBe('/etc/hosts');
});

it('follows links out of the worktree, also to what is not there yet', () => {
  link('../user', 'work/docs');
  link(join(dir, 'user/none/deeper'), 'work/dangling');
  link('docs/../../user/none', 'work/winding');
  link('deep', 'work/inside');
  expect(at('docs/.bashrc')).toBe('user/.bashrc');
  expect(at(join(dir, 'work/docs/.bashrc'))).toBe('user/.bashrc');
  expect(at('dangling')).toBe('user/none/deeper');
  expect(at('dangling/x')).toBe('user/none/deeper/x');
  expect(at('inside/x')).toBe('work/deep/x');
  // A link's own way up starts from where the link before it led.
  expect(at('winding')).toBe(join(dir, '../user/none').replace(`${dir}/`, ''));
});

it('leaves what climbs, and what leads round in a circle, as it was named', () => {
  link('loop', 'work/loop');
  link('deep', 'work/inside');
  expect(at('inside/../x')).toBe('inside/../x');
  expect(at('loop')).toBe('work/loop');
});

it('knows folders by the names that omk has for them, though these are links', () => {
  link('work', 'named');
  expect(at('deep/x', 'named')).toBe('named/deep/x');
  expect(at(join(dir, 'work/deep/x'), 'named')).toBe('named/deep/x');
});
