import type { GateParser } from '../../../shared/goal/gate-parser.ts';
import { commandsOf } from './script-words.ts';

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
export function ownRunner(words: readonly string[], context: RunnerContext): OwnRunner | null {
  const [program, ...rest] = words;
  if (program === undefined) return null;
  if (['npm', 'pnpm', 'yarn', 'bun'].includes(program)) return ofManager(words, context);
  if (program === 'npx' && rest[0]?.startsWith('-') === false) return runner(rest);
  if (program === 'sh' && rest[0] === '-c' && rest.length === 2) return ofBuildAndTest(rest[1] ?? '');
  return runner(words);
}

function runner(words: readonly string[]): OwnRunner | null {
  const [program = '', ...rest] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'node' || (name === 'tsx' && isLocal(program))) {
    if (!rest.includes('--test') || rest.includes('--watch')) return null;
    const args = withoutFlags(rest, ['--test-reporter', '--test-reporter-destination']);
    return { argv: [name === 'node' ? program : 'node_modules/.bin/tsx', ...args], parser: 'node-tap' };
  }
  if (isLocal(program)) {
    const local = localRunner(name, rest);
    if (local !== null) return { ...local, argv: [`node_modules/.bin/${name}`, ...local.argv] };
  }
  if (/^py\.?test$/.test(name)) return { argv: [program, ...rest], parser: 'pytest' };
  if (/^python[\d.]*$/.test(name) && rest[0] === '-m') {
    if (rest[1] === 'pytest') return { argv: [program, ...rest], parser: 'pytest' };
    if (rest[1] === 'unittest') return { argv: [program, ...rest], parser: 'unittest' };
  }
  if (name === 'cargo' && rest[0] === 'test' && !rest.some((word) => CARGO_SILENT.test(word)))
    return { argv: [program, ...rest], parser: 'cargo-test' };
  if (name === 'go' && rest[0] === 'test' && !rest.includes('-json') && !rest.includes('-c'))
    return { argv: [program, ...rest], parser: 'go-json' };
  if (name === 'bundle' && rest[0] === 'exec') {
    const own = runner(rest.slice(1));
    return own?.parser === 'rspec-json' ? { ...own, argv: [program, 'exec', ...own.argv] } : null;
  }
  if (name === 'rspec' && !rest.some((word) => RSPEC_OTHER.test(word)))
    return { argv: [program, ...withoutFlags(rest, RSPEC_OUTPUT)], parser: 'rspec-json' };
  const phpunit = name === 'php' ? rest.findIndex((word) => /(?:^|\/)phpunit$/.test(word)) : 0;
  if (phpunit >= 0 && /^php(?:unit)?$/.test(name) && !rest.some((word) => PHPUNIT_OTHER.test(word)))
    return { argv: [program, ...withoutFlags(rest, ['--log-junit'])], parser: 'phpunit-junit' };
  if (name === 'ctest' && !rest.some((word) => CTEST_OTHER.test(word)))
    return { argv: [program, ...rest.filter((word) => word !== '--stop-on-failure')], parser: 'ctest' };
  return null;
}

const CARGO_SILENT = /^(?:--no-run|--list|-q|--quiet|--message-format.*|--format.*)$/;
const RSPEC_OUTPUT = ['--format', '-f', '--out', '-o'];
/** With these, runners do something else than run every test once and say so. */
const RSPEC_OTHER = /^(?:--dry-run|--init|--bisect.*|--drb|-X|--version|-v|--help|-h)$/;
const PHPUNIT_OTHER =
  /^(?:--list-.*|--version|--help|-h|--generate-.*|--migrate-.*|--check-version|--warm-.*)$/;
const CTEST_OTHER =
  /^(?:-Q|--quiet|-N|--show-only.*|-T|--test-action|-D|--dashboard|-S|-SP|--script.*|-M|--test-model|--build-and-test|--repeat.*|--print-labels|--list-presets.*|--progress|--help.*|-H|--version)$/;

/** Runners among the installed packages; `argv` without the program. */
function localRunner(
  name: string,
  rest: readonly string[],
): { readonly argv: string[]; readonly parser: GateParser } | null {
  if (rest.some((word) => /^(?:watch|dev|--watch.*|-w|--ui)$/.test(word))) return null;
  switch (name) {
    case 'vitest': {
      const args = rest.filter((word) => word !== 'run' && word !== '--run');
      if (args.some((word) => /^(?:bench|list|related)$/.test(word))) return null;
      return { argv: ['run', ...withoutFlags(args, ['--reporter', '--outputFile'])], parser: 'vitest-json' };
    }
    case 'jest': {
      const args = withoutFlags(rest, ['--outputFile', '--reporters']).filter((word) => word !== '--json');
      return { argv: args, parser: 'jest-json' };
    }
    case 'mocha': {
      const args = withoutFlags(rest, ['--reporter', '-R', '--reporter-option', '--reporter-options', '-O']);
      return { argv: args, parser: 'mocha-json' };
    }
    case 'playwright': {
      if (rest[0] !== 'test' || rest.some((word) => /^(?:--list|--ui.*|--debug|-h|--help)$/.test(word)))
        return null;
      return { argv: withoutFlags(rest, ['--reporter']), parser: 'playwright-json' };
    }
    default:
      return null;
  }
}

