/**
 * Everything: the gate, the build, the browser. Each part runs even when an earlier one failed, except that there is no
 * browser run without a build. The last line says how many tests passed and failed, and nothing else.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { slowTests } from './test-folders.ts';
import { adversaryCounts, playwrightCounts, sum, vitestCounts } from './test-counts.ts';
import { seconds } from './steps.ts';

const VITEST = 'test-results/vitest.json';
const SUITES = 'test-results/suites.json';
const PLAYWRIGHT = 'test-results/playwright.json';
const ADVERSARIES = 'test-results/adversaries.json';

rmSync('test-results', { recursive: true, force: true });
mkdirSync('test-results');

const part = (name: string, command: string, args: readonly string[]): boolean => {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const { status, signal, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const ok = status === 0;
  const why = error?.message ?? (signal === null ? `exit code ${String(status)}` : `ended by ${signal}`);
  console.log(`== ${name} ${ok ? 'passed' : `FAILED (${why})`} in ${seconds(performance.now() - started)}`);
  return ok;
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The runner died before it could report; the counts say so.
    return undefined;
  }
};

const checked = part('check', process.execPath, ['tooling/check.ts']);
const suites = part('suites', 'node_modules/.bin/vitest', [
  'run',
  ...slowTests,
  ...(process.stdout.isTTY ? [] : ['--no-color']),
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${SUITES}`,
]);
const withstood = part('adversaries', process.execPath, ['e2e/adversaries/main.ts', '--quick']);
const built = part('build', 'node_modules/.bin/electron-vite', ['build', '--logLevel', 'warn']);
const browsed = built && part('end to end', 'node_modules/.bin/playwright', ['test', '--pass-with-no-tests']);

const counts = sum([
  vitestCounts(read(VITEST)),
  vitestCounts(read(SUITES)),
  adversaryCounts(read(ADVERSARIES)),
  playwrightCounts(built ? read(PLAYWRIGHT) : undefined),
]);
console.log('');
if (counts.skipped > 0) console.log(`${counts.skipped} skipped, each with its reason above or in its file`);
const broken = [
  !checked && 'check',
  !suites && 'suites',
  !withstood && 'adversaries',
  !built && 'build',
  built && !browsed && 'end to end',
].filter(Boolean);
if (broken.length > 0) console.log(`failed parts: ${broken.join(', ')}`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = broken.length === 0 && counts.failed === 0 ? 0 : 1;
