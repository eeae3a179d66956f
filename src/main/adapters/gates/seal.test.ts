import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { removeTree } from '../process/remove-tree.ts';
import { copyTree, digestTree, stamp, touched } from './seal.ts';

let root = '';
let from = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'omk-seal-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  from = join(root, 'from');
  mkdirSync(join(from, 'pkg/bin'), { recursive: true });
  writeFileSync(join(from, 'pkg/index.js'), 'a');
  writeFileSync(join(from, 'pkg/bin/run'), '#!/bin/sh\n', { mode: 0o755 });
  symlinkSync('../pkg/bin/run', join(from, 'link'));
  symlinkSync('/nowhere', join(from, 'dangling'));
});

it('a copy is the same, and no link into what it was copied from', async () => {
  linkSync(join(from, 'pkg/index.js'), join(from, 'hard.js'));
  const to = join(root, 'to');
  await copyTree(from, to);
  expect(await digestTree(to)).toBe(await digestTree(from));
  expect(statSync(join(to, 'pkg/bin/run')).mode & 0o777).toBe(0o755);
  expect(readlinkSync(join(to, 'dangling'))).toBe('/nowhere');
  writeFileSync(join(to, 'hard.js'), 'b');
  expect(readFileSync(join(from, 'pkg/index.js'), 'utf8')).toBe('a');
  expect(readFileSync(join(to, 'pkg/index.js'), 'utf8')).toBe('a');
});

it('a digest changes with bytes, names, executable bits and targets, not with times', async () => {
  const before = await digestTree(from);
  writeFileSync(join(from, 'pkg/index.js'), 'a');
  expect(await digestTree(from)).toBe(before);
  const seen = new Set([before]);
  const changes = [
    () => writeFileSync(join(from, 'pkg/index.js'), 'b'),
    () => writeFileSync(join(from, 'new'), ''),
    () => chmodSync(join(from, 'pkg/bin/run'), 0o644),
    () => (rmSync(join(from, 'link')), symlinkSync('elsewhere', join(from, 'link'))),
    () => mkdirSync(join(from, 'empty')),
  ];
  for (const change of changes) {
    change();
    seen.add(await digestTree(from));
  }
  expect(seen.size).toBe(changes.length + 1);
});

it('a stamp shows what was written, even with the same bytes, and leaves caches out', async () => {
  const before = await stamp(from);
  mkdirSync(join(from, '.vite-cache'));
  writeFileSync(join(from, '.vite-cache/x'), '');
  expect(touched(before, await stamp(from))).toEqual([]);
  writeFileSync(join(from, 'pkg/index.js'), 'a');
  writeFileSync(join(from, 'pkg/fresh.js'), '');
  rmSync(join(from, 'dangling'));
  expect(touched(before, await stamp(from)).toSorted()).toEqual(['dangling', 'pkg/fresh.js', 'pkg/index.js']);
  mkdirSync(join(from, '.bin'));
  writeFileSync(join(from, '.bin/vitest'), '');
  expect([...(await stamp(from)).keys()]).toContain('.bin/vitest');
});

it('folders that are read-only all the way down are removed', async () => {
  chmodSync(join(from, 'pkg/bin'), 0o500);
  chmodSync(join(from, 'pkg'), 0o500);
  await removeTree(from);
  expect(() => statSync(from)).toThrow('ENOENT');
  await removeTree(from);
});
