import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesUsed, objectBytes } from './disk.ts';
import { commit, sampleRepo, tempDir, write } from './testing/repo.ts';
import { goalId, systemPath } from './testing/world.ts';

/** A small disk can only be had where this user may make one in a namespace of its own. */
const smallDisks =
  spawnSync('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt']).status === 0;

/** Makes a goal with both repositories on a disk of `size`, and says how it ended. */
function createOn(size: string, project: string): unknown {
  const root = tempDir();
  const script = `
    import { createWorkspaces } from ${JSON.stringify(new URL('workspaces.ts', import.meta.url).href)};
    const root = ${JSON.stringify(root)};
    const w = createWorkspaces({ workspaceRoot: root + '/work', vaultRoot: root + '/vaults', path: ${JSON.stringify(systemPath)} });
    const r = await w.create({ goalId: ${JSON.stringify(goalId)}, projectPath: ${JSON.stringify(project)}, from: 'head', signal: new AbortController().signal });
    console.log(JSON.stringify(r));
  `;
  const run = ['sh', '-c', `mount -t tmpfs -o size=${size} none "$0" && exec "$@"`, root];
  const said = execFileSync('unshare', [
    '-Urm',
    ...run,
    process.execPath,
    '--input-type=module',
    '--eval',
    script,
  ]);
  return JSON.parse(said.toString());
}

test.runIf(smallDisks)('too little space is said before anything is copied', () => {
  const project = sampleRepo();
  write(project, { 'large.bin': Buffer.alloc(2 * 1024 * 1024, 1) });
  commit(project, 'large');
  expect(createOn('4m', project)).toMatchObject({
    error: { code: 'disk.low', blame: 'external', retry: 'ask' },
  });
});

test.runIf(smallDisks)('a disk that fills up while copying is told apart from a failing git', () => {
  const project = sampleRepo();
  for (let n = 0; n < 200; n++)
    write(project, { [`${n}.bin`]: `${n} text that packs well enough`.repeat(20) });
  commit(project, 'many');
  // Room for the estimate by size, and no inodes for the files.
  expect(createOn('64m,nr_inodes=12', project)).toMatchObject({
    error: { code: 'disk.full', blame: 'infra' },
  });
});

test('disk use counts what is there and survives what is not', async () => {
  const dir = tempDir();
  mkdirSync(join(dir, 'a/b'), { recursive: true });
  writeFileSync(join(dir, 'a/b/file'), Buffer.alloc(100_000, 1));
  expect(await bytesUsed(dir)).toBeGreaterThan(99_000);
  expect(await bytesUsed(join(dir, 'gone'))).toBe(0);
  expect(objectBytes(join(dir, 'gone'))).toBe(0);
  expect(objectBytes(join(sampleRepo(), '.git/objects'))).toBeGreaterThan(100);
});
