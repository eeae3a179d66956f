import type { Call, Problem } from './problems.ts';

/** Path → text; a link or a mode where it matters. */
export type Files = Readonly<Record<string, string | { readonly link: string }>>;

export type Repository = {
  readonly files: Files;
  /** The one product file that has the bug, and its two texts. */
  readonly product: string;
  readonly good: string;
  readonly bad: string;
  readonly test: string;
  /** Asks the function of a checkout for something no test shows: prints what it gives, one line a call. */
  readonly ask: { readonly argv: readonly string[]; readonly lines: readonly string[] };
};

/** The text of a file of a repository; a link has none. */
export function textIn({ files }: Repository, path: string): string {
  const file = files[path];
  return typeof file === 'string' ? file : '';
}

const argsOf = (call: Call): string => call.args.map((arg) => JSON.stringify(arg)).join(', ');
const line = (call: Call): string =>
  typeof call.gives === 'string' ? call.gives : JSON.stringify(call.gives);

export const jsTest = (
  problem: Problem,
  from = '../src/',
): string => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ${problem.name} } from '${from}${problem.name}.js';

${problem.works.map((call, at) => `test('works ${at + 1}', () => {\n  assert.deepEqual(${problem.name}(${argsOf(call)}), ${JSON.stringify(call.gives)});\n});\n`).join('\n')}
${problem.fails.map((call, at) => `test('is right ${at + 1}', () => {\n  assert.deepEqual(${problem.name}(${argsOf(call)}), ${JSON.stringify(call.gives)});\n});\n`).join('\n')}`;

/** A package whose tests run on Node alone. */
export function node(problem: Problem, more: Files = {}): Repository {
  const { name } = problem;
  const calls = problem.hidden.map((call) => `console.log(m.${name}(${argsOf(call)}));`).join(' ');
  return {
    files: {
      'package.json': `${JSON.stringify({ name, version: '1.0.0', private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
      'README.md': `# ${name}\n`,
      [`src/${name}.js`]: problem.js.bad,
      [`test/${name}.test.js`]: jsTest(problem),
      ...more,
    },
    product: `src/${name}.js`,
    good: problem.js.good,
    bad: problem.js.bad,
    test: `test/${name}.test.js`,
    ask: {
      argv: [
        process.execPath,
        '--input-type=module',
        '-e',
        `const m = await import('./src/${name}.js'); ${calls}`,
      ],
      lines: problem.hidden.map(line),
    },
  };
}

const pyValue = (value: unknown): string =>
  value === true ? 'True' : value === false ? 'False' : JSON.stringify(value);
const pyArgs = (call: Call): string => call.args.map(pyValue).join(', ');

/** A Python module with tests for `runner`. */
export function python(problem: Problem, runner: 'pytest' | 'unittest', more: Files = {}): Repository {
  const { name } = problem;
  const cases = [
    ...problem.works.map((call, at) => [`test_works_${at + 1}`, call] as const),
    ...problem.fails.map((call, at) => [`test_is_right_${at + 1}`, call] as const),
  ];
  const test =
    runner === 'pytest'
      ? `import pytest  # noqa: F401\nfrom ${name} import ${name}\n\n\n${cases.map(([title, call]) => `def ${title}():\n    assert ${name}(${pyArgs(call)}) == ${pyValue(call.gives)}\n`).join('\n\n')}`
      : `import unittest\nfrom ${name} import ${name}\n\n\nclass Tests(unittest.TestCase):\n${cases.map(([title, call]) => `    def ${title}(self):\n        self.assertEqual(${name}(${pyArgs(call)}), ${pyValue(call.gives)})\n`).join('\n')}`;
  const calls = problem.hidden
    .map((call) => `print(json.dumps(v) if not isinstance(v := ${name}(${pyArgs(call)}), str) else v)`)
    .join('\n');
  return {
    files: {
      [`${name}.py`]: problem.py.bad,
      [`test_${name}.py`]: test,
      'README.md': `# ${name}\n`,
      ...(runner === 'pytest' ? { 'pytest.ini': '[pytest]\n' } : { 'setup.cfg': '[metadata]\nname = x\n' }),
      ...more,
    },
    product: `${name}.py`,
    good: problem.py.good,
    bad: problem.py.bad,
    test: `test_${name}.py`,
    ask: {
      argv: [
        'python3',
        '-c',
        `import json, sys\nsys.path.insert(0, '.')\nfrom ${name} import ${name}\n${calls}`,
      ],
      lines: problem.hidden.map(line),
    },
  };
}

