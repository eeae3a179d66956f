import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { downloadsFolder } from './downloads.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

function home(said: string | null, folders: readonly string[]): string {
  const path = mkdtempSync(join(tmpdir(), 'omk-home-'));
  homes.push(path);
  for (const folder of folders) mkdirSync(join(path, folder), { recursive: true });
  if (said !== null) {
    mkdirSync(join(path, '.config'));
    writeFileSync(join(path, '.config', 'user-dirs.dirs'), said);
  }
  return path;
}

it('is what the desktop names, where that is a folder', () => {
  const text =
    '# made by a desktop\nXDG_DESKTOP_DIR="$HOME/Bureau"\nXDG_DOWNLOAD_DIR="$HOME/T\u00e9l\u00e9chargements"\n';
  const there = home(text, ['T\u00e9l\u00e9chargements', 'Downloads']);
  expect(downloadsFolder({ home: there, env: {} })).toBe(join(there, 'T\u00e9l\u00e9chargements'));
  const gone = home(text, ['Downloads']);
  expect(downloadsFolder({ home: gone, env: {} })).toBe(join(gone, 'Downloads'));
});

it('is Downloads where nothing else is named, and nothing where there is none', () => {
  for (const said of [null, 'XDG_DOWNLOAD_DIR="$HOME/"\n', 'XDG_DOWNLOAD_DIR=evil\n', '\0'.repeat(100)]) {
    const plain = home(said, ['Downloads']);
    expect(downloadsFolder({ home: plain, env: {} })).toBe(join(plain, 'Downloads'));
  }
  expect(downloadsFolder({ home: home(null, []), env: {} })).toBeNull();
});
