import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

/** Files that each break exactly one rule, unless noted; the last group is what the rules must let through. */
const PLANTED: Record<string, string> = {
  'src/shared/reaches-up.ts': `import type { P } from '../main/runtime/ports.ts'; export type Q = P;`,
  'src/main/runtime/ports.ts': `export type P = string; export const p = 1;`,
  'src/main/runtime/reads-files.ts': `import { readFileSync } from 'node:fs'; export const r = readFileSync;`,
  'src/main/adapters/sqlite/store.ts': `export const store = 1;`,
  'src/main/adapters/git/uses-sqlite.ts': `import { store } from '../sqlite/store.ts'; export const s = store;`,
  'src/main/adapters/clock.ts': `import { store } from './sqlite/store.ts'; export const c = store;`,
  'src/main/shell/window.ts': `import { app } from 'electron'; export const w = app;`,
  'src/main/shell/decides.ts': `import { p } from '../runtime/ports.ts'; export const d = p;`,
  'src/main/host/opens-window.ts': `import { w } from '../shell/window.ts'; export const o = w;`,
  'src/main/host/electron.ts': `import { app } from 'electron'; export const a = app;`,
  'src/main/host/spawns.ts': `import { spawn } from 'node:child_process'; export const s = spawn;`,
  'src/main/host/database.ts': `import Database from 'better-sqlite3'; export const d = Database;`,
  'src/main/host/runs.ts': `import { execa } from 'execa'; export const e = execa;`,
  'src/main/host/reads-objects.ts': `import git from 'isomorphic-git'; export const g = git;`,
  'src/main/host/speaks-acp.ts': `import * as acp from '@agentclientprotocol/sdk'; export const x = acp;`,
  'src/main/cli/sockets.ts': `import { WebSocket } from 'ws'; export const s = WebSocket;`,
  'src/main/host/lost.ts': `import { nothing } from './not-there.ts'; export const n = nothing;`,
  'src/main/host/ships-tests.ts': `import { expect } from 'vitest'; export const e = expect;`,
  'src/main/host/a.ts': `import { b } from './b.ts'; export const a = () => b;`,
  'src/main/host/b.ts': `import { a } from './a.ts'; export const b = () => a;`,
  'src/preload/parses.ts': `import { z } from 'zod'; export const y = z;`,
  'src/renderer/main.tsx': `import { p } from '../main/runtime/ports.ts'; export const m = <b>{p}</b>;`,
  'src/renderer/stores/paths.ts': `import { join } from 'node:path'; export const j = join;`,
  'src/renderer/features/goal/goal.tsx': `export const Goal = () => <b />;`,
  'src/renderer/features/list/list.tsx': `import { Goal } from '../goal/goal.tsx'; export const List = () => <Goal />;`,
  // Allowed:
  'src/shared/schema.ts': `import { z } from 'zod'; import type { T } from './types.ts'; export const S = z.custom<T>();`,
  'src/shared/types.ts': `import type { S } from './schema.ts'; export type T = typeof S;`,
  'src/main/adapters/process/spawn.ts': `import { spawn } from 'node:child_process'; export const s = spawn;`,
  'src/main/adapters/git/clone.ts': `import { s } from '../process/spawn.ts'; import type { P } from '../../runtime/ports.ts'; export const c = (x: P) => [x, s];`,
  'src/main/adapters/git/clone.test.ts': `import { store } from '../sqlite/store.ts'; export const t = store;`,
};

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'omk-boundaries-'));
  await copyFile(join(root, '.dependency-cruiser.mjs'), join(dir, '.dependency-cruiser.mjs'));
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  await symlink(join(root, 'node_modules'), join(dir, 'node_modules'));
  for (const [path, text] of Object.entries(PLANTED)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
});

afterEach(() => rm(dir, { recursive: true, force: true }));

test('each planted violation is reported by its own rule, and nothing else is', async () => {
  const bin = join(root, 'node_modules/.bin/depcruise');
  const { stdout } = await run(process.execPath, [bin, 'src', '--output-type', 'json'], {
    cwd: dir,
    maxBuffer: 64 * 1024 * 1024,
  });
  const report = JSON.parse(stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  const seen = report.summary.violations.map(({ from, rule }) => `${from} ${rule.name}`);

  expect([...new Set(seen)].toSorted()).toEqual([
    'src/main/adapters/clock.ts small-adapters-only-know-ports',
    'src/main/adapters/git/uses-sqlite.ts adapters-only-know-ports',
    'src/main/cli/sockets.ts only-here-ws',
    'src/main/host/a.ts no-cycles',
    'src/main/host/database.ts only-here-better-sqlite3',
    'src/main/host/electron.ts electron-only-in-shell',
    'src/main/host/lost.ts no-unresolvable',
    'src/main/host/opens-window.ts nothing-below-knows-the-shell',
    'src/main/host/reads-objects.ts only-here-isomorphic-git',
    'src/main/host/runs.ts only-here-execa',
    'src/main/host/ships-tests.ts product-has-no-tests',
    'src/main/host/spawns.ts children-only-from-process',
    'src/main/host/speaks-acp.ts only-here-agentclientprotocol-sdk',
    'src/main/runtime/reads-files.ts runtime-is-pure',
    'src/main/shell/decides.ts shell-knows-only-host',
    'src/preload/parses.ts preload-is-a-wire',
    'src/renderer/features/list/list.tsx features-are-islands',
    'src/renderer/main.tsx renderer-sees-only-shared',
    'src/renderer/stores/paths.ts renderer-has-no-node',
    'src/shared/reaches-up.ts shared-is-leaf',
  ]);
});
