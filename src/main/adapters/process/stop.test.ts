import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isolationAvailable } from './isolation.ts';
import { readProcessTable } from './proc-table.ts';
import { spawnManaged } from './spawn.ts';
import { noSandbox } from './types.ts';
import type { ManagedProcess } from './types.ts';

const isolation = await isolationAvailable();
if (isolation.use === 'none') console.log(`namespaces are not tested: ${isolation.note}`);

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-stop-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function start(use: 'namespaces' | 'none', script: string): ManagedProcess {
  return spawnManaged({
    argv: ['/bin/sh', '-c', script],
    cwd: dir,
    env: { PATH: '/usr/bin:/bin', TMPDIR: dir },
    sandbox: { ...noSandbox, use },
    stdin: '',
  });
}

/** Waits for the script's word that everything is in place. */
async function ready(child: ManagedProcess): Promise<void> {
  for await (const chunk of child.stdout) if (String(chunk).includes('ready')) return;
  throw new Error('the script ended before it was ready');
}

const mine = (): string[] =>
  readProcessTable()
    .filter((row) => !row.zombie && commandLine(row.pid).includes(marker()))
    .map((row) => commandLine(row.pid));
const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
};
/** A number no other test sleeps for, so that our sleepers are told apart. */
let salt = process.pid * 1_000;
const marker = (): string => `sleep\0${salt}`;
beforeEach(() => {
  salt += 1;
});

const daemon = (): string => `setsid sh -c 'sleep ${salt} & echo > started' `;
const scripts: Record<string, () => string> = {
  'a plain child': () => `echo ready; sleep ${salt}`,
  'a child of a wrapper script': () => `sh -c 'sh -c "echo ready; sleep ${salt}; :"; :'; :`,
  'children that ignore TERM, INT and HUP': () => `trap '' TERM INT HUP; sleep ${salt} & echo ready; wait`,
  'a daemon that forked twice in a session of its own': () =>
    `${daemon()}& while [ ! -e started ]; do :; done; echo ready; sleep 300`,
  'a daemon whose parents are all gone': () =>
    `${daemon()}& while [ ! -e started ]; do :; done; echo ready; exit 0`,
  'a daemon that cleared its environment': () =>
    `setsid env -i /bin/sh -c 'sleep ${salt} & echo > started' & while [ ! -e started ]; do :; done; echo ready; sleep 300`,
  'many children': () => `for i in 1 2 3 4 5 6 7 8 9 10; do sleep ${salt} & done; echo ready; wait`,
};

describe.each(['none', 'namespaces'] as const)('stop with isolation %s', (use) => {
  const unable = use === 'namespaces' && isolation.use === 'none';

  it.skipIf(unable).each(Object.keys(scripts))('ends %s', async (name) => {
    const child = start(use, scripts[name]?.() ?? '');
    await ready(child);
    const report = await child.stop({ graceMs: 0, term: true });
    expect(report.survivors).toEqual([]);
    expect(report.tookMs).toBeLessThan(2_000);
    expect(mine()).toEqual([]);
  });

  it.skipIf(unable)('lets a program that handles TERM finish its work', async () => {
    const child = start(use, `trap 'echo bye > bye; exit 5' TERM; echo ready; while :; do sleep 0.01; done`);
    await ready(child);
    expect((await child.stop({ graceMs: 0, term: true })).exit).toMatchObject({ code: 5 });
    expect(readFileSync(join(dir, 'bye'), 'utf8')).toBe('bye\n');
  });

  it.skipIf(unable)('sends no TERM when told so, and waits for the grace first', async () => {
    const child = start(use, `trap 'echo term > bye; exit 5' TERM; echo ready; sleep 0.2; exit 3`);
    await ready(child);
    expect((await child.stop({ graceMs: 5_000, term: false })).exit).toMatchObject({ code: 3 });
  });

  it.skipIf(unable)('leaves no survivor in 50 stops at unlucky moments', async () => {
    for (let i = 0; i < 50; i += 1) {
      const child = start(use, scripts['a daemon that forked twice in a session of its own']?.() ?? '');
      // Without waiting for it: the stop meets it at a different point of its start each time.
      for (let turn = 0; turn < i % 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect((await child.stop({ graceMs: 0, term: i % 2 === 0 })).survivors).toEqual([]);
    }
    expect(mine()).toEqual([]);
  });
});

it('answers every caller of stop with the same report', async () => {
  const child = start('none', `echo ready; sleep ${salt}`);
  await ready(child);
  const [a, b] = await Promise.all([
    child.stop({ graceMs: 0, term: true }),
    child.stop({ graceMs: 9_000, term: false }),
  ]);
  expect(a).toBe(b);
});

it('keeps its hands off a younger run that shares folder and TMPDIR, also off the daemons of it', async () => {
  const child = start('none', 'echo ready; sleep 300');
  await ready(child);
  const other = start('none', `${daemon()}& while [ ! -e started ]; do :; done; echo ready; sleep ${salt}`);
  await ready(other);
  await child.stop({ graceMs: 0, term: false });
  expect(mine().filter((line) => line.startsWith('sleep'))).toHaveLength(2);
  expect((await other.stop({ graceMs: 0, term: false })).survivors).toEqual([]);
  expect(mine()).toEqual([]);
});
