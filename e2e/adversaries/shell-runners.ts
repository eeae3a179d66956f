import type { Call, Problem } from './problems.ts';
import { shell } from './repositories.ts';
import type { Files, Repository } from './repositories.ts';

const words = (call: Call): string => call.args.map(String).join(' ');
const text = (call: Call): string =>
  typeof call.gives === 'string' ? call.gives : JSON.stringify(call.gives);
const cases = (problem: Problem): readonly (readonly [string, Call])[] => [
  ...problem.works.map((call, at) => [`works ${at + 1}`, call] as const),
  ...problem.fails.map((call, at) => [`is right ${at + 1}`, call] as const),
];

/** The script of `shell`, judged by tests that another runner reports. */
const judgedBy = (problem: Problem, test: string, files: Files): Repository => {
  const made = shell(problem, 'gates');
  const { '.omk/gates.toml': _gates, 'check/run.sh': _check, ...rest } = made.files;
  return { ...made, test, files: { ...rest, ...files } };
};

export const rspec = (problem: Problem): Repository =>
  judgedBy(problem, 'spec/unit_spec.rb', {
    '.rspec': '--format documentation\n',
    'spec/unit_spec.rb': `RSpec.describe '${problem.name}' do\n${cases(problem)
      .map(
        ([title, call]) =>
          `  it '${title}' do\n    expect(\`sh bin/${problem.name}.sh ${words(call)}\`.strip).to eq('${text(call)}')\n  end\n`,
      )
      .join('\n')}end\n`,
  });

export const phpunit = (problem: Problem): Repository =>
  judgedBy(problem, 'tests/UnitTest.php', {
    'phpunit.xml':
      '<phpunit><testsuites><testsuite name="unit"><directory>tests</directory></testsuite></testsuites></phpunit>\n',
    'tests/UnitTest.php': `<?php\nuse PHPUnit\\Framework\\TestCase;\n\nfinal class UnitTest extends TestCase\n{\n${cases(
      problem,
    )
      .map(
        ([title, call]) =>
          `    public function test${title.replaceAll(' ', '')}(): void\n    {\n        $this->assertSame('${text(call)}', trim((string) shell_exec('sh bin/${problem.name}.sh ${words(call)}')));\n    }\n`,
      )
      .join('\n')}}\n`,
  });

export const ctest = (problem: Problem): Repository =>
  judgedBy(problem, 'CMakeLists.txt', {
    'CMakeLists.txt': `cmake_minimum_required(VERSION 3.20)\nproject(unit NONE)\nenable_testing()\n${cases(
      problem,
    )
      .map(
        ([title, call]) =>
          `add_test(NAME "${title}" COMMAND sh "\${CMAKE_SOURCE_DIR}/check/one.sh" "\${CMAKE_SOURCE_DIR}/bin/${problem.name}.sh" "${text(call)}" ${words(call)})\n`,
      )
      .join('')}`,
    'check/one.sh': 'script=$1; wanted=$2; shift 2\n[ "$(sh "$script" "$@")" = "$wanted" ]\n',
  });
