/**
 * `npm run bench [-- --quick] [P3 …]`: measures what lies in `test/bench/`, seven times each, or only the numbers given. Writes
 * `test-results/bench.json`, and its rows of `docs/benchmarks.md`. `--quick` measures once, with fewer trials, and writes no page.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { measure, table, updatedTable } from './benchmark.ts';
import type { Benchmark, BenchmarkResult } from './benchmark.ts';

const RUNS = 7;
const FOLDER = 'test/bench';
const PAGE = 'docs/benchmarks.md';
const quick = process.argv.includes('--quick');
const wanted = new Set(process.argv.slice(2).filter((word) => word !== '--quick'));

const files = existsSync(FOLDER)
  ? readdirSync(FOLDER)
      .filter((name) => name.endsWith('.bench.ts'))
      .toSorted()
  : [];
const all = await Promise.all(
  files.map(async (name) => {
    const module = (await import(pathToFileURL(resolve(FOLDER, name)).href)) as { benchmark: Benchmark };
    return module.benchmark;
  }),
);
const chosen = all
  .filter(({ id }) => wanted.size === 0 || wanted.has(id))
  .toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));

if (chosen.length === 0) {
  console.error(
    `There is nothing to measure in ${FOLDER}${wanted.size > 0 ? ` named ${[...wanted].join(', ')}` : ''}.`,
  );
  process.exitCode = 1;
} else {
  const results: BenchmarkResult[] = [];
  for (const benchmark of chosen) {
    console.log(`${benchmark.id} ${benchmark.name} ...`);
    results.push(await measure(benchmark, quick ? 1 : RUNS, { quick }));
  }
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}`;
  mkdirSync('test-results', { recursive: true });
  writeFileSync(join('test-results', 'bench.json'), `${JSON.stringify({ machine, results }, null, 2)}\n`);
  console.log(`\n${table(results)}`);
  if (!quick) {
    const rows = updatedTable(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '', results);
    const page = `# Benchmarks\n\nWritten by \`npm run bench\`: the median of ${RUNS} runs, each after a calibration loop (SHA-256 of 64 MiB and 200 synchronised writes). The ratio is what to compare between machines; a row may be older than the one above it.\n\nMachine: ${machine}.\n\n${rows}\n`;
    writeFileSync(PAGE, page);
    execFileSync('node_modules/.bin/prettier', ['--write', '--log-level', 'warn', PAGE]);
  }
}
