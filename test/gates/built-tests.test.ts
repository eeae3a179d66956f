import { describe, expect, it } from 'vitest';
import { worldsOfTests } from './opening.ts';

const open = worldsOfTests();
const add = (operator: string): string => `export const add = (a, b) => a ${operator} b;\n`;
const files = {
  'build.js':
    "import { cpSync, mkdirSync } from 'node:fs';\nmkdirSync('dist', { recursive: true });\ncpSync('src', 'dist/src', { recursive: true });\ncpSync('test', 'dist/test', { recursive: true });\n",
  'src/calc.js': add('-'),
  'test/calc.test.js':
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { add } from '../src/calc.js';\ntest('adds', () => {\n  assert.equal(add(2, 3), 5);\n});\ntest('adds nothing', () => {\n  assert.equal(add(2, 0), 2);\n});\n",
};
const red = ['dist/test/calc.test.js > adds'];

describe.each([
  ['a command before the tests', { test: 'node build.js && node --test dist/test/*.test.js' }],
  ['a script that runs first', { pretest: 'node build.js', test: 'node --test dist/test/*.test.js' }],
  [
    'a command, and chosen by a pattern of names',
    {
      test: 'node build.js && node --test --test-name-pattern "adds.*" --test-concurrency 1 dist/test/*.test.js',
    },
  ],
])('tests that are built by %s', (_name, scripts) => {
  const manifest = { 'package.json': JSON.stringify({ type: 'module', scripts }) };

  it('are found by their pattern, and their sources are altered for the canary', async () => {
    const { found, prepare, verify } = await open({ ...files, ...manifest });
    expect(found).toMatchObject([{ parser: 'node-tap' }]);
    expect((await prepare()).base).toMatchObject({ expectedTests: 2, red });
    const result = await verify({ 'src/calc.js': add('+') });
    expect(result.reasons).toEqual([]);
    expect(result).toMatchObject({ passed: true, redToGreen: red });
    expect(result.gates[0]?.canary).toEqual({ altered: 1, failed: 1, without: 0 });
  });

  it('prove nothing with patched assertions', async () => {
    const { prepare, verify } = await open({ ...files, ...manifest });
    await prepare();
    const patched = `import assert from 'node:assert/strict';\nassert.equal = () => {};\n${add('-')}`;
    const result = await verify({ 'src/calc.js': patched });
    expect(result.passed).toBe(false);
    expect(result.findings.map((one) => one.rule)).toContain('canary.passed');
  });
});
