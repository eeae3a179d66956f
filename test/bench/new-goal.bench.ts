import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark } from '../../tooling/benchmark.ts';

const FILES = 20_000;
const cli = join(import.meta.dirname, '..', '..', 'src', 'main');
let repository: string | null = null;

function makeRepository(): string {
  const dir = mkdtempSync(join(tmpdir(), 'omk-bench-repo-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  for (let file = 0; file < FILES; file += 1) {
    const folder = join(dir, 'src', `part-${file % 200}`);
    if (file < 200) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file-${file}.js`), `export const value = ${file};\n`);
  }
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'big', scripts: { test: 'node --test' } }));
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@localhost',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@localhost',
  };
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['-c', 'gc.auto=0', 'commit', '-qm', 'base'],
    ['gc', '-q'],
  ])
    execFileSync('git', args, { cwd: dir, env });
  return dir;
}

/** What the *New goal* form waits for: HEAD, gates and warnings of a dropped repository, in a process that has just started. */
export const benchmark: Benchmark = {
  id: 'P12',
  name: 'dropping a repository of 20,000 files, to the ready form',
  unit: 'ms',
  goal: 'at most 500 ms',
  async run() {
    repository ??= makeRepository();
    const script = `
      const { createProjects } = await import(${JSON.stringify(join(cli, 'adapters/git/projects.ts'))});
      const { findGates } = await import(${JSON.stringify(join(cli, 'adapters/gates/find.ts'))});
      const { toolPath } = await import(${JSON.stringify(join(cli, 'adapters/gates/tools.ts'))});
      const projects = createProjects({ personalExcludes: [] });
      const startedAt = performance.now();
      let gates = 0;
      const inspected = await projects.inspect(${JSON.stringify(repository)}, async (tree) => {
        const found = await findGates(tree, await toolPath('/usr/local/bin:/usr/bin:/bin', []));
        gates = found.type === 'found' ? found.gates.length : 0;
        return { source: 'detected', gates: [], digest: '0'.repeat(64), notes: [], unreadable: null };
      });
      if (!inspected.ok) throw new Error(inspected.error.message);
      console.log(JSON.stringify({ ms: performance.now() - startedAt, gates }));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    const { ms, gates } = JSON.parse(out) as { ms: number; gates: number };
    return { value: ms, counters: { gates } };
  },
};
