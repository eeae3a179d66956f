import { shellCommands } from './shell-commands.ts';

/** What a command starts or loads, as far as its words say. */
export type Start =
  /** A file, or a pattern of files. */
  | { readonly type: 'file'; readonly path: string }
  /** A Python module, by its dotted name. */
  | { readonly type: 'module'; readonly name: string }
  /** All code in a folder, or of a Go package. */
  | { readonly type: 'folder'; readonly path: string }
  /** Text for a shell. */
  | { readonly type: 'text'; readonly text: string }
  /** Scripts of a package.json, by name or pattern: here, in a folder, or in any package (`null`). */
  | { readonly type: 'script'; readonly name: string; readonly dir: string | null; readonly args: string }
  | { readonly type: 'make'; readonly words: readonly string[] };

const SHELL = /^(?:sh|bash|dash|zsh|ksh|ash)$/;
/** Programs whose first plain argument is a program of the repository. */
const INTERPRETER =
  /^(?:sh|bash|dash|zsh|ksh|ash|node|nodejs|deno|bun|tsx|ts-node|python[\d.]*|ruby|perl|php|pwsh|lua|Rscript|source|\.)$/;
/** Programs all of whose file arguments are tests. */
const TEST_RUNNER =
  /^(?:vitest|jest|mocha|ava|tap|tape|pytest|py\.test|unittest|rspec|phpunit|playwright|bats|prove|busted)$/;
/** Options whose value is loaded into the process that judges, or configures it. */
const LOADED =
  /^(?:--(?:import|require|loader|experimental-loader|preload|config|setupFiles|globalSetup|test-global-setup|env-file|project|rcfile|bootstrap|configuration|conftest)|-r|-c|-p)$/;
/** Options of interpreters with a value that is no file. */
const VALUED = /^(?:-[XWmO]|--(?:conditions|input-type|test-(?:name-pattern|reporter|timeout))|-C)$/;
/** Programs that run the words after their own options. */
const WRAPPER =
  /^(?:npx|bunx|cross-env|cross-env-shell|env|time|exec|command|nohup|nice|timeout|xvfb-run|dotenv|c8|nyc|bundle|uv|uvx|poetry|pipenv|pdm|hatch|rye|pnpx|stdbuf|setsid|sudo|xargs|busybox)$/;
const WRAPPER_WORD = /^(?:exec|dlx|run|-.*|\w+=.*|\d+[smh]?)$/;
const MANAGER = /^(?:npm|pnpm|yarn|bun)$/;
/** Programs that run scripts of packages: by name, and in packages they choose. */
const SCRIPT_RUNNER = /^(?:run-s|run-p|npm-run-all2?|lerna|turbo|nx|wireit)$/;
const MAX_DEPTH = 8;

function isTestRunner([program = '', ...args]: readonly string[]): boolean {
  const name = nameOf(program);
  return (
    TEST_RUNNER.test(name) ||
    (INTERPRETER.test(name) && args.includes('--test')) ||
    (/^(?:deno|bun)$/.test(name) && args[0] === 'test')
  );
}

export function startedBy(words: readonly string[], depth = 0): Start[] {
  const [program = '', ...args] = words;
  const name = nameOf(program);
  if (depth > MAX_DEPTH) return [];
  const starts: Start[] = /\/|\.\w+$/.test(program) ? [file(program)] : [];
  for (const [index, arg] of args.entries()) {
    const [flag = '', value] = arg.split(/=(.*)/s);
    if (LOADED.test(flag) && !(SHELL.test(name) && flag === '-c'))
      starts.push(file(value ?? args[index + 1] ?? ''));
  }
  if (MANAGER.test(name)) return [...starts, ...ofManager(name, args, depth)];
  if (SCRIPT_RUNNER.test(name))
    return [
      ...starts,
      ...args
        .flatMap((arg) => /^(?:--target=|-t=)?([\w:*.-]+)$/.exec(arg)?.[1] ?? [])
        .filter((one) => !one.startsWith('-'))
        .flatMap((one): Start[] => [script(one, ''), script(one, null)]),
    ];
  if (name === 'concurrently')
    return args
      .filter((arg) => !arg.startsWith('-'))
      .map((arg) => (arg.startsWith('npm:') ? script(arg.slice(4), '') : { type: 'text', text: arg }));
  if (name === 'coverage') return [...starts, ...startedBy(['python', ...args.slice(1)], depth + 1)];
  if (WRAPPER.test(name)) {
    // Which words are values of the wrapper's own options is not known: the first that starts anything is the program.
    for (const at of args.keys()) {
      if (WRAPPER_WORD.test(args[at] ?? '')) continue;
      const inner = startedBy(args.slice(at), depth + 1);
      if (inner.length > 0) return [...starts, ...inner];
    }
    return starts;
  }
  if (/^g?make$/.test(name)) return [...starts, { type: 'make', words: args }];
  if (name === 'go' && args[0] === 'run') return [...starts, ...ofGo(args.slice(1))];
  if (name === 'cargo') return [...starts, ...ofCargo(args)];
  if (isTestRunner(words)) return [...starts, ...args.map(file), ...plugins(args)];
  if (!INTERPRETER.test(name)) return starts;
  return [...starts, ...ofInterpreter(name, args, depth)];
}

