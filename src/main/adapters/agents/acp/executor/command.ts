import { basename } from 'node:path';
import { fields, list, text } from '../foreign.ts';

/** A `terminal/create` as omk understands it. */
export type AskedCommand = {
  /** Run as it is; a program and its arguments, or a line for a shell. */
  readonly argv: readonly [string, ...string[]];
  /** As a person reads it: the line itself, without the shell around it. */
  readonly shown: string;
  /** Where it runs, as the agent named it; `null`: in the worktree. */
  readonly cwd: string | null;
  /** Variables the agent sets for it. */
  readonly env: Readonly<Record<string, string>>;
};

/** What an agent says about its output is harmless; any other variable is part of the command and shown with it. */
const quiet = new Set([
  'NO_COLOR',
  'TERM',
  'GIT_TERMINAL_PROMPT',
  'SHELL',
  'CI',
  'PAGER',
  'GIT_PAGER',
  'LANG',
]);
/** Names omk sets itself. */
const own = new Set(['HOME', 'TMPDIR', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM']);

/** `null`: there is no command in it. */
export function readCommand(params: unknown): AskedCommand | null {
  const p = fields(params);
  const program = text(p['command']);
  if (program === null || program.trim() === '' || program.includes('\0')) return null;
  const args = list(p['args']).filter((word) => typeof word === 'string');
  const env = Object.fromEntries(
    list(p['env'])
      .map((entry) => [text(fields(entry)['name']) ?? '', text(fields(entry)['value']) ?? ''] as const)
      .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !own.has(name)),
  );
  const { line, cwd } = withoutFolder(shellLine(program, args));
  const set = Object.entries(env)
    .filter(([name]) => !quiet.has(name))
    .map(([name, value]) => `${name}=${word(value)} `);
  return {
    // Some agents send a whole line and no arguments; no program has a name with blanks in it.
    argv: args.length === 0 && /\s/.test(program) ? ['/bin/sh', '-c', program] : [program, ...args],
    shown: set.join('') + line,
    cwd: cwd ?? text(p['cwd']),
    env,
  };
}

function shellLine(program: string, args: readonly string[]): string {
  const [flag, script] = args;
  const isShell = /^(?:ba|da|z|k)?sh$/.test(basename(program));
  if (isShell && args.length === 2 && (flag === '-c' || flag === '-lc') && script !== undefined)
    return script;
  if (args.length === 0) return program;
  return [program, ...args].map(word).join(' ');
}

/** Kimi Code begins every line with the folder it runs in. */
function withoutFolder(line: string): { readonly line: string; readonly cwd: string | null } {
  const found = /^cd '((?:[^']|'\\'')*)' && /.exec(line);
  if (found?.[1] === undefined) return { line, cwd: null };
  return { line: line.slice(found[0].length), cwd: found[1].replaceAll("'\\''", "'") };
}

const word = (value: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
