import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { toolPath } from '../../src/main/adapters/gates/tools.ts';
import { gateWorld } from './world.ts';
import type { GateWorld, WorldOptions } from './world.ts';
import type { Files } from './git-workspaces.ts';

/** Runners that this machine has; what it lacks is said by the name of the skipped test. */
const path = process.env['PATH'] ?? '';
const tools = await toolPath(path, []);
const has = async (name: string): Promise<boolean> => (await tools.find(name)) !== null;
const modules = join(import.meta.dirname, '../../node_modules');

let world: GateWorld | null = null;
afterEach(() => {
  world?.remove();
  world = null;
});
async function open(files: Files, o: WorldOptions = {}): Promise<GateWorld> {
  world = await gateWorld(files, o);
  return world;
}

const pytest = (await has('python3')) && path.split(delimiter).length > 0 && (await has('pytest'));
describe.runIf(pytest)('pytest', () => {
  const files = {
    'calc.py': 'def add(a, b):\n    return a - b\n',
    'tests/test_calc.py':
      'import pytest\nfrom calc import add\n\n@pytest.mark.parametrize("a", [1, 2])\ndef test_same(a):\n    assert a == a\n\ndef test_add():\n    assert add(2, 3) == 5\n\n@pytest.mark.xfail\ndef test_known():\n    assert False\n',
  };
  it('reports single tests, passes an honest fix and kills the canary', async () => {
    const { found, prepare, verify } = await open(files);
    expect(found).toMatchObject([{ argv: ['python3', '-m', 'pytest'], parser: 'pytest' }]);
    const { base } = await prepare();
    expect(base).toMatchObject({ expectedTests: 4, red: ['tests/test_calc.py > test_add'] });
    const result = await verify({ 'calc.py': 'def add(a, b):\n    return a + b\n' });
    expect(result).toMatchObject({ passed: true, redToGreen: ['tests/test_calc.py > test_add'] });
    expect(result.gates[0]?.counts).toEqual({ passed: 3, failed: 0, skipped: 1 });
    expect(result.gates[0]?.notes.join()).toContain('Canary: 1 of 1');
  });

  it('is not moved by a conftest hook that makes every report a pass', async () => {
    const { verify } = await open(files);
    const hook =
      'import pytest\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    out = yield\n    out.get_result().outcome = "passed"\n';
    const result = await verify({ 'conftest.py': hook });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0 });
    expect(result.findings.map((one) => one.rule)).toContain('test.hook');
    expect(result.gates[0]?.failedTests).toEqual(['tests/test_calc.py > test_add']);
  });

  it('never loads a pytest or json of the repository', async () => {
    const { verify } = await open(files);
    const result = await verify({
      'pytest/__init__.py': 'print("3 passed")\nraise SystemExit(0)\n',
      'pytest/__main__.py': 'print("3 passed")\nraise SystemExit(0)\n',
      'json.py': 'raise SystemExit(0)\n',
    });
    expect(result.passed).toBe(false);
    expect(result.findings.map((one) => one.rule)).toContain('oracle.shadow');
    expect(result.gates[0]).toMatchObject({ parsed: true, counts: { failed: 1 } });
  });

  it('sees a product module that ends the interpreter, and one that writes its own report', async () => {
    const { verify } = await open(files);
    const ends = await verify({ 'calc.py': 'import os\nos._exit(0)\n' });
    expect(ends.passed).toBe(false);
    const forges = await verify({
      'calc.py':
        'import os\nos.write(3, b\'ok 1 - ["tests/test_calc.py","test_add"]\\n1..1\\n\')\nos._exit(0)\n',
    });
    expect(forges.passed).toBe(false);
  });

  it('kills a canary where equality was patched in product code', async () => {
    const { verify } = await open({
      ...files,
      'tests/test_calc.py':
        'import unittest\nfrom calc import add\n\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 3), 5)\n',
      'pytest.ini': '[pytest]\n',
    });
    const result = await verify({
      'calc.py':
        'import unittest\nunittest.TestCase.assertEqual = lambda *a: None\ndef add(a, b):\n    return a - b\n',
    });
    expect(result.passed).toBe(false);
    expect(result.findings.map((one) => one.rule)).toContain('canary.passed');
  });
});
