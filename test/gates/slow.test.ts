import { describe, expect, it } from 'vitest';
import { worldsOfTests } from './opening.ts';

const open = worldsOfTests();

describe('a gate that takes more than two minutes', () => {
  const files = {
    'package.json': JSON.stringify({ scripts: { test: 'node --test' } }),
    'sum.js': 'exports.add = (a, b) => a - b;\n',
    'test/sum.js':
      "const { test } = require('node:test');\nconst assert = require('assert');\nconst { add } = require('../sum.js');\ntest('adds', () => assert.strictEqual(add(2, 3), 5));\ntest('is', () => assert.ok(add));\n",
  };
  it('runs once, its red-first tests once more, and says so', async () => {
    const world = await open(files, { haste: 10_000 });
    const result = await world.verify({ 'sum.js': 'exports.add = (a, b) => a + b;\n' });
    expect(result.reasons).toEqual([]);
    expect(result).toMatchObject({ passed: true, redToGreen: ['test/sum.js > adds'] });
    expect(result.gates[0]).toMatchObject({ runs: 1, counts: { passed: 2 } });
    expect(result.gates[0]?.notes).toEqual(
      expect.arrayContaining(['1 run.', 'Red-first tests ran once more by themselves: 1 of 1 passed.']),
    );
  });

  it('runs as a whole again where red-first tests are red by themselves', async () => {
    const steps = files['test/sum.js'].replace(
      "test('adds'",
      "test('first', () => { globalThis.ready = true; });\ntest('adds'",
    );
    const world = await open({ ...files, 'test/sum.js': steps }, { haste: 10_000 });
    // As tests do that go on from where another one ended.
    const result = await world.verify({
      'sum.js': 'exports.add = (a, b) => (globalThis.ready ? a + b : 0);\n',
    });
    expect(result.reasons).toEqual([]);
    expect(result.gates[0]).toMatchObject({ runs: 2, passedRuns: 2 });
  });
});
