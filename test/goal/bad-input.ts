import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, vi } from 'vitest';
import { leftovers, makeWorld, runArgs } from './omk.ts';
import type { Ended, World } from './omk.ts';

/** Gives worlds, and after each test sees that nothing runs in them any more before they are removed. */
export function worlds(): (env?: Readonly<Record<string, string>>) => World {
  // Several whole goals in one test, on a machine that may be busy with others.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
  const made: World[] = [];
  afterEach(() => {
    for (const one of made.splice(0)) {
      const left = leftovers(one);
      // After a time-out the command still runs; what it started ends with it.
      for (const line of left) tryKill(Number.parseInt(line, 10));
      one.cleanup();
      expect(left).toEqual([]);
    }
  });
  return (env) => {
    const one = makeWorld(env);
    made.push(one);
    return one;
  };
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone with its parent
  }
}

/** The demonstration agent plays `script` in another folder than the world's repository. */
export const runIn = (world: World, repo: string, ...more: string[]): string[] =>
  runArgs({ ...world, repo }, 'honest', ...more);

/** Replaces the value of a flag, or the goal's text where `flag` is `text`. */
export function changed(args: readonly string[], flag: string, value: string): string[] {
  const at = flag === 'text' ? 1 : args.indexOf(flag);
  return args.map((arg, index) => (index === at + 1 ? value : arg));
}

/** One sentence for a person: no stack, no source place, ends like a sentence, names no internals. */
export function expectSentence(text: string): void {
  expect(text).toMatch(/[.?)]\s*$/);
  expect(text).not.toMatch(/\n\s+at |node:internal|\.ts:\d+|undefined|\[object /);
}

/** The command failed with a sentence and made nothing. */
export function expectRefused(ended: Ended, code: 1 | 2, sentence: RegExp): void {
  expect(ended.code, ended.stderr + ended.stdout).toBe(code);
  expect(ended.stderr).toMatch(sentence);
  expectSentence(ended.stderr);
  expect(ended.stdout).toBe('');
}

/** Stopped with `status`, the first reason fits `sentence`, and the whole is fit to be read. */
export function expectStopped(ended: Ended, status: string, sentence: RegExp): void {
  expect(ended.result, ended.stderr).toMatchObject({ status });
  const messages = (ended.result?.reasons ?? []).map((one) => one.message);
  expect(messages.join('\n')).toMatch(sentence);
  for (const message of messages) expectSentence(message);
}

export type Asked = {
  readonly goalId: string;
  readonly questionId: string;
  readonly question: {
    readonly kind: string;
    readonly title: string;
    readonly context: string;
    readonly subject?: string;
  };
};

/** The open questions, as another process sees them. */
export async function openQuestions(world: World): Promise<readonly Asked[]> {
  const ended = await world.omk(['goal', 'questions', '--json']);
  return JSON.parse(ended.stdout) as Asked[];
}

/** Nothing of a goal got into the project: no branch, no changed file, no worktree. */
export const leftAlone = (world: World): boolean =>
  world.git('branch', '--list', 'goal/*') === '' &&
  world.git('status', '--porcelain') === '' &&
  world.git('worktree', 'list').split('\n').length === 1;

export const resume = (world: World): Promise<Ended> =>
  world.omk(['goal', 'resume', 'latest', '--until-ready', '--json']);

export const answer = (world: World, ...how: string[]): Promise<Ended> =>
  world.omk(['goal', 'answer', 'latest', ...how, '--until-ready', '--json']);

/** Writes a file of the world's repository, by its path there. */
export function put(world: World, path: string, text: string): void {
  const place = join(world.repo, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
}

export function commitAll(world: World, message = 'more'): void {
  world.git('add', '-A');
  world.git('commit', '-q', '-m', message);
}

/** git in any folder, with an identity and no settings of the person. */
export const gitIn = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@localhost',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@localhost',
      GIT_ALLOW_PROTOCOL: 'file',
    },
  }).trim();

/**
 * Runs commands as an ordinary user without rights: all of the world becomes theirs. `null` where nobody else can be become, or
 * where they may not even read omk.
 */
export function asNobody(world: World): ((args: readonly string[]) => Promise<Ended>) | null {
  if (process.getuid?.() !== 0) return null;
  const nobody = 65_534;
  execFileSync('chown', ['-R', `${nobody}:${nobody}`, world.root]);
  const reads = spawnSync(process.execPath, ['--version'], { uid: nobody, gid: nobody, cwd: world.root });
  if (reads.status !== 0) return null;
  return (args) => world.start(args, () => {}, { uid: nobody, gid: nobody });
}
