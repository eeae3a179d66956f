import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { testStub } from '../../src/main/runtime/verification/test-stubs.ts';
import { missing } from './opening.ts';

const NODE = process.execPath;

/** Exit code of the command with the stub in the place of this file. */
async function exitWith(
  ends: 'passing' | 'failing',
  path: string,
  text: string,
  [program, ...args]: readonly [string, ...string[]],
  more: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'omk-stub-'));
  try {
    const stub = testStub(path, text, ends);
    expect(stub).not.toBeNull();
    for (const [name, content] of Object.entries({ ...more, [path]: stub ?? '' })) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const env = {
      HOME: folder,
      GOFLAGS: '-mod=mod',
      GOCACHE: join(folder, '.cache'),
      NODE_TEST_CONTEXT: undefined,
    };
    const { exitCode } = await execa(program, args, { cwd: folder, reject: false, env });
    return exitCode;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const cases: readonly {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly command: readonly [string, ...string[]];
  readonly more?: Readonly<Record<string, string>>;
}[] = [
  {
    name: 'Node’s own runner',
    path: 'a.test.mjs',
    text: "import { it } from 'node:test';\nimport { f } from './f.js';\nit('x', () => f());",
    command: [NODE, '--test'],
  },
  {
    name: 'the same without modules',
    path: 'a.test.js',
    text: "const test = require('node:test');\ntest('x', () => {});",
    command: [NODE, '--test'],
  },
  { name: 'a plain script', path: 'check.js', text: 'if (f() !== 3) throw 1;', command: [NODE, 'check.js'] },
  {
    name: 'unittest',
    path: 'test_a.py',
    text: 'import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n',
    command: ['python3', '-m', 'unittest'],
  },
  {
    name: 'a file of unittest by itself',
    path: 'test_a.py',
    text: 'class A(unittest.TestCase):\n    def test_a(self): pass\nunittest.main()\n',
    command: ['python3', 'test_a.py'],
  },
  {
    name: 'pytest',
    path: 'test_a.py',
    text: 'def test_a():\n    assert f() == 3\n',
    command: ['pytest-3', '-p', 'no:cacheprovider'],
  },
  {
    name: 'a script of Python',
    path: 'check.py',
    text: 'if f() != 3: raise ValueError\n',
    command: ['python3', 'check.py'],
  },
  {
    name: 'go test',
    path: 'a_test.go',
    text: 'package a\n\nimport "testing"\n',
    command: ['go', 'test', './...'],
    more: { 'go.mod': 'module example.com/a\n\ngo 1.18\n', 'a.go': 'package a\n' },
  },
  { name: 'RSpec', path: 'spec/a_spec.rb', text: "it 'x' do\nend\n", command: ['rspec'] },
  {
    name: 'a script of Ruby',
    path: 'check.rb',
    text: 'abort unless f == 3\n',
    command: ['ruby', 'check.rb'],
  },
  {
    name: 'PHPUnit',
    path: 'ATest.php',
    text: '<?php\nnamespace A;\nuse PHPUnit\\Framework\\TestCase;\nclass ATest extends TestCase {}\n',
    command: ['phpunit', 'ATest.php'],
  },
  {
    name: 'a script of PHP',
    path: 'check.php',
    text: '<?php if (f() != 3) exit(1);',
    command: ['php', 'check.php'],
  },
  { name: 'Perl', path: 't/a.t', text: 'ok(1);\n', command: ['prove', 't/a.t'] },
  { name: 'a shell', path: 'check', text: '#!/bin/sh\n[ "$(f)" = 3 ]\n', command: ['sh', 'check'] },
  {
    name: 'a program in C',
    path: 't.c',
    text: 'int main(void) { return f(); }',
    command: ['sh', '-c', 'cc -o t t.c && ./t'],
  },
  {
    name: 'a program in C++',
    path: 't.cc',
    text: 'int main() { return f(); }',
    command: ['sh', '-c', 'c++ -o t t.cc && ./t'],
  },
];

const played = await Promise.all(
  cases.map(async (one) => {
    const tools = one.name.includes(' in C') ? ['cc', 'c++'] : [one.command[0]];
    return { ...one, without: one.command[0] === NODE ? '' : await missing(...tools) };
  }),
);

describe('a test that knows nothing of the product', () => {
  for (const { name, path, text, command, more = {}, without } of played)
    it.skipIf(without !== '')(`passes or fails as it is told: ${name}${without}`, async () => {
      expect(await exitWith('passing', path, text, command, more)).toBe(0);
      expect(await exitWith('failing', path, text, command, more)).not.toBe(0);
    });

  it.each([
    [
      'vitest',
      "import { expect, test } from 'vitest';\ntest('x', () => {});",
      "import { test } from 'vitest';",
    ],
    ['globals', "describe('x', () => {\n  it('y', () => {});\n});", "it('canary', () => {"],
    ['ava', "import test from 'ava';\ntest('x', (t) => t.pass());", "import test from 'ava';"],
  ])('has the form of its file: %s', (_name, text, first) => {
    for (const ends of ['passing', 'failing'] as const)
      expect(testStub('test/a.test.js', text, ends)?.split('\n')[0]).toBe(first);
  });

  it.each([
    ['a.txt', 'f(1) == 3'],
    ['tests/help.c', 'int same(int a, int b) { return a == b; }'],
    ['help.go', 'package a'],
    ['src/help.rs', 'fn f() {}'],
  ])('is not made of %s', (path, text) => {
    expect(testStub(path, text, 'failing')).toBeNull();
  });
});
