import type { GateParser } from '../../../../shared/goal/vocabulary.ts';
import { parseCargoTest } from './cargo-test.ts';
import { parseGoJson } from './go-json.ts';
import { parseJestJson } from './jest-json.ts';
import { parseJunitXml } from './junit-xml.ts';
import { nodeReporterUrl } from './node-reporter.ts';
import { pytestLauncher } from './pytest-plugin.ts';
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
    case 'pytest': {
      const module = rest.indexOf('-m');
      // A folder or file named cacheprovider would be written into the tree, and coloured output helps nobody here.
      const args = ['-p', 'no:cacheprovider', ...(module === -1 ? rest : rest.slice(module + 2))];
      return [program, ...(module === -1 ? [] : rest.slice(0, module)), '-c', pytestLauncher, ...args];
    }
    case 'vitest-json':
      return [program, ...rest, '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
    case 'jest-json':
      return [program, ...rest, '--json', `--outputFile=${reportPath}`];
    case 'junit-xml':
      return [program, ...rest.map((arg) => arg.replaceAll('{report}', reportPath))];
    case 'cargo-test':
      // One stream, because the names of programs and their tests go to different ones and lose their order.
      return ['/bin/sh', '-c', 'exec "$@" 2>&1', 'sh', program, ...cargoArguments(rest)];
    case 'go-json':
      return [program, 'test', '-json', ...rest.slice(1)];
    case 'none':
      return [...argv];
  }
}

/** Without it, cargo stops after the first program with a red test and the others are never heard of. */
function cargoArguments(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  return [...own, ...(own.includes('--no-fail-fast') ? [] : ['--no-fail-fast']), ...args.slice(own.length)];
}

/** Some runners have no report but what they print. */
export const reportsOnStdout = (parser: GateParser): boolean =>
  parser === 'cargo-test' || parser === 'go-json';

export function parseReport(parser: Exclude<GateParser, 'none'>, text: string): ParsedReport {
  switch (parser) {
    case 'node-tap':
    case 'pytest':
      return parseTap(text);
    case 'vitest-json':
    case 'jest-json':
      return parseJestJson(text);
    case 'junit-xml':
      return parseJunitXml(text);
    case 'cargo-test':
      return parseCargoTest(text);
    case 'go-json':
      return parseGoJson(text);
  }
}
