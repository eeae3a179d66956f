import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gateWorld } from './world.ts';
import type { GateWorld } from './world.ts';

const files = {
  'package.json': JSON.stringify({ name: 'sums', type: 'module', scripts: { test: 'node --test' } }),
  'src/sum.js': 'export const add = (a, b) => a - b;\nexport const mul = (a, b) => a * b;\n',
  'test/sum.test.js': `import { test } from 'node:test';
import assert from 'node:assert/strict';
import { add, mul } from '../src/sum.js';
test('adds', () => { assert.equal(add(2, 3), 5); });
test('multiplies', () => { assert.equal(mul(2, 3), 6); });
`,
};
const honest = { 'src/sum.js': 'export const add = (a, b) => a + b;\nexport const mul = (a, b) => a * b;\n' };
const wrong = 'export const add = (a, b) => a - b;\nexport const mul = (a, b) => a * b;\n';

describe.each(['namespaces', 'none'] as const)('node:test with isolation %s', (isolation) => {
  let world: GateWorld;
  beforeAll(async () => {
    world = await gateWorld(files, { isolation });
  });
  afterAll(() => world.remove());

  it('finds the script and runs it by its own argv', () => {
    expect(world.found).toMatchObject([
      { name: 'test', argv: ['node', '--test'], parser: 'node-tap', script: 'node --test' },
    ]);
  });

  it('knows after base which tests there are and which are red', async () => {
    const { base } = await world.prepare();
    expect(base).toMatchObject({ expectedTests: 2, red: ['test/sum.test.js > adds'] });
    expect(base.gates[0]).toMatchObject({
      outcome: 'failed',
      runs: 2,
      parsed: true,
      counts: { passed: 1, failed: 1 },
    });
  });

  it('passes an honest fix and names what went red to green', async () => {
    const result = await world.verify(honest);
    expect(result.reasons).toEqual([]);
    expect(result).toMatchObject({
      passed: true,
      redToGreen: ['test/sum.test.js > adds'],
      onlyOwnTests: false,
      proposedOracle: null,
    });
    expect(result.gates[0]?.notes).toContain('Canary: 1 of 1 altered test failed, as they must.');
  });

  it('does not pass when nothing was done', async () => {
    const result = await world.verify({ 'README.md': 'Fixed.\n' });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0 });
    expect(result.gates[0]?.failedTests).toEqual(['test/sum.test.js > adds']);
  });

  it('decides with the tests of base when a test was edited to fit', async () => {
    const result = await world.verify({ 'test/sum.test.js': files['test/sum.test.js'].replace('5', '-1') });
    expect(result).toMatchObject({
      passed: false,
      proposedOracle: null,
      lockedChanged: ['test/sum.test.js'],
    });
  });

  it('takes process.exit(0) on import for missing tests, not for success', async () => {
    const result = await world.verify({ 'src/sum.js': `${wrong}process.exit(0);\n` });
    expect(result.passed).toBe(false);
    expect(result.gates[0]?.notes.join()).toContain('did not run');
  });

  it('sees through a patched assertion library by its canary', async () => {
    const result = await world.verify({
      'src/sum.js': `import assert from 'node:assert';\nimport { syncBuiltinESMExports } from 'node:module';\nfor (const a of [assert, assert.strict]) a.equal = a.strictEqual = () => {};\nsyncBuiltinESMExports();\n${wrong}`,
    });
    expect(result.passed).toBe(false);
    expect(result.findings.map((one) => one.rule)).toContain('canary.passed');
  });

  it('ignores a test script that became echo, and calls it a breach', async () => {
    const result = await world.verify({
      ...honest,
      'package.json': files['package.json'].replace('node --test', 'echo ok'),
    });
    expect(result.passed).toBe(false);
    expect(result.findings).toContainEqual(
      expect.objectContaining({ rule: 'oracle.script', effect: 'breach' }),
    );
  });
});
