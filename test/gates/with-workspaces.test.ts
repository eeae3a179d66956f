import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createArtifacts } from '../../src/main/adapters/artifacts/store.ts';
import { createGates } from '../../src/main/adapters/gates/gates.ts';
import { createWorkspaces } from '../../src/main/adapters/git/workspaces.ts';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import { defaultPolicy } from '../../src/shared/goal/vocabulary.ts';
import { AttemptId } from '../../src/shared/kernel/ids.ts';
import { redactText } from '../../src/shared/redact.ts';
import { testRepository } from './git-workspaces.ts';
import { goalId } from './world.ts';

it('a goal’s own repositories feed gates from base to verdict', async () => {
  const root = mkdtempSync(join(tmpdir(), 'omk-gates-'));
  const project = testRepository();
  const path = process.env['PATH'] ?? '/usr/bin:/bin';
  const workspaces = createWorkspaces({
    workspaceRoot: join(root, 'work'),
    vaultRoot: join(root, 'vaults'),
    path,
  });
  onTestFinished(() => {
    workspaces.close();
    project.remove();
    rmSync(root, { recursive: true, force: true });
  });
  project.commit({
    'package.json': JSON.stringify({ name: 'sums', type: 'module', scripts: { test: 'node --test' } }),
    'src/sum.js': 'export const add = (a, b) => a - b;\n',
    'test/sum.test.js':
      "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { add } from '../src/sum.js';\ntest('adds', () => { assert.equal(add(2, 3), 5); });\n",
  });
  const signal = new AbortController().signal;
  const created = await workspaces.create({ goalId, projectPath: project.dir, from: 'head', signal });
  if (!created.ok) throw new Error(created.error.message);
  const { commit: baseCommit, tree: baseTree } = created.value;
  const artifacts = createArtifacts(join(root, 'artifacts'));
  const gates = createGates({
    workspaces,
    artifacts,
    spawn: spawnManaged,
    isolationAvailable,
    verifyRoot: join(root, 'verify'),
    cacheRoot: join(root, 'cache'),
    toolPath: path,
    forbiddenTools: [join(root, 'work')],
    hidden: () => [join(root, 'vaults')],
    redact: (text) => redactText(text).text,
    platform: process.platform,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const tree = workspaces.tree(goalId, baseTree);
  const found = await gates.find(tree);
  if (found.type !== 'found') throw new Error('no gates');
  const context = {
    goalId,
    gates: found.gates,
    baseTree,
    oracleDigest: found.digest,
    isolation: 'namespaces' as const,
    env: {},
    signal,
    progress: () => undefined,
  };
  expect(await gates.digest(tree, found.gates)).toBe(found.digest);
  const base = await gates.checkBase({ ...context, sealed: null });
  if (!base.ok) throw new Error(base.error.message);
  expect(base.value.red).toEqual(['test/sum.test.js > adds']);

  const attempt = async (id: string, change: (dir: string) => void): ReturnType<typeof gates.verify> => {
    const attemptId = AttemptId.parse(`attempt-${id}`);
    const slice = { goalId, taskId: 'fix', attemptId };
    const opened = await workspaces.openSlice({ ...slice, commit: baseCommit });
    if (!opened.ok) throw new Error(opened.error.message);
    change(opened.value.dir);
    const candidate = await workspaces.commitSlice({
      ...slice,
      base: baseCommit,
      message: 'fix',
      inWriteSet: () => true,
    });
    if (!candidate.ok) throw new Error(candidate.error.message);
    return gates.verify({
      ...context,
      sealed: null,
      base: base.value,
      candidate: candidate.value,
      policy: defaultPolicy,
      approvedOracles: [],
      hideDirs: workspaces.agentDirs(goalId),
      outside: [],
    });
  };
  const honest = await attempt('1', (dir) => {
    writeFileSync(join(dir, 'src/sum.js'), 'export const add = (a, b) => a + b;\n');
  });
  expect(honest).toMatchObject({
    ok: true,
    value: {
      passed: true,
      redToGreen: ['test/sum.test.js > adds'],
      changed: [{ path: 'src/sum.js', added: 1, removed: 1 }],
    },
  });
  const odd = await attempt('2', (dir) => {
    writeFileSync(join(dir, 'src/sum.js'), 'export const add = (a, b) => a + b;\n');
    mkdirSync(join(dir, 'docs'));
    for (const name of ['-rf', 'a\nb', '\u202Egnp.exe', ' ', 'ünï ¢ode'])
      writeFileSync(join(dir, 'docs', name), 'x');
  });
  expect(odd).toMatchObject({ ok: true, value: { passed: true, changedCount: 6 } });
  const unnamed = await attempt('3', (dir) => {
    writeFileSync(
      Buffer.concat([Buffer.from(join(dir, 'test/')), Buffer.from([0xff]), Buffer.from('.test.js')]),
      '',
    );
  });
  expect(unnamed).toMatchObject({ ok: true, value: { passed: false } });
  expect(unnamed.ok ? unnamed.value.findings.map((one) => one.rule) : []).toContain('oracle.unrestorable');
});
