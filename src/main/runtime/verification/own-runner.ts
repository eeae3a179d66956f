import type { GateParser } from '../../../shared/goal/vocabulary.ts';
import { scriptWords } from './script-words.ts';

export type OwnRunner = {
  readonly argv: [string, ...string[]];
  readonly parser: GateParser;
  /** Text of the package script that the command stands for. */
  readonly script?: string;
};

export type RunnerContext = {
  /** `scripts` of the package.json in the gate's folder; empty when there is none. */
  readonly scripts: Readonly<Record<string, unknown>>;
};

/**
 * The argv by which omk itself runs what a command means, where the runner can report single tests; `null` when the command
 * must run as it is written and counts by its exit code.
 */
export function ownRunner(words: readonly string[] | null, context: RunnerContext): OwnRunner | null {
  const [program, ...rest] = words ?? [];
  if (program === undefined) return null;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (program === 'npm' || program === 'pnpm' || program === 'yarn' || program === 'bun')
    return ofScript(program, rest, context);
  if (program === 'npx' && rest[0] !== undefined && !rest[0].startsWith('-')) return ownRunner(rest, context);
  if (name === 'node' && rest.includes('--test')) {
    if (rest.includes('--watch')) return null;
    return {
      argv: [program, ...withoutFlags(rest, ['--test-reporter', '--test-reporter-destination'])],
      parser: 'node-tap',
    };
  }
  if (name === 'vitest' && isLocal(program)) {
    const args = rest.filter((word) => word !== 'run' && word !== '--run');
    if (args.some((word) => /^(?:watch|dev|bench|list|related|--watch|-w|--ui)$/.test(word))) return null;
    return {
      argv: ['node_modules/.bin/vitest', 'run', ...withoutFlags(args, ['--reporter', '--outputFile'])],
      parser: 'vitest-json',
    };
  }
  if (name === 'jest' && isLocal(program)) {
    if (rest.some((word) => word.startsWith('--watch'))) return null;
    const args = withoutFlags(rest, ['--outputFile', '--reporters']).filter((word) => word !== '--json');
    return { argv: ['node_modules/.bin/jest', ...args], parser: 'jest-json' };
  }
  if (/^py\.?test$/.test(name)) return { argv: [program, ...rest], parser: 'pytest' };
  if (/^python[\d.]*$/.test(name) && rest[0] === '-m' && rest[1] === 'pytest')
    return { argv: [program, ...rest], parser: 'pytest' };
  if (
    name === 'cargo' &&
    rest[0] === 'test' &&
    !rest.some((word) => /^(?:--no-run|--list|-q|--quiet|--message-format.*|--format.*)$/.test(word))
  )
    return { argv: [program, ...rest], parser: 'cargo-test' };
  if (name === 'go' && rest[0] === 'test' && !rest.includes('-json') && !rest.includes('-c'))
    return { argv: [program, ...rest], parser: 'go-json' };
  return null;
}

/** `npm test`, `yarn test`, `npm run test -- --flag`: the script, when nothing else runs around it. */
function ofScript(manager: string, rest: readonly string[], context: RunnerContext): OwnRunner | null {
  const [first, ...more] = rest;
  const named = first === 'run' || first === 'run-script';
  if (!named && manager === 'bun') return null;
  const name = named ? more[0] : first === 't' ? 'test' : first;
  const args = named ? more.slice(1) : more;
  if (name === undefined || (!named && name !== 'test' && manager === 'npm')) return null;
  const passed = args[0] === '--' ? args.slice(1) : args;
  if (passed.length > 0 && args[0] !== '--') return null;
  const script = context.scripts[name];
  if (typeof script !== 'string') return null;
  if (['pre', 'post'].some((hook) => typeof context.scripts[`${hook}${name}`] === 'string')) return null;
  const words = scriptWords(script);
  if (words === null || ['npm', 'pnpm', 'yarn', 'bun'].includes(words[0] ?? '')) return null;
  const own = ownRunner([...words, ...passed], context);
  return own === null ? null : { ...own, script };
}

/** A bare name in a package script means the one among the installed packages. */
const isLocal = (program: string): boolean =>
  !program.includes('/') || /(?:^|\/)node_modules\/\.bin\/\w+$/.test(program);

function withoutFlags(words: readonly string[], flags: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (flags.some((flag) => word.startsWith(`${flag}=`))) continue;
    if (flags.includes(word)) i += 1;
    else kept.push(word);
  }
  return kept;
}
