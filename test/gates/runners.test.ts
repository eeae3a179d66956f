import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gate } from '../../src/main/adapters/gates/detect/gate.ts';
import { toolPath } from '../../src/main/adapters/gates/tools.ts';
import type { Files } from './git-workspaces.ts';
import { worldsOfTests } from './opening.ts';
import { gateWorld } from './world.ts';
import type { GateWorld } from './world.ts';

/** Runners that this machine has; what it lacks is said by the name of the skipped test. */
const path = process.env['PATH'] ?? '';
const tools = await toolPath(path, []);
const has = async (name: string): Promise<boolean> => (await tools.find(name)) !== null;
/** Where installed runners are; one may point to others than the ones this repository has. */
const modules = process.env['OMK_TEST_MODULES'] ?? join(import.meta.dirname, '../../node_modules');

const open = worldsOfTests();

const pytest = (await has('python3')) && path.split(delimiter).length > 0 && (await has('pytest'));
describe.runIf(pytest)('pytest', () => {
  const files = {
    'calc.py': 'def add(a, b):\n    return a - b\n',
    'tests/test_calc.py':
      'import pytest\nfrom calc import add\n\n@pytest.mark.parametrize("a", [1, 2])\ndef test_same(a):\n    assert a == a\n\ndef test_add():\n    assert add(2, 3) == 5\n\n@pytest.mark.xfail\ndef test_known():\n    assert False\n',
  };
  let world: GateWorld;
  beforeAll(async () => {
    world = await gateWorld(files);
  });
  afterAll(() => world.remove());

  it('reports single tests, passes an honest fix and kills the canary', async () => {
    const { found, prepare, verify } = world;
    expect(found).toMatchObject([{ argv: ['python3', '-m', 'pytest'], parser: 'pytest' }]);
    const { base } = await prepare();
    expect(base).toMatchObject({ expectedTests: 4, red: ['tests/test_calc.py > test_add'] });
    const result = await verify({ 'calc.py': 'def add(a, b):\n    return a + b\n' });
    expect(result).toMatchObject({ passed: true, redToGreen: ['tests/test_calc.py > test_add'] });
    expect(result.gates[0]?.counts).toEqual({ passed: 3, failed: 0, skipped: 1 });
    expect(result.gates[0]?.notes.join()).toContain('Canary: 1 of 1');
  });

  it('is not moved by a conftest hook that makes every report a pass', async () => {
    const { verify } = world;
    const hook =
      'import pytest\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    out = yield\n    out.get_result().outcome = "passed"\n';
    const result = await verify({ 'conftest.py': hook });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0 });
    expect(result.findings.map((one) => one.rule)).toContain('test.hook');
    expect(result.gates[0]?.failedTests).toEqual(['tests/test_calc.py > test_add']);
  });

  it('never loads a pytest or json of the repository', async () => {
    const { verify } = world;
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
    const { verify } = world;
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

describe.runIf(await has('cargo'))('cargo test', () => {
  const files = {
    'Cargo.toml': '[package]\nname = "calc"\nversion = "0.1.0"\nedition = "2021"\n',
    'Cargo.lock': 'version = 3\n\n[[package]]\nname = "calc"\nversion = "0.1.0"\n',
    'src/lib.rs':
      'pub fn add(a: i32, b: i32) -> i32 { a - b }\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn inline() { assert_eq!(1, 1); }\n}\n',
    'tests/add.rs': 'use calc::add;\n#[test]\nfn adds() { assert_eq!(add(2, 3), 5); }\n',
  };
  it('reads single tests from what it prints', async () => {
    const { prepare, verify } = await open(files);
    const { base } = await prepare();
    expect(base).toMatchObject({ expectedTests: 2, red: ['tests/add.rs > add > adds'] });
    const honest = await verify({ 'src/lib.rs': files['src/lib.rs'].replace('a - b', 'a + b') });
    expect(honest.reasons).toEqual([]);
    expect(honest).toMatchObject({ passed: true, redToGreen: ['tests/add.rs > add > adds'] });
    expect(honest.gates[0]?.notes.join()).toContain('Canary: 1 of 1');
    const exits = await verify({
      'src/lib.rs': files['src/lib.rs'].replace('a - b', 'std::process::exit(0)'),
    });
    expect(exits.passed).toBe(false);
  });

  it('asks when an inline test was rewritten, because it cannot be put back', async () => {
    const { verify } = await open({
      ...files,
      'src/lib.rs': files['src/lib.rs'].replace('assert_eq!(1, 1)', 'assert_eq!(super::add(2, 3), 5)'),
    });
    const result = await verify({ 'src/lib.rs': files['src/lib.rs'].replace('a - b', 'a + b') });
    expect(result.findings).toContainEqual(
      expect.objectContaining({ rule: 'test.inline_changed', effect: 'question', file: 'src/lib.rs' }),
    );
  });
});

describe.runIf(await has('go'))('go test', () => {
  const files = {
    'go.mod': 'module example.test/calc\n\ngo 1.19\n',
    'calc.go': 'package calc\n\nfunc Add(a, b int) int { return a - b }\n',
    'calc_test.go':
      'package calc\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(2, 3) != 5 {\n\t\tt.Fatal("no")\n\t}\n}\nfunc TestSame(t *testing.T) {}\n',
  };
  it('reads the events of go test -json', async () => {
    const { found, prepare, verify } = await open(files);
    expect(found.map((gate) => gate.name)).toEqual(['vet', 'test']);
    const { base } = await prepare();
    expect(base).toMatchObject({ expectedTests: 2, red: ['example.test/calc > TestAdd'] });
    const honest = await verify({ 'calc.go': files['calc.go'].replace('a - b', 'a + b') });
    expect(honest.reasons).toEqual([]);
    expect(honest).toMatchObject({ passed: true, redToGreen: ['example.test/calc > TestAdd'] });
    const exits = await verify({
      'calc.go':
        'package calc\n\nimport "os"\n\nfunc init() { os.Exit(0) }\n\nfunc Add(a, b int) int { return a - b }\n',
    });
    expect(exits.passed).toBe(false);
  });
});

describe.runIf(await has('make'))('make', () => {
  it('counts by exit code and says so', async () => {
    const { found, prepare, verify } = await open({
      Makefile: 'test:\n\t@sh check.sh\n',
      value: '1\n',
      'check.sh': 'test "$(cat value)" = 2\n',
    });
    expect(found).toMatchObject([{ argv: ['make', 'test'], parser: 'none' }]);
    expect((await prepare()).base).toMatchObject({ expectedTests: 0, red: ['test'] });
    const result = await verify({ value: '2\n' });
    expect(result).toMatchObject({ passed: true, redToGreen: ['test'] });
    expect(result.gates[0]?.notes.join()).toContain('Unparsed');
    expect(result.gates[0]?.canary).toEqual({ altered: 1, failed: 1, without: 0 });
  });
});

// Gates have a folder for temporary files of their own: from inside, a checkout of omk below the system's is not there.
const seenByGates = existsSync(join(modules, 'vitest')) && !modules.startsWith(`${tmpdir()}/`);
describe.runIf(seenByGates)('vitest', () => {
  it('reports through its own JSON reporter', async () => {
    const { found, prepare, verify } = await open(
      {
        'package.json': JSON.stringify({
          type: 'module',
          scripts: { test: 'vitest run' },
          devDependencies: { vitest: '*' },
        }),
        '.omk/gates.toml': `[[gates]]\nname = "install"\nkind = "setup"\ncommand = "ln"\nargs = ["-s", ${JSON.stringify(modules)}, "node_modules"]\noutputs = ["node_modules"]\n[[gates]]\nname = "test"\ncommand = "npm"\nargs = ["test"]\n`,
        'src/sum.js': 'export const add = (a, b) => a - b;\n',
        'src/sum.test.js':
          "import { expect, it, describe } from 'vitest';\nimport { add } from './sum.js';\ndescribe('sum', () => { it('adds', () => { expect(add(2, 3)).toBe(5); }); it('is', () => { expect(1).toBe(1); }); });\n",
      },
      { toolPath: `${dirname(await realpath(process.execPath))}${delimiter}${path}` },
    );
    expect(found[1]).toMatchObject({ argv: ['node_modules/.bin/vitest', 'run'], parser: 'vitest-json' });
    expect((await prepare()).base).toMatchObject({ expectedTests: 2, red: ['src/sum.test.js > sum > adds'] });
    const result = await verify({ 'src/sum.js': 'export const add = (a, b) => a + b;\n' });
    expect(result.reasons).toEqual([]);
    expect(result).toMatchObject({ passed: true, redToGreen: ['src/sum.test.js > sum > adds'] });
    const fakes = await verify({
      'src/sum.js': `console.log(JSON.stringify({ numTotalTests: 2, success: true, testResults: [] }));\nexport const add = (a, b) => a - b;\n`,
    });
    expect(fakes).toMatchObject({ passed: false, redToGreenCount: 0 });
  });
});

const installed = (script: string): Files => ({
  'package.json': JSON.stringify({ scripts: { test: script }, devDependencies: { runner: '*' } }),
  '.omk/gates.toml': `[[gates]]\nname = "install"\nkind = "setup"\ncommand = "ln"\nargs = ["-s", ${JSON.stringify(modules)}, "node_modules"]\noutputs = ["node_modules"]\n[[gates]]\nname = "test"\ncommand = "npm"\nargs = ["test"]\n`,
  'sum.js': 'exports.add = (a, b) => a - b;\n',
});
const nodePath = { toolPath: `${dirname(await realpath(process.execPath))}${delimiter}${path}` };

describe.runIf(existsSync(join(modules, 'jest')))('jest', () => {
  it('reports through its own JSON', async () => {
    const { found, prepare, verify } = await open(
      {
        ...installed('jest'),
        'sum.test.js':
          "const { add } = require('./sum.js');\ndescribe('sum', () => { it('adds', () => { expect(add(2, 3)).toBe(5); }); it.skip('later', () => {}); });\n",
      },
      nodePath,
    );
    expect(found[1]).toMatchObject({ argv: ['node_modules/.bin/jest'], parser: 'jest-json' });
    expect((await prepare()).base).toMatchObject({ expectedTests: 2, red: ['sum.test.js > sum > adds'] });
    const result = await verify({ 'sum.js': 'exports.add = (a, b) => a + b;\n' });
    expect(result.reasons).toEqual([]);
    expect(result).toMatchObject({ passed: true, redToGreen: ['sum.test.js > sum > adds'] });
    expect((await verify({ 'sum.js': 'process.exit(0);\n' })).passed).toBe(false);
  });
});

describe.runIf(existsSync(join(modules, 'mocha')))('mocha', () => {
  it('reports through its own JSON', async () => {
    const { found, prepare, verify } = await open(
      {
        ...installed('NODE_ENV=test mocha --reporter spec "spec/*.js" && echo done'),
        'spec/sum.js':
          "const assert = require('assert');\nconst { add } = require('../sum.js');\ndescribe('sum', () => { it('adds', () => { assert.strictEqual(add(2, 3), 5); }); it('pends'); });\n",
      },
      nodePath,
    );
    expect(found[1]).toMatchObject({ parser: 'mocha-json' });
    expect((await prepare()).base).toMatchObject({ expectedTests: 2, red: ['spec/sum.js > sum > adds'] });
    const result = await verify({ 'sum.js': 'exports.add = (a, b) => a + b;\n' });
    expect(result.reasons).toEqual([]);
    expect(result).toMatchObject({ passed: true, redToGreen: ['spec/sum.js > sum > adds'] });
    expect((await verify({ 'sum.js': 'process.exit(0);\n' })).passed).toBe(false);
  });
});

describe.runIf(await has('python3'))('unittest', () => {
  const files = {
    'setup.py': '',
    'calc.py': 'def add(a, b):\n    return a - b\n',
    'tests/test_calc.py':
      'import unittest\nfrom calc import add\n\nclass Adding(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 3), 5)\n    def test_parts(self):\n        for n in (1, 2):\n            with self.subTest(n=n):\n                self.assertTrue(n)\n    @unittest.skip("later")\n    def test_later(self):\n        pass\n',
    'tests/test_new.py':
      'import unittest\nfrom calc import mul\n\nclass New(unittest.TestCase):\n    def test_mul(self):\n        self.assertEqual(mul(2, 3), 6)\n',
  };
  const gates = [
    gate({
      name: 'test',
      argv: ['python3', '-m', 'unittest', 'discover', '-s', 'tests'],
      source: 'test',
    }),
  ];
  it('reports single tests and files that do not load', async () => {
    const { prepare, verify } = await open(files, { gates });
    const { base } = await prepare();
    expect(base).toMatchObject({
      expectedTests: 3,
      red: ['tests/test_calc.py > Adding > test_add', 'tests/test_new.py'],
    });
    const good = 'def add(a, b):\n    return a + b\n\ndef mul(a, b):\n    return a * b\n';
    const honest = await verify({ 'calc.py': good });
    expect(honest.reasons).toEqual([]);
    expect(honest).toMatchObject({ passed: true, redToGreenCount: 2 });
    expect(honest.gates[0]?.notes.join()).toContain('Canary: 2 of 2');
    const exits = await verify({ 'calc.py': `import os\nos._exit(0)\n${good}` });
    expect(exits.passed).toBe(false);
    const patched = await verify({
      'calc.py': `import unittest\nunittest.TestCase.assertEqual = lambda *a: None\n${good.replaceAll('*', '-').replaceAll('+', '-')}`,
    });
    expect(patched.findings.map((one) => one.rule)).toContain('canary.passed');
  });
});

describe('a script of its own', () => {
  const files = {
    'package.json': JSON.stringify({ scripts: { test: 'node check.js' } }),
    'check.js': "const assert = require('assert');\nassert.strictEqual(require('./sum.js').add(2, 3), 5);\n",
    'sum.js': 'exports.add = (a, b) => a - b;\n',
  };
  it('is judged by its exit code, and by what it does when its expectation is made wrong', async () => {
    const { found, prepare, verify } = await open(files);
    expect(found).toMatchObject([{ argv: ['node', 'check.js'], parser: 'none' }]);
    expect((await prepare()).base.red).toEqual(['test']);
    const honest = await verify({ 'sum.js': 'exports.add = (a, b) => a + b;\n' });
    expect(honest.reasons).toEqual([]);
    expect(honest).toMatchObject({ passed: true, redToGreen: ['test'] });
    const exits = await verify({ 'sum.js': 'process.exit(0);\n' });
    expect(exits.findings.map((one) => one.rule)).toContain('canary.passed');
    const edited = await verify({ 'check.js': '' });
    expect(edited).toMatchObject({ passed: false, lockedChanged: ['check.js'] });
  });

  it('around a runner is run by a shell, and the runner reports all the same', async () => {
    const { found, prepare, verify } = await open({
      ...files,
      'package.json': JSON.stringify({ scripts: { test: 'echo first && A=1 node --test && echo last' } }),
      'test/a.js':
        "const { test } = require('node:test');\nconst assert = require('assert');\ntest('adds', () => assert.strictEqual(require('../sum.js').add(2, 3), 5));\n",
    });
    expect(found).toMatchObject([{ parser: 'node-tap' }]);
    expect((await prepare()).base.red).toEqual(['test/a.js > adds']);
    expect(await verify({ 'sum.js': 'exports.add = (a, b) => a + b;\n' })).toMatchObject({
      passed: true,
      redToGreen: ['test/a.js > adds'],
    });
    expect((await verify({ 'sum.js': 'process.exit(0);\n' })).passed).toBe(false);
  });
});
