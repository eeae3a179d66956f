import { afterEach, expect, it } from 'vitest';
import { gate } from '../../src/main/adapters/gates/detect/gate.ts';
import { gateWorld } from './world.ts';
import type { GateWorld } from './world.ts';

let world: GateWorld | null = null;
afterEach(() => {
  world?.remove();
  world = null;
});

const steps = Array.from({ length: 9 }, (_, n) => `  const step${n} = compute(input, ${n}, 'name of ${n}');`);
const shared = `export function shared(input) {\n${steps.join('\n')}\n}\n`;

it('reads the change itself: what it finds is said beside the line and stops nothing', async () => {
  world = await gateWorld(
    { 'src/a.js': 'old\n', 'src/shared.js': shared, 'package.json': '{ "dependencies": { "a": "1" } }\n' },
    { gates: [gate({ name: 'check', argv: ['grep', '-q', 'new', 'src/a.js'], source: 'test' })] },
  );
  const result = await world.verify({
    'src/a.js': 'new\ntry { f(); } catch {}\n',
    'src/copy.js': shared.replace('shared', 'copied'),
    'package.json': '{ "dependencies": { "a": "1", "b": "2" } }\n',
  });
  expect(result).toMatchObject({ passed: true, reasons: [], redToGreen: ['check'] });
  expect(
    result.findings.map((one) => `${one.rule} ${one.file}:${one.line} ${one.effect}`).toSorted(),
  ).toEqual([
    'code.swallowed_error src/a.js:2 none',
    'dependency.added package.json:1 none',
    'slop.duplicate src/copy.js:2 none',
  ]);
  expect(Object.fromEntries(result.sections.map((one) => [one.name, one.state]))).toEqual({
    architect: 'findings',
    code: 'findings',
    test: 'passed',
    security: 'passed',
    performance: 'not_assessed',
    'anti-slop': 'findings',
  });
});
