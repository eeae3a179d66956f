import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { watchedFiles } from './watched-files.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

function changedBy(home: string, act: () => void): string[] {
  const before = watchedFiles(home);
  act();
  const after = watchedFiles(home);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => before[name] !== after[name]);
}

test('a watched file that is made, changed or removed is seen, and so is one in a folder that starts things', () => {
  const home = mkdtempSync(join(tmpdir(), 'omk-watched-'));
  homes.push(home);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  };
  expect(watchedFiles(home)).toEqual({});
  expect(changedBy(home, () => write('.bashrc', 'a'))).toEqual(['~/.bashrc']);
  expect(changedBy(home, () => write('.bashrc', 'b'))).toEqual(['~/.bashrc']);
  expect(changedBy(home, () => rmSync(join(home, '.bashrc')))).toEqual(['~/.bashrc']);
  expect(changedBy(home, () => write('.config/systemd/user/x.service', 'a'))).toEqual([
    '~/.config/systemd/user',
  ]);
  expect(changedBy(home, () => write('notes.txt', 'a'))).toEqual([]);
  expect(changedBy(home, () => symlinkSync(join(home, 'npm'), join(home, '.npmrc')))).toEqual(['~/.npmrc']);
  expect(changedBy(home, () => write('npm', 'a'))).toEqual(['~/.npmrc']);
});
