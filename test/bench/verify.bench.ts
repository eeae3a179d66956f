import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark } from '../../tooling/benchmark.ts';
import { createArtifacts } from '../../src/main/adapters/artifacts/store.ts';
import { createGates } from '../../src/main/adapters/gates/gates.ts';
import { createWorkspaces } from '../../src/main/adapters/git/workspaces.ts';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import type { GateContext, Gates } from '../../src/main/runtime/ports.ts';
import { defaultPolicy } from '../../src/shared/goal/vocabulary.ts';
import { AttemptId, goalIdFrom } from '../../src/shared/kernel/ids.ts';

const FILES = 5_000;
const goalId = goalIdFrom(Date.UTC(2026, 0, 1), '0a1b2c3d');

/** A quarter of the files are tests; one of them is red. */
function writeProject(dir: string): void {
  for (let file = 0; file < FILES; file += 1) {
    const folder = join(dir, file % 4 === 0 ? 'test' : 'src', `part-${file % 100}`);
    if (file < 400) mkdirSync(folder, { recursive: true });
    const text =
      file % 4 === 0
        ? `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\ntest('${file}', () => { assert.equal(1, 1); });\n`
        : `export const value${file} = ${file};\n`.repeat(20);
    writeFileSync(join(folder, file % 4 === 0 ? `file-${file}.test.js` : `file-${file}.js`), text);
  }
  writeFileSync(join(dir, 'src/sum.js'), 'export const add = (a, b) => a - b;\n');
  writeFileSync(join(dir, 'src/table.json'), '{}\n');
  writeFileSync(
    join(dir, 'test/sum.test.js'),
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { add } from '../src/sum.js';\ntest('adds', () => { assert.equal(add(2, 3), 5); });\n",
  );
  const scripts = { test: 'node --test test/sum.test.js' };
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'big', type: 'module', scripts }));
  const as = ['-c', 'user.name=a', '-c', 'user.email=a@localhost'];
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    [...as, 'commit', '-qm', 'base'],
  ])
    execFileSync('git', args, { cwd: dir, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } });
}

/** Everything but the gates themselves: trees, oracle, digests, analysers, evidence; with two repeats, a canary and the slice's own test. */
export const benchmark: Benchmark = {
  id: 'V1',
  name: 'verifying a change of a repository of 5,000 files, gates themselves excluded',
  unit: 'ms',
  goal: 'at most 3,000 ms',
  async run() {
    const root = mkdtempSync(join(tmpdir(), 'omk-bench-verify-'));
    const path = process.env['PATH'] ?? '/usr/bin:/bin';
    const project = join(root, 'project');
    mkdirSync(project);
    writeProject(project);
    let gateMs = 0;
    let gateRuns = 0;
    const workspaces = createWorkspaces({
      workspaceRoot: join(root, 'work'),
      vaultRoot: join(root, 'vaults'),
      path,
    });
    try {
      const signal = new AbortController().signal;
      const created = await workspaces.create({ goalId, projectPath: project, from: 'head', signal });
      if (!created.ok) throw new Error(created.error.message);
      const gates: Gates = createGates({
        workspaces,
        artifacts: createArtifacts(join(root, 'artifacts')),
        spawn(options) {
          const from = performance.now();
          const child = spawnManaged(options);
          void child.exited.then(() => {
            gateMs += performance.now() - from;
            gateRuns += 1;
          });
          return child;
        },
        isolationAvailable,
        verifyRoot: join(root, 'verify'),
        cacheRoot: join(root, 'cache'),
        toolPath: path,
        forbiddenTools: [join(root, 'work')],
        hidden: () => [join(root, 'vaults')],
        redact: (text) => text,
        platform: process.platform,
        clock: { now: () => Date.now(), monotonic: () => performance.now() },
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      });
      const { commit, tree } = created.value;
      const found = await gates.find(workspaces.tree(goalId, tree));
      if (found.type !== 'found') throw new Error('There are no gates.');
      const context: GateContext = {
        goalId,
        gates: found.gates,
        baseTree: tree,
        oracleDigest: found.digest,
        isolation: 'namespaces',
        env: {},
        signal,
        progress: () => undefined,
      };
      const base = await gates.checkBase({ ...context, sealed: null });
      if (!base.ok) throw new Error(base.error.message);
      const slice = { goalId, taskId: 'fix', attemptId: AttemptId.parse('attempt-1') };
      const opened = await workspaces.openSlice({ ...slice, commit });
      if (!opened.ok) throw new Error(opened.error.message);
      writeFileSync(join(opened.value.dir, 'src/sum.js'), 'export const add = (a, b) => a + b;\n');
      // Data that changes makes omk look whether tests rely on it.
      writeFileSync(join(opened.value.dir, 'src/table.json'), '{ "a": 1 }\n');
      writeFileSync(
        join(opened.value.dir, 'test/more.test.js'),
        "import { test } from 'node:test';\ntest('more', () => {});\n",
      );
      const inWriteSet = (): boolean => true;
      const candidate = await workspaces.commitSlice({ ...slice, base: commit, message: 'fix', inWriteSet });
      if (!candidate.ok) throw new Error(candidate.error.message);
      [gateMs, gateRuns] = [0, 0];
      const from = performance.now();
      const verified = await gates.verify({
        ...context,
        sealed: null,
        base: base.value,
        candidate: candidate.value,
        policy: defaultPolicy,
        approvedOracles: [],
        hideDirs: workspaces.agentDirs(goalId),
        outside: [],
      });
      if (!verified.ok) throw new Error(verified.error.message);
      const value = performance.now() - from - gateMs;
      const { passed, redToGreenCount } = verified.value;
      return { value, counters: { passed: Number(passed), redToGreenCount, gateRuns } };
    } finally {
      workspaces.close();
      rmSync(root, { recursive: true, force: true });
    }
  },
};
