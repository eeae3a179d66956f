import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { agentSandbox } from './agent-sandbox.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'omk-agent-sandbox-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const build = (argv: readonly string[], root: string, hide: readonly string[] = []) =>
  agentSandbox({
    start: {
      workDir: `${root}/work`,
      home: `${root}/home`,
      tmpDir: `${root}/t`,
      sandbox: { use: 'namespaces', hide, writable: [`${root}/work`] },
    },
    argv,
  });

it('lets an agent write to its own folders only', () => {
  expect(build(['x'], '/s')).toMatchObject({
    readOnlyRoot: true,
    network: true,
    writable: ['/s/work', '/s/home', '/s/t'],
  });
});

it('hides what exists of what it was told to hide, and the doors past the sandbox', () => {
  const { hide } = build(['x'], '/s', [dir, join(dir, 'gone')]);
  expect(hide).toContain(dir);
  expect(hide).not.toContain(join(dir, 'gone'));
  expect(hide.includes('/run/docker.sock')).toBe(existsSync('/run/docker.sock'));
});

it('gives a private /tmp, unless something the agent needs lies in the real one', () => {
  const own = [{ from: '/s/t', to: '/tmp', readOnly: false }];
  expect(build(['/usr/bin/node', '/opt/agent.mjs'], '/s').bind).toEqual(own);
  expect(build(['node', '/tmp/x/agent.mjs'], '/s').bind).toEqual([]);
  expect(build(['node', '--import=/tmp/x/hook.mjs'], '/s').bind).toEqual([]);
  expect(build(['node'], '/tmp/s').bind).toEqual([]);
  expect(build(['node'], '/s', [dir]).bind).toEqual(dir.startsWith('/tmp/') ? [] : own);
});
