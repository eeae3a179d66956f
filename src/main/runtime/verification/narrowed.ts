import type { GateParser } from '../../../shared/goal/gate-parser.ts';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { shellPart } from './own-runner.ts';

/** Options by which a runner is told to run less than its argv says already. */
const CHOOSES =
  /^(?:-t|--testNamePattern|-g|--grep.*|-G|--fgrep|-f|-run|--filter|-R|-E|-I|-L|-e|--example.*|-k)(?:=|$)/;

/**
 * The same gate with these tests alone, as an ordinary option of its runner, which can only leave tests out; `null` where the runner
 * has no such option, or its argv chooses already.
 */
export function narrowed(gate: GateSpec, ids: readonly string[]): GateSpec | null {
  const titles = [...new Set(ids.map((id) => (id.split(' > ').at(-1) ?? '').replace(/ #\d+$/, '')))];
  const inShell = shellPart(gate.argv);
  const [program = '', ...rest] = inShell?.argv ?? gate.argv;
  if (titles.length === 0 || rest.some((word) => CHOOSES.test(word))) return null;
  const args = chosen(gate.parser, rest, titles);
  if (args === null) return null;
  const argv = [program, ...args];
  return { ...gate, argv: inShell === null ? argv : ['sh', '-c', inShell.script, 'sh', ...argv] };
}

function chosen(parser: GateParser, rest: readonly string[], titles: readonly string[]): string[] | null {
  const any = titles.map(escaped).join('|');
  switch (parser) {
    case 'vitest-json':
    case 'jest-json':
      return [...rest, '-t', `(?:${any})$`];
    case 'mocha-json':
    case 'playwright-json':
      return [...rest, '--grep', `(?:${any})$`];
    case 'phpunit-junit':
      return [...rest, '--filter', `/::(?:${any})(?: with data set .*)?$/`];
    case 'go-json':
      return [rest[0] ?? '', '-run', `^(?:${any})$`, ...rest.slice(1)];
    case 'ctest':
      return [...rest, '-R', `^(${any})$`];
    case 'node-tap':
      return ['--test-name-pattern', `^(?:${any})$`, ...rest];
    case 'pytest': {
      const names = [...new Set(titles.map((title) => title.replace(/\[.*$/s, '')))];
      return names.every((name) => /^\w+$/.test(name)) ? [...rest, '-k', names.join(' or ')] : null;
    }
    case 'unittest':
    case 'rspec-json':
    case 'cargo-test':
    case 'junit-xml':
    case 'none':
      return null;
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
