import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { TreeEntry } from '../ports.ts';
import { manifestKind } from './locked.ts';
import { shellPart } from './own-runner.ts';

/** Programs whose first plain argument is a program of the repository. */
const INTERPRETER =
  /^(?:sh|bash|dash|zsh|node|nodejs|deno|bun|tsx|ts-node|python[\d.]*|ruby|perl|php|pwsh|lua)$/;
/** Programs all of whose file arguments are tests. */
const TEST_RUNNER =
  /^(?:vitest|jest|mocha|ava|tap|tape|c8|nyc|pytest|py\.test|unittest|rspec|phpunit|bats|prove)$/;
/** Options whose value is loaded into the process that judges, or configures it. */
const LOADED =
  /^(?:--(?:import|require|loader|experimental-loader|config|setupFiles|globalSetup|test-global-setup|env-file|project|rcfile)|-r|-c|-p)$/;

/**
 * Files of the tree that the gates' commands execute or load: they are oracle, whatever their name. Files that a command only
 * looks at (`eslint src/index.js`) are product, and so is everything that a probe runs.
 */
export function calledFiles(gates: readonly GateSpec[], entries: readonly TreeEntry[]): Set<string> {
  const paths = new Set(entries.map((entry) => entry.path));
  const called = new Set<string>();
  for (const gate of gates) {
    if (gate.kind === 'probe') continue;
    for (const words of commandsOfGate(gate))
      for (const word of executed(words)) {
        const path = normal(gate.cwd === '' ? word : `${gate.cwd}/${word}`);
        const found = /[*?[{]/.test(path) ? matching(path, entries) : paths.has(path) ? [path] : [];
        for (const one of found) if (manifestKind(one) === null) called.add(one);
      }
  }
  return called;
}

/** Paths that a shell or a runner would make of a pattern. */
function matching(glob: string, entries: readonly TreeEntry[]): string[] {
  const source = glob
    .replace(/[.+^$()|\\]/g, String.raw`\$&`)
    .replaceAll(/\*\*\/?/g, '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll(/\{([^{}]*)\}/g, (_, inner: string) => `(?:${inner.replaceAll(',', '|')})`)
    .replaceAll('\u0000', '(?:.*/)?');
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^${source}$`);
  } catch {
    return []; // no pattern after all, and no file has such a name
  }
  return entries.map((entry) => entry.path).filter((path) => pattern.test(path));
}

/** Names of the programs that a gate starts, as far as its words say. */
export function programsOf(gate: GateSpec): string[] {
  const names = commandsOfGate(gate).map((words) => words[0] ?? '');
  // What a package manager runs, it runs on node.
  if (names.some((name) => /^(?:npm|npx|pnpm|yarn)$/.test(name))) names.push('node');
  if (names.includes('cargo')) names.push('rustc');
  return [...new Set(names.filter((name) => /^[\w.+-]+$/.test(name)))].toSorted();
}

function commandsOfGate(gate: GateSpec): (readonly string[])[] {
  const inShell = shellPart(gate.argv);
  const shellText = gate.argv[1] === '-c' ? (gate.argv[2] ?? '') : '';
  return [
    gate.argv,
    ...commandsIn(gate.script ?? ''),
    ...commandsIn(shellText),
    ...(inShell === null ? [] : [inShell.argv]),
  ];
}

function executed(words: readonly string[]): string[] {
  const [program = '', ...args] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  const files = program.includes('/') ? [program] : [];
  for (const [index, arg] of args.entries()) {
    const [flag = '', value] = arg.split(/=(.*)/s);
    if (LOADED.test(flag)) files.push(value ?? args[index + 1] ?? '');
  }
  if (TEST_RUNNER.test(name) || (INTERPRETER.test(name) && args.includes('--test')))
    return [...files, ...args];
  if (['npx', 'pnpm', 'yarn', 'bunx', 'cross-env', 'env', 'time', 'exec', 'command'].includes(name)) {
    const rest = args.filter((arg) => !/^(?:exec|dlx|--|-y|\w+=.*)$/.test(arg));
    return [...files, ...executed(rest)];
  }
  if (!INTERPRETER.test(name) || args.some((arg) => arg === '-c' || arg === '-e' || arg === '--check'))
    return files;
  const script = args.find((arg, index) => !arg.startsWith('-') && !LOADED.test(args[index - 1] ?? ''));
  return script === undefined || args.includes('-m') ? files : [...files, script];
}

/** The simple commands of a shell text, roughly: enough to see which files it starts. */
function commandsIn(script: string): string[][] {
  return script
    .split(/&&|\|\||[;|&\n()`]/)
    .map((part) =>
      [...part.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(
        (match) => match[1] ?? match[2] ?? match[3] ?? '',
      ),
    )
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))))
    .filter((words) => words.length > 0);
}

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
