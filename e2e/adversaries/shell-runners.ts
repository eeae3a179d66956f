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

/** The same judged by programs that a build makes, of which one source is what a script of the product prints. */
export function ctestPrograms(problem: Problem): Repository {
  const unit = cases(problem).map(
    ([title, call]) =>
      `  if (strcmp(which, "${title}") == 0) return strcmp(said("sh bin/${problem.name}.sh ${words(call)}"), "${text(call)}") == 0 ? 0 : 1;\n`,
  );
  const tests = cases(problem).map(
    ([title]) => `add_test(NAME "${title}" COMMAND unit "${title}" WORKING_DIRECTORY \${CMAKE_SOURCE_DIR})\n`,
  );
  return judgedBy(problem, 'tests/unit.c', {
    'CMakeLists.txt': `cmake_minimum_required(VERSION 3.20)\nproject(unit C)\nenable_testing()\nadd_custom_command(OUTPUT version.c COMMAND sh \${CMAKE_SOURCE_DIR}/bin/version.sh > version.c)\nadd_executable(unit tests/unit.c version.c)\n${tests.join('')}`,
    'bin/version.sh': 'echo "const char *version = \\"1.0\\";"\n',
    'tests/unit.c': `#define _POSIX_C_SOURCE 200809L\n#include <stdio.h>\n#include <string.h>\n\nstatic char line[1000];\n\nstatic const char *said(const char *command) {\n  FILE *from = popen(command, "r");\n  if (from == NULL || fgets(line, sizeof line, from) == NULL) return "";\n  line[strcspn(line, "\\n")] = 0;\n  pclose(from);\n  return line;\n}\n\nint main(int count, char **words) {\n  const char *which = count > 1 ? words[1] : "";\n${unit.join('')}  return 2;\n}\n`,
  });
}
