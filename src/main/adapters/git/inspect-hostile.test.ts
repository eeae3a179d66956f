import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { look, problemOf, projects, withTree } from './testing/inspecting.ts';
import { commit, git, plantTriggers, sampleRepo, snapshotOf, write } from './testing/repo.ts';

test('S1: looking at a repository runs nothing of it and changes no byte of it', async () => {
  const dir = sampleRepo();
  write(dir, {
    '.gitattributes': '* filter=evil diff=evil\n',
    '.npmrc': 'script-shell=/bin/false\n',
    '.envrc': 'touch /tmp/omk-envrc-marker\n',
    'package.json': '{"scripts":{"prepare":"touch /tmp/omk-prepare-marker"}}',
  });
  commit(dir, 'with attributes');
  const triggers = plantTriggers(dir);
  triggers.prove();
  write(dir, { 'src/add.js': 'changed\n', 'untracked.txt': 'new\n' });
  const before = snapshotOf(dir);
  const times = execFileSync('find', [dir, '-printf', '%p %T@ %C@\\n']).toString();
  await withTree(dir, async (tree) => {
    for (const { path } of await tree.all()) await tree.read(path, 1_000);
  });
  expect((await projects.dirty(dir))?.count).toBe(2);
  await projects.fingerprint(dir);
  expect(triggers.ran()).toEqual([]);
  expect(snapshotOf(dir)).toEqual(before);
  expect(execFileSync('find', [dir, '-printf', '%p %T@ %C@\\n']).toString()).toBe(times);
});

test('pipes and lies in a hostile .git neither hang the host nor take its memory', async () => {
  const dir = sampleRepo();
  const objects = join(dir, '.git/objects');
  const tree = git(dir, 'rev-parse', 'HEAD^{tree}');
  execFileSync('mkfifo', [
    join(objects, 'pack/pack-aa.idx'),
    join(dir, '.git/packed-refs'),
    join(dir, '.git/shallow'),
  ]);
  expect(await problemOf(dir)).toBe('fine');
  const place = join(objects, tree.slice(0, 2), tree.slice(2));
  rmSync(place);
  expect(await problemOf(dir)).toBe('project.unreadable');
  execFileSync('mkfifo', [place]);
  expect(await problemOf(dir)).toBe('project.unreadable');
  // A loose object that unpacks to a gigabyte.
  rmSync(place);
  const bomb = `fs.writeFileSync(process.argv[1], zlib.deflateSync(Buffer.alloc(400 * 1024 ** 2)))`;
  execFileSync(process.execPath, ['-e', `const fs = require('fs'), zlib = require('zlib'); ${bomb}`, place]);
  const before = process.resourceUsage().maxRSS;
  expect(await problemOf(dir)).toBe('project.unreadable');
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(200 * 1024);
});

test('a damaged byte in a pack ends in a reason, never in a wrong answer', async () => {
  const dir = sampleRepo();
  git(dir, 'repack', '-adf');
  const packs = join(dir, '.git/objects/pack');
  const place = join(packs, readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '');
  const good = readFileSync(place);
  const expected = await withTree(dir, (tree) => tree.all());
  chmodSync(place, 0o644);
  const wrong: number[] = [];
  for (let at = 12; at < good.length - 20; at += 7) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 0x15;
    writeFileSync(place, bad);
    const outcome = await withTree(dir, (tree) => tree.all()).catch(() => null);
    if (outcome !== null && JSON.stringify(outcome) !== JSON.stringify(expected)) wrong.push(at);
  }
  expect(wrong).toEqual([]);
});

test('a config file with includes and nonsense is data', async () => {
  const dir = sampleRepo();
  appendFileSync(
    join(dir, '.git/config'),
    '[include]\n\tpath = /etc/passwd\n[broken\n[core]\n\tworktree = /\n\tbare = true\n',
  );
  expect((await look(dir)).topLevel).toBe(dir);
});
