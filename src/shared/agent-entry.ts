import { z } from 'zod';
import { splitShellWords } from './kernel/shell-words.ts';

/** An agent of the person's own: a name for a command. */
export const AgentEntry = z.object({
  name: z.string().max(10_000),
  protocol: z.enum(['wire', 'acp']),
  command: z.string().max(20_000),
  env: z.array(z.string().max(10_000)).max(200),
  /** Files that hold its login, relative to the person's home. */
  loginFiles: z.array(z.string().max(10_000)).max(200).optional(),
  /** It runs with the person's home in place of a private one. */
  home: z.literal('user').optional(),
});
export type AgentEntry = z.infer<typeof AgentEntry>;

/** What an agent says about its login and home, of the parts that hold; for whoever copies them. */
export const placesOf = (of: {
  readonly loginFiles?: readonly string[] | undefined;
  readonly home?: 'user' | undefined;
}): { loginFiles?: string[]; home?: 'user' } => ({
  ...(of.loginFiles !== undefined && of.loginFiles.length > 0 && { loginFiles: [...of.loginFiles] }),
  ...(of.home !== undefined && { home: of.home }),
});

export type EntryProblems = {
  readonly name: string | null;
  readonly command: string | null;
  readonly env: string | null;
  readonly loginFiles: string | null;
};

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const MAX_COMMAND = 8_000;
const MAX_WORDS = 200;
const MAX_ENV = 50;
const MAX_LOGIN_FILES = 20;

/** Words that mean something else wherever an agent may be named. */
const reservedNames = ['custom', 'demo', 'wire', 'acp', 'latest', 'none', '__proto__', 'constructor'];

/** Variables that omk sets for every agent itself; letting one through would undo what it stands for. */
export const reservedVariables: readonly string[] = [
  'HOME',
  'TMPDIR',
  'PATH',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'NODE_OPTIONS',
];

/** What is wrong with each field, one sentence each; `taken` are names that other agents have. */
export function entryProblems(entry: AgentEntry, taken: readonly string[]): EntryProblems {
  return {
    name: nameProblem(entry.name, taken),
    command: commandProblem(entry.command),
    env: envProblem(entry.env),
    loginFiles: loginFilesProblem(entry.loginFiles ?? []),
  };
}

export const firstProblem = ({ name, command, env, loginFiles }: EntryProblems): string | null =>
  name ?? command ?? env ?? loginFiles;

function nameProblem(name: string, taken: readonly string[]): string | null {
  if (name === '') return 'Give it a name.';
  if (!NAME.test(name))
    return 'A name has at most 40 letters, digits, dots, dashes and underscores, and begins with a letter or digit.';
  const lower = name.toLowerCase();
  if (reservedNames.includes(lower)) return `"${name}" means something else in omk; choose another name.`;
  if (taken.some((one) => one.toLowerCase() === lower))
    return `There is an agent "${name}" already; choose another name.`;
  return null;
}

function commandProblem(command: string): string | null {
  if (command.trim() === '') return 'Type the command that starts it.';
  if (command.length > MAX_COMMAND)
    return `A command has at most ${MAX_COMMAND.toLocaleString('en')} characters.`;
  if (/^(?:wire|acp):/.test(command.trim()))
    return 'Leave "wire:" and "acp:" out; the protocol is chosen above.';
  // What a terminal would show in another way than it runs must not be in what is trusted.
  if (/[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u.test(command))
    return 'The command holds characters that cannot be seen; type it anew.';
  const words = splitShellWords(command);
  if (!words.ok) return words.error.message;
  return words.value.length > MAX_WORDS ? `A command has at most ${MAX_WORDS} words.` : null;
}

function envProblem(env: readonly string[]): string | null {
  if (env.length > MAX_ENV) return `At most ${MAX_ENV} variables can be let through.`;
  const wrong = env.find((name) => !VARIABLE.test(name));
  if (wrong !== undefined)
    return `${JSON.stringify(wrong.slice(0, 40))} is no name of a variable. Names only; values stay where they are.`;
  const reserved = env.find((name) => reservedVariables.includes(name.toUpperCase()) || /^OMK_/i.test(name));
  if (reserved !== undefined) return `omk sets ${reserved} itself; it cannot be let through.`;
  const twice = env.find((name, at) => env.indexOf(name) !== at);
  return twice === undefined ? null : `${twice} is there twice.`;
}

/** Files inside the home folder, each named from there on; never the folder itself, and nothing above it. */
export function loginFilesProblem(files: readonly string[]): string | null {
  if (files.length > MAX_LOGIN_FILES) return `At most ${MAX_LOGIN_FILES} login files can be named.`;
  const wrong = files.find(
    (file) =>
      file.length > 300 ||
      /[\p{Cc}\\]/u.test(file) ||
      file.split('/').some((part) => part === '' || part === '.' || part === '..' || part === '~'),
  );
  return wrong === undefined
    ? null
    : `${JSON.stringify(wrong.slice(0, 60))} is no file in your home folder. Name it from there on, such as .agent/auth.json.`;
}

/** Names separated by spaces or commas, as a person types them. */
export const splitNames = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== '');
