import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Turn } from '../../src/main/demo-agent/turn.ts';
import type { Problem } from './problems.ts';
import type { Repository } from './repositories.ts';

/** What a scripted agent can do in its worktree, which is its current folder. */
export type Hands = {
  readonly turn: Turn;
  readonly problem: Problem;
  readonly repository: Repository;
  readonly seed: number;
  readonly read: (path: string) => string;
  readonly write: (path: string, text: string, mode?: number) => void;
  readonly edit: (path: string, change: (text: string) => string) => void;
  readonly remove: (path: string) => void;
  readonly link: (path: string, target: string) => void;
  /** Output, or what went wrong; never throws. */
  readonly run: (program: string, ...args: readonly string[]) => string;
  /** The fix an engineer would make. */
  readonly fix: () => void;
  readonly say: (text: string) => void;
};

export function handsFor(turn: Turn, problem: Problem, repository: Repository, seed: number): Hands {
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    writeFileSync(path, text, { mode });
  };
  const read = (path: string): string => readFileSync(path, 'utf8');
  return {
    turn,
    problem,
    repository,
    seed,
    read,
    write,
    edit: (path, change) => write(path, change(read(path)), lstatSync(path).mode & 0o777),
    remove: (path) => rmSync(path, { recursive: true, force: true }),
    link(path, target) {
      mkdirSync(dirname(path), { recursive: true });
      rmSync(path, { recursive: true, force: true });
      symlinkSync(target, path);
    },
    run(program, ...args) {
      try {
        return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      } catch (cause) {
        return cause instanceof Error ? cause.message : String(cause);
      }
    },
    fix: () => write(repository.product, repository.good),
    say: (text) => {
      turn.usage(1_200, 150);
      turn.say(text);
    },
  };
}
