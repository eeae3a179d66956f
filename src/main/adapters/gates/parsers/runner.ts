import type { GateParser } from '../../../../shared/goal/gate-parser.ts';
import { shellPart } from '../../../runtime/verification/own-runner.ts';
import { parseCargoTest } from './cargo-test.ts';
import { parseCtest } from './ctest.ts';
import { parseGoJson } from './go-json.ts';
import { parseJestJson } from './jest-json.ts';
import { parseJunitXml } from './junit-xml.ts';
import { nodeReporterUrl } from './node-reporter.ts';
import { parseMochaJson } from './mocha-json.ts';
import { parsePlaywrightJson } from './playwright-json.ts';
import { pytestLauncher, unittestLauncher } from './python-launchers.ts';
import { parseRspecJson } from './rspec-json.ts';
import { parseTap } from './tap.ts';
import type { ParsedReport } from './types.ts';

/** Descriptor of the report pipe in the child. Its path is the same for everybody and says nothing about where it leads. */
export const REPORT_FD = 3;
const reportPath = `/dev/fd/${REPORT_FD}`;

/**
 * The argv that makes a runner report single tests to our pipe. `{report}` in an argument of a gate that names a parser is
 * replaced by the path of that pipe.
 */
export function instrumented(
  parser: GateParser,
  argv: readonly [string, ...string[]],
): [string, ...string[]] {
  const inShell = shellPart(argv);
  if (inShell !== null && parser !== 'cargo-test')
    return ['/bin/sh', '-c', inShell.script, 'sh', ...instrumented(parser, inShell.argv)];
  const [program, ...rest] = argv;
  switch (parser) {
    case 'node-tap':
      return [
        program,
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        `--test-reporter=${nodeReporterUrl}`,
        '--test-reporter-destination=stderr',
        ...rest,
      ];
    case 'pytest':
      // Without the last, one file that cannot be collected keeps all others from being run.
      return launched(program, rest, 'pytest', pytestLauncher, [
        '-p',
        'no:cacheprovider',
        '--continue-on-collection-errors',
      ]);
    case 'unittest':
      return launched(program, rest, 'unittest', unittestLauncher, []);
    case 'mocha-json':
      return [program, ...rest, '--reporter=json', `--reporter-option=output=${reportPath}`];
    case 'vitest-json':
      return [program, ...rest, '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
    case 'jest-json':
      return [program, ...rest, '--json', `--outputFile=${reportPath}`];
    case 'playwright-json':
      // Only the environment names its destination, and it opens what it is given in the runner's own process.
      return [
        '/usr/bin/env',
        `PLAYWRIGHT_JSON_OUTPUT_NAME=${reportPath}`,
        program,
        ...rest,
        '--reporter=json',
      ];
    case 'rspec-json':
      return [program, ...rest, '--format=progress', '--format=json', `--out=${reportPath}`];
    case 'phpunit-junit':
      // PHP resolves the links of an ordinary path, and a pipe has no other name.
      return [program, ...rest, '--log-junit', `php://fd/${REPORT_FD}`];
    case 'junit-xml':
      return [program, ...rest.map((arg) => arg.replaceAll('{report}', reportPath))];
    case 'cargo-test':
      // One stream, because the names of programs and their tests go to different ones and lose their order.
      return ['/bin/sh', '-c', 'exec "$@" 2>&1', 'sh', program, ...cargoArguments(rest)];
    case 'go-json':
      return [program, 'test', '-json', ...rest.slice(1)];
    case 'ctest':
    case 'none':
      return [...argv];
  }
}

/** `python [flags] -m MODULE …` with our launcher in place of the module. */
function launched(
  python: string,
  args: readonly string[],
  module: string,
  code: string,
  more: readonly string[],
): [string, ...string[]] {
  const at = args.findIndex((arg, index) => arg === '-m' && args[index + 1] === module);
  const [before, after] = at === -1 ? [[], args] : [args.slice(0, at), args.slice(at + 2)];
  return [python, ...before, '-c', code, ...more, ...after];
}

/** Without it, cargo stops after the first program with a red test and the others are never heard of. */
function cargoArguments(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  return [...own, ...(own.includes('--no-fail-fast') ? [] : ['--no-fail-fast']), ...args.slice(own.length)];
}

/** Some runners have no report but what they print. */
export const reportsOnStdout = (parser: GateParser): boolean =>
  parser === 'cargo-test' || parser === 'go-json' || parser === 'ctest';

export function parseReport(parser: Exclude<GateParser, 'none'>, text: string): ParsedReport {
  switch (parser) {
    case 'node-tap':
    case 'pytest':
    case 'unittest':
      return parseTap(text);
    case 'mocha-json':
      return parseMochaJson(text);
    case 'vitest-json':
    case 'jest-json':
      return parseJestJson(text);
    case 'playwright-json':
      return parsePlaywrightJson(text);
    case 'rspec-json':
      return parseRspecJson(text);
    case 'phpunit-junit':
    case 'junit-xml':
      return parseJunitXml(text);
    case 'cargo-test':
      return parseCargoTest(text);
    case 'ctest':
      return parseCtest(text);
    case 'go-json':
      return parseGoJson(text);
  }
}
