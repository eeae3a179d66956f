import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleGoal, writeSample } from '../src/main/demo-agent/sample.ts';

export { sampleGoal };

export type Project = {
  readonly path: string;
  /** Output of a git command in it, trimmed. */
  readonly git: (...args: string[]) => string;
  readonly remove: () => void;
};

/** The demonstration's repository with its two bugs, as a person would have it. */
export function makeProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'omk-e2e-project-'));
  const path = join(folder, 'ledger');
  writeSample(path);
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.com', ...args], {
      cwd: path,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    }).trim();
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'Ledger with two bugs');
  return { path, git, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