/** A shell script with a checking script, started by \`.omk/gates.toml\` or by make. */
export function shell(problem: Problem, by: 'gates' | 'make', more: Files = {}): Repository {
  const { name } = problem;
  const words = (call: Call): string => call.args.map(String).join(' ');
  const checks = [...problem.works, ...problem.fails]
    .map(
      (call) =>
        `[ "$(sh bin/${name}.sh ${words(call)})" = "${line(call)}" ] || { echo "${words(call)} is wrong"; exit 1; }`,
    )
    .join('\n');
  return {
    files: {
      [`bin/${name}.sh`]: problem.sh.bad,
      'check/run.sh': `set -u\n${checks}\n`,
      'README.md': `# ${name}\n`,
      ...(by === 'gates'
        ? { '.omk/gates.toml': '[[gates]]\nname = "check"\ncommand = "sh"\nargs = ["check/run.sh"]\n' }
        : { Makefile: 'test:\n\tsh check/run.sh\n' }),
      ...more,
    },
    product: `bin/${name}.sh`,
    good: problem.sh.good,
    bad: problem.sh.bad,
    test: 'check/run.sh',
    ask: {
      argv: ['sh', '-c', problem.hidden.map((call) => `sh bin/${name}.sh ${words(call)}`).join('\n')],
      lines: problem.hidden.map(line),
    },
  };
}

const rust = (call: Call): string => `${call.args.map(String).join(', ')}`;

/** A crate without dependencies, its tests in a folder of their own. */
export function crate(problem: Problem, more: Files = {}): Repository {
  const { name } = problem;
  const tests = [...problem.works, ...problem.fails]
    .map(
      (call, at) =>
        `#[test]\nfn case_${at + 1}() {\n    assert_eq!(unit::${name}(${rust(call)}), ${JSON.stringify(call.gives)});\n}\n`,
    )
    .join('\n');
  const calls = problem.hidden.map((call) => `println!("{}", unit::${name}(${rust(call)}));`).join(' ');
  return {
    files: {
      'Cargo.toml': '[package]\nname = "unit"\nversion = "0.1.0"\nedition = "2021"\n',
      'Cargo.lock': 'version = 3\n\n[[package]]\nname = "unit"\nversion = "0.1.0"\n',
      '.gitignore': 'target\n',
      'src/lib.rs': problem.rs.bad,
      [`tests/${name}.rs`]: tests,
      ...more,
    },
    product: 'src/lib.rs',
    good: problem.rs.good,
    bad: problem.rs.bad,
    test: `tests/${name}.rs`,
    ask: {
      argv: [
        'sh',
        '-c',
        `mkdir -p examples && printf '%s' 'fn main() { ${calls} }' > examples/ask.rs && cargo run -q --offline --example ask`,
      ],
      lines: problem.hidden.map(line),
    },
  };
}

/** A Go module without dependencies. */
export function goModule(problem: Problem, more: Files = {}): Repository {
  const fn = problem.name[0]?.toUpperCase() + problem.name.slice(1);
  const source = (text: string): string =>
    `package unit\n\n${text.includes('fmt.') ? 'import "fmt"\n\n' : ''}${text}`;
  const tests = [...problem.works, ...problem.fails]
    .map(
      (call, at) =>
        `func TestCase${at + 1}(t *testing.T) {\n\tif got := ${fn}(${rust(call)}); got != ${JSON.stringify(call.gives)} {\n\t\tt.Errorf("got %v", got)\n\t}\n}\n`,
    )
    .join('\n');
  const calls = problem.hidden.map((call) => `fmt.Println(unit.${fn}(${rust(call)}))`).join('; ');
  return {
    files: {
      'go.mod': 'module example.com/unit\n\ngo 1.20\n',
      [`${problem.name}.go`]: source(problem.go.bad),
      [`${problem.name}_test.go`]: `package unit\n\nimport "testing"\n\n${tests}`,
      ...more,
    },
    product: `${problem.name}.go`,
    good: source(problem.go.good),
    bad: source(problem.go.bad),
    test: `${problem.name}_test.go`,
    ask: {
      argv: [
        'sh',
        '-c',
        `mkdir -p ask && printf '%s' 'package main; import ("fmt"; "example.com/unit"); func main() { ${calls} }' > ask/main.go && go run ./ask`,
      ],
      lines: problem.hidden.map(line),
    },
  };
}

/** The same judged by the exit code of a command alone, behind which its tests are run. */
export function behind(made: Repository, command: string): Repository {
  const { 'package.json': manifest, ...files } = made.files;
  return {
    ...made,
    files: {
      ...files,
      ...(manifest === undefined
        ? {}
        : { 'package.json': '{"name":"unit","private":true,"type":"module"}\n' }),
      '.omk/gates.toml': `[[gates]]\nname = "test"\ncommand = "sh"\nargs = ["-c", ${JSON.stringify(`echo start; ${command}`)}]\n`,
    },
  };
}
