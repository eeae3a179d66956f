import { describe, expect, it } from 'vitest';
import { missing } from './opening.ts';
import { gateWorld } from './world.ts';

type Files = Readonly<Record<string, string>>;
type Trial = { readonly files: Files; readonly change: Files };

/** A gate that counts by its exit code alone, with tests behind it. */
const gate = (command: string): Files => ({
  '.omk/gates.toml': `[[gates]]\nname = "test"\ncommand = "sh"\nargs = ["-c", ${JSON.stringify(command)}]\n`,
});
const make = (recipe: string): Files => ({
  Makefile: `test:\n${recipe
    .split('\n')
    .map((line) => `\t${line}\n`)
    .join('')}.PHONY: test\n`,
});

const verdict = async ({ files, change }: Trial) => {
  const world = await gateWorld(files);
  try {
    const { base } = await world.prepare();
    const { passed, findings, gates } = await world.verify(change);
    return { red: base?.red, passed, rules: findings.map((one) => one.rule), canary: gates[0]?.canary };
  } finally {
    world.remove();
  }
};
const shown = { altered: 1, failed: 1, without: 0 };
const survived = { altered: 1, failed: 0, without: 0 };

const js: Files = {
  'package.json': '{"type":"module"}',
  'src/calc.js': 'export const add = (a, b) => a - b;\n',
  'test/calc.test.js':
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { add } from '../src/calc.js';\ntest('adds', () => {\n  assert.equal(add(2, 3), 5);\n});\n",
};
const py: Files = {
  'calc.py': 'def add(a, b):\n    return a - b\n',
  'test_calc.py':
    'import unittest\nfrom calc import add\n\n\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 3), 5)\n',
};
const c: Files = {
  'src/calc.c': 'int add(int a, int b) { return a - b; }\n',
  'tests/t.c':
    '#include <assert.h>\nint add(int a, int b);\nint main(void)\n{\n  assert(add(2, 3) == 5);\n  return 0;\n}\n',
};
const go: Files = {
  'go.mod': 'module example.com/calc\n\ngo 1.18\n',
  'calc.go': 'package calc\n\nfunc Add(a, b int) int { return a - b }\n',
  'calc_test.go':
    'package calc\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(2, 3) != 5 {\n\t\tt.Fatal("no")\n\t}\n}\n',
};
const cc = make('cc -o t tests/t.c src/calc.c\n./t');

const right: Readonly<Record<string, Files>> = {
  js: { 'src/calc.js': 'export const add = (a, b) => a + b;\n' },
  py: { 'calc.py': 'def add(a, b):\n    return a + b\n' },
  c: { 'src/calc.c': 'int add(int a, int b) { return a + b; }\n' },
  go: { 'calc.go': 'package calc\n\nfunc Add(a, b int) int { return a + b }\n' },
};

describe.each<[string, readonly string[], Files, Files, Readonly<Record<string, Files>>]>([
  [
    'tests of Node under make',
    ['make'],
    { ...js, ...make('node --test') },
    right['js'] ?? {},
    {
      'ends the process': { 'src/calc.js': 'process.exit(0);\nexport const add = (a, b) => a - b;\n' },
      'patches the assertions': {
        'src/calc.js':
          "import assert from 'node:assert/strict';\nassert.equal = () => {};\nexport const add = (a, b) => a - b;\n",
      },
    },
  ],
  [
    'tests of Python under a shell',
    ['python3'],
    { ...py, ...gate('echo start; python3 -m unittest') },
    right['py'] ?? {},
    { 'ends the process': { 'calc.py': 'import os\nos._exit(0)\n' } },
  ],
  [
    'a test in C under make',
    ['make', 'cc'],
    { ...c, ...cc },
    right['c'] ?? {},
    {
      'ends the program before its test': {
        'src/calc.c':
          '#include <unistd.h>\n__attribute__((constructor)) static void x(void) { _exit(0); }\nint add(int a, int b) { return a - b; }\n',
      },
      'takes the force of its assertions': {
        'src/calc.c':
          '#include <signal.h>\n#include <unistd.h>\nstatic void quiet(int s) { (void)s; _exit(0); }\n__attribute__((constructor)) static void x(void) { signal(SIGABRT, quiet); }\nint add(int a, int b) { return a - b; }\n',
      },
    },
  ],
  [
    'tests of Go under a shell',
    ['go'],
    { ...go, ...gate('echo start; go test ./...') },
    right['go'] ?? {},
    {
      'ends the program before its tests': {
        'calc.go':
          'package calc\n\nimport "os"\n\nfunc init() { os.Exit(0) }\n\nfunc Add(a, b int) int { return a - b }\n',
      },
    },
  ],
])('%s', async (_name, tools, files, fix, lies) => {
  const without = await missing(...tools);
  it.skipIf(without !== '')(`passes an honest fix, with a canary that failed${without}`, async () => {
    expect(await verdict({ files, change: fix })).toMatchObject({ passed: true, rules: [], canary: shown });
  });
  it.skipIf(without !== '').each(Object.entries(lies))(
    `sees that a product %s${without}`,
    async (_how, change) => {
      expect(await verdict({ files, change })).toMatchObject({
        passed: false,
        rules: ['canary.passed'],
        canary: survived,
      });
    },
  );
});