/** The script of package.json that a command runs, with the arguments it hands on; `null` when it is no such command. */
export function calledScript(
  words: readonly string[],
  context: RunnerContext,
): { readonly name: string; readonly text: string; readonly args: readonly string[] } | null {
  const [manager = '', first, ...more] = words;
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(manager)) return null;
  const named = first === 'run' || first === 'run-script';
  if (!named && manager === 'bun') return null;
  const name = named ? more[0] : first === 't' ? 'test' : first;
  const args = named ? more.slice(1) : more;
  if (name === undefined || (!named && name !== 'test' && manager === 'npm')) return null;
  if (args.length > 0 && args[0] !== '--') return null;
  const text = Object.hasOwn(context.scripts, name) ? context.scripts[name] : null;
  return typeof text === 'string' ? { name, text, args: args.slice(1) } : null;
}

/** `npm test`, `yarn test`, `npm run test -- --flag`: what the script stands for, with what runs around it. */
function ofManager(words: readonly string[], context: RunnerContext): OwnRunner | null {
  const called = calledScript(words, context);
  if (called === null) return null;
  const { name, text: script, args } = called;
  const own = ofScript(script, args);
  if (own === null) return null;
  const around = ['pre', 'post'].map((hook) =>
    typeof context.scripts[`${hook}${name}`] === 'string' ? `npm run ${hook}${name}` : '',
  );
  return { ...withShell(own, around[0] ?? '', around[1] ?? ''), script };
}

/**
 * The one command of a script that is a runner, with the rest of the script around it left to a shell:
 * `tsc && NODE_ENV=test node --test` runs tsc first and gives node its variable.
 */
function ofScript(script: string, args: readonly string[]): OwnRunner | null {
  const commands = commandsOf(script);
  if (commands === null) return null;
  for (const [index, command] of commands.entries()) {
    if (command.words === null) continue;
    const own = runner([...command.words, ...(index === commands.length - 1 ? args : [])]);
    if (own === null) continue;
    const before = commands.slice(0, index).map((one) => one.text);
    const after = commands.slice(index + 1).map((one) => one.text);
    return withShell(own, before.join(' && '), after.join(' && '), command.assignments);
  }
  return null;
}

/**
 * `cmake --build build && ctest --test-dir build`: a build comes before ctest, and what it prints must not be taken for the report,
 * which is what ctest prints.
 */
function ofBuildAndTest(script: string): OwnRunner | null {
  const commands = commandsOf(script);
  const last = commands?.at(-1);
  if (commands === null || last === undefined || last.words === null || commands.length < 2) return null;
  const own = runner(last.words);
  if (own?.parser !== 'ctest') return null;
  const before = commands.slice(0, -1).map((one) => one.text);
  const run = `${last.assignments} "$@"`.trim();
  return {
    ...own,
    argv: ['sh', '-c', `{ ${before.join(' && ')}; } >&2 && ${run}`, 'sh', ...own.argv],
    script,
  };
}

const SHELL_PATH = 'PATH="$PWD/node_modules/.bin:$PATH"';

function withShell(own: OwnRunner, before: string, after: string, assignments = ''): OwnRunner {
  if (before === '' && after === '' && assignments === '') return own;
  const inner = shellPart(own.argv);
  const run = inner === null ? `${assignments === '' ? '' : `${assignments} `}"$@"` : `{ ${inner.script}; }`;
  const script = [before, run, after].filter((part) => part !== '').join(' && ');
  const text = script.startsWith(SHELL_PATH) ? script : `${SHELL_PATH}; ${script}`;
  return { ...own, argv: ['sh', '-c', text, 'sh', ...(inner?.argv ?? own.argv)] };
}

/** The runner's own argv inside `sh -c '… "$@"' sh RUNNER …`; `null` when the argv is not of that shape. */
export function shellPart(
  argv: readonly string[],
): { readonly script: string; readonly argv: [string, ...string[]] } | null {
  const [shell, flag, script, name, program, ...rest] = argv;
  if (shell !== 'sh' || flag !== '-c' || name !== 'sh' || script === undefined || program === undefined)
    return null;
  return script.includes('"$@"') ? { script, argv: [program, ...rest] } : null;
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
