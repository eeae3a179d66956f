import { spawn, execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeSample } from '../../src/main/demo-agent/sample.ts';

export const cli = join(import.meta.dirname, '..', '..', 'src', 'main', 'cli', 'main.ts');
const agent = join(import.meta.dirname, '..', '..', 'src', 'main', 'demo-agent', 'main.ts');

export type RunResult = {
  readonly type: 'result';
  readonly goal_id: string;
  readonly status: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly proof_path: string | null;
  readonly exit_code: number;
};

export type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly { readonly type: string; readonly payload: Record<string, unknown> }[];
  readonly result: RunResult | null;
};

export interface World {
  readonly root: string;
  readonly repo: string;
  readonly state: string;
  omk(args: readonly string[]): Promise<Ended>;
  /** Starts and hands every JSON line over while it runs. */
  start(
    args: readonly string[],
    onLine: (line: Record<string, unknown>, child: ChildProcess) => void,
    as?: { readonly uid: number; readonly gid: number },
  ): Promise<Ended>;
  git(...args: string[]): string;
  cleanup(): void;
}

/** A sample repository and a state directory of their own in a temporary folder; nothing of the person's HOME is used. */
export function makeWorld(env: Readonly<Record<string, string>> = {}): World {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'omk-goal-')));
  const repo = join(root, 'repo');
  const state = join(root, 'state');
  for (const dir of [repo, join(root, 'home')]) mkdirSync(dir);
  writeSample(repo);
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: repo, encoding: 'utf8', env: { ...process.env, ...gitEnv } }).trim();
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'base');
  const start: World['start'] = (args, onLine, as) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [cli, ...args], {
        cwd: root,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: join(root, 'home'),
          OMK_HOME: state,
          NODE_ENV: 'test',
          // Without it half of a short command's time goes into reading omk's own sources.
          NODE_COMPILE_CACHE: join(tmpdir(), 'omk-test-compile-cache'),
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...as,
      });
      let stderr = '';
      const lines: string[] = [];
      const parsed: Record<string, unknown>[] = [];
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        try {
          const value: unknown = JSON.parse(line);
          if (value === null || typeof value !== 'object') return; // a line of a pretty-printed document
          parsed.push(value as Record<string, unknown>);
          onLine(value as Record<string, unknown>, child);
        } catch {
          // human output
        }
      });
      child.on('close', (code, signal) =>
        resolve({
          code,
          signal,
          stdout: lines.join('\n'),
          stderr,
          events: parsed.filter((one) => 'payload' in one) as unknown as Ended['events'],
          result: (parsed.find((one) => one['type'] === 'result') as RunResult | undefined) ?? null,
        }),
      );
    });
  return {
    root,
    repo,
    state,
    git,
    start,
    omk: (args) => start(args, () => {}),
    cleanup: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

const gitEnv = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@localhost',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@localhost',
};

export type Protocol = 'wire' | 'acp';

/** The flags a script would use, with the demonstration agent playing `script` over `protocol`. */
export const runArgsOver = (
  protocol: Protocol,
  world: World,
  script: string,
  ...more: string[]
): string[] => [
  'goal',
  'run',
  'Fix src/money.js so that the tests in test/money.test.js pass',
  '--repo',
  world.repo,
  '--agent-command',
  `${protocol}:${process.execPath} ${agent} --protocol ${protocol} --script ${script}`,
  '--trust-gates',
  '--yes-plan',
  '--accept',
  'auto',
  '--until-ready',
  '--json',
  ...more,
];

export const runArgs = (world: World, script: string, ...more: string[]): string[] =>
  runArgsOver('wire', world, script, ...more);

/** Processes that still work inside this world's folders: everything of a goal carries one of them in its environment or directory. */
export function leftovers(world: World): string[] {
  const out = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return out
    .split('\n')
    .filter((line) => line.includes(world.root) && !line.includes(' ps '))
    .map((line) => line.trim());
}