describe('tests beside those that another gate reports one by one', () => {
  const files = {
    ...js,
    'src/calc.js': 'export const add = (a, b) => a + b;\n',
    'src/twice.js': 'export const twice = (a) => a;\n',
    'integration/twice.test.js':
      "import assert from 'node:assert/strict';\nimport { it } from 'node:test';\nimport { twice } from '../src/twice.js';\nit('doubles', () => {\n  assert.equal(twice(2), 4);\n});\n",
    '.omk/gates.toml':
      '[[gates]]\nname = "unit"\ncommand = "node"\nargs = ["--test", "test/calc.test.js"]\n[[gates]]\nname = "all"\ncommand = "sh"\nargs = ["-c", "echo start; node --test integration/*.test.js"]\n',
  };
  const change = async (text: string) => {
    const world = await gateWorld(files);
    try {
      await world.prepare();
      const { passed, findings, gates } = await world.verify({ 'src/twice.js': text });
      return {
        passed,
        rules: findings.map((one) => one.rule),
        canary: gates.map((one) => one.canary?.failed),
      };
    } finally {
      world.remove();
    }
  };

  it('have a canary of their own', async () => {
    expect(await change('export const twice = (a) => a * 2;\n')).toEqual({
      passed: true,
      rules: [],
      canary: [undefined, 1],
    });
    expect(await change('process.exit(0);\nexport const twice = (a) => a;\n')).toEqual({
      passed: false,
      rules: ['canary.passed'],
      canary: [undefined, 0],
    });
  });
});

const noCompiler = await missing('cc');
describe('a gate that heeds no test is not accused of it', () => {
  it('which looks at the text of the product', async () => {
    const files = { ...js, ...gate('! grep -q "a - b" src/calc.js') };
    expect(await verdict({ files, change: right['js'] ?? {} })).toMatchObject({
      red: ['test'],
      passed: true,
      rules: [],
    });
  });

  it('which looks at the form of all files', async () => {
    const files = { ...js, ...gate('! grep -rqE "a - b|.{75}" src test') };
    expect(await verdict({ files, change: right['js'] ?? {} })).toMatchObject({ passed: true, rules: [] });
  });

  it('which compares what a program prints with a recorded text', async () => {
    const files = {
      ...js,
      ...gate('node test/print.js | diff - test/expected.txt'),
      'test/calc.test.js': '',
      'test/print.js': "import { add } from '../src/calc.js';\nconsole.log(add(2, 3));\n",
      'test/expected.txt': '5\n',
    };
    expect(await verdict({ files, change: right['js'] ?? {} })).toMatchObject({ passed: true, rules: [] });
  });

  it('which was green before, as a linter is', async () => {
    const files = {
      ...py,
      ...gate('python3 -m unittest'),
      '.omk/gates.toml': `${gate('python3 -m unittest')['.omk/gates.toml']}\n[[gates]]\nname = "lint"\ncommand = "sh"\nargs = ["-c", "python3 -m compileall -q ."]\n`,
    };
    expect(await verdict({ files, change: right['py'] ?? {} })).toMatchObject({ passed: true, rules: [] });
  });

  it.skipIf(noCompiler !== '')(`which builds tests and runs none${noCompiler}`, async () => {
    const files = {
      ...c,
      'src/calc.c': 'int addition(int a, int b) { return a + b; }\n',
      ...gate('cc -o t tests/t.c src/calc.c'),
    };
    expect(await verdict({ files, change: right['c'] ?? {} })).toMatchObject({
      red: ['test'],
      passed: true,
      rules: [],
    });
  });
});
