import type { GateParser } from '../../../../shared/goal/vocabulary.ts';
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
    case 'none':
      return [...argv];
  }
}

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
  }
}
