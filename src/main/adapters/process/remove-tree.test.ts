import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { removeTree } from './remove-tree.ts';

const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'omk-remove-'));
  made.push(dir);
  return dir;
}

it('removes folders that let nothing be taken out of them, beside many that do', async () => {
  for (let round = 0; round < 5; round += 1) {
    const root = join(folder(), 'tree');
    for (let at = 0; at < 60; at += 1) {
      const deep = join(root, `part-${at}`, 'a', 'b', 'c');
      mkdirSync(deep, { recursive: true });
      for (let file = 0; file < 5; file += 1) writeFileSync(join(deep, String(file)), '');
      // A person other than root cannot take anything out of these.
      if (at % 20 === 0) chmodSync(join(root, `part-${at}`, 'a', 'b'), 0o500);
    }
    await removeTree(root);
    expect(existsSync(root)).toBe(false);
  }
});

it('never follows a link, and is content with nothing', async () => {
  const outside = folder();
  writeFileSync(join(outside, 'kept'), '');
  const root = join(folder(), 'tree');
  mkdirSync(join(root, 'closed'), { recursive: true });
  symlinkSync(outside, join(root, 'closed', 'out'));
  chmodSync(join(root, 'closed'), 0o500);
  await removeTree(root);
  expect(existsSync(root)).toBe(false);
  expect(existsSync(join(outside, 'kept'))).toBe(true);
  await removeTree(root);
});