function ofInterpreter(name: string, args: readonly string[], depth: number): Start[] {
  if (SHELL.test(name)) {
    const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
    if (at >= 0 && args.slice(0, at).every((arg) => arg.startsWith('-') || arg.startsWith('+'))) {
      const [text = '', , ...rest] = args.slice(at + 1);
      // In `sh -c '… "$@"' sh PROGRAM …` the text runs the words that follow it.
      return [{ type: 'text', text }, ...(text.includes('$@') ? startedBy(rest, depth + 1) : [])];
    }
    if (args.some((arg) => /^-[a-z]*n[a-z]*$/.test(arg))) return []; // only read, never run
  }
  const module = args.indexOf('-m');
  if (module >= 0 && name.startsWith('python')) {
    const [of = '', ...rest] = args.slice(module + 1);
    if (TEST_RUNNER.test(of)) return [...rest.map(file), ...plugins(rest)];
    if (of === 'coverage') return startedBy(['python', ...rest.slice(1)], depth + 1);
    return [{ type: 'module', name: of }];
  }
  if (args.some((arg) => /^(?:-c|-e|-l|--check|--eval|-p|--print)$/.test(arg))) return [];
  const plain = args.filter(
    (arg, index) =>
      !arg.startsWith('-') && !LOADED.test(args[index - 1] ?? '') && !VALUED.test(args[index - 1] ?? ''),
  );
  const verb =
    /^(?:deno|bun)$/.test(name) && plain[0] === 'run' ? 1 : name === 'deno' && plain[0] === 'task' ? 2 : 0;
  const path = plain[verb];
  return path === undefined || verb === 2 ? [] : [file(path)];
}

/** Modules that pytest is told to load. */
function plugins(args: readonly string[]): Start[] {
  return args.flatMap((arg, index) =>
    arg === '-p' ? [{ type: 'module', name: args[index + 1] ?? '' } as const] : [],
  );
}

function ofManager(name: string, args: readonly string[], depth: number): Start[] {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const handed = end < 0 ? '' : args.slice(end + 1).join(' ');
  const everywhere = own.some((arg) =>
    /^(?:-w|-ws|-r|-F|--workspaces?(?:=.*)?|--recursive|--filter.*|workspaces?)$/.test(arg),
  );
  const given = own.flatMap((arg, index) => {
    const named = /^(?:--prefix|--dir|--cwd|-C)(?:=(.*))?$/.exec(arg);
    return named === null ? [] : [named[1] ?? own[index + 1] ?? ''];
  });
  const dir = everywhere ? null : (given[0] ?? '');
  let plain = own.filter(
    (arg, index) =>
      !arg.startsWith('-') &&
      !/^(?:-w|-F|-C|--workspace|--filter|--prefix|--dir|--cwd)$/.test(own[index - 1] ?? ''),
  );
  if (plain[0] === 'workspace') plain = plain.slice(2);
  if (plain[0] === 'workspaces') plain = plain.slice(plain[1] === 'foreach' ? 2 : 1);
  const [verb = '', ...rest] = plain;
  if (/^(?:exec|dlx|x)$/.test(verb))
    return startedBy(
      rest.length > 0 ? [...rest, ...args.slice(own.length + 1)] : args.slice(own.length + 1),
      depth + 1,
    );
  if (name === 'bun' && verb === 'test') return rest.map(file);
  if (/^(?:run|run-script|rum|urn)$/.test(verb)) {
    const [called = '', ...more] = rest;
    return [script(called, dir, [...more, handed].join(' ')), ...(name === 'bun' ? [file(called)] : [])];
  }
  const called = /^(?:t|tst)$/.test(verb) ? 'test' : verb;
  if (name === 'npm')
    return /^(?:test|start|stop|restart)$/.test(called) ? [script(called, dir, handed)] : [];
  return [script(called, dir, [...rest, handed].join(' ')), ...startedBy([...plain], depth + 1), file(verb)];
}

function ofGo(args: readonly string[]): Start[] {
  const plain = args.filter(
    (arg, index) => !arg.startsWith('-') && !/^-(?:tags|mod|exec|ldflags)$/.test(args[index - 1] ?? ''),
  );
  const files = plain.filter((arg) => arg.endsWith('.go'));
  return files.length > 0 ? files.map(file) : plain.slice(0, 1).map((path) => ({ type: 'folder', path }));
}

function ofCargo(args: readonly string[]): Start[] {
  if (args[0] === 'xtask') return [{ type: 'folder', path: 'xtask' }];
  if (args[0] !== 'run' && args[0] !== 'r') return [];
  return args.flatMap((arg, index): Start[] => {
    const named = args[index + 1] ?? '';
    if (arg === '--bin') return [file(`src/bin/${named}.rs`), { type: 'folder', path: `src/bin/${named}` }];
    if (arg === '--example') return [file(`examples/${named}.rs`)];
    return arg === '-p' || arg === '--package' ? [{ type: 'folder', path: named }] : [];
  });
}

/** Everything that some shell text starts, where it starts it. */
export function startedByText(text: string): {
  readonly start: Start;
  readonly captured: boolean;
  readonly dir: string | null;
  readonly words: readonly string[];
}[] {
  return shellCommands(text).flatMap(({ words, captured, dir }) =>
    startedBy(words).map((start) => ({ start, captured, dir, words })),
  );
}

const file = (path: string): Start => ({ type: 'file', path });
const script = (name: string, dir: string | null, args = ''): Start => ({
  type: 'script',
  name,
  dir,
  args: args.trim(),
});

export const nameOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1);
