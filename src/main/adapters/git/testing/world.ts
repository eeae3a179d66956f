import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AttemptId, GoalId } from '../../../../shared/kernel/ids.ts';
import type { Oid } from '../../../../shared/kernel/ids.ts';
import type { Failure } from '../../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../../shared/kernel/result.ts';
import { createWorkspaces } from '../workspaces.ts';
import type { GitWorkspaces } from '../workspaces.ts';
import { gitIn, sampleRepo, tempDir } from './repo.ts';

export const goalId = GoalId.parse('goal-20260102-030405-006-0a1b2c3d');
export const attemptId = AttemptId.parse('attempt-1');
export const taskId = 'main';
export const systemPath = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';

export function valueOf<T>(result: Result<T, Failure>): T {
  if (result.ok) return result.value;
  throw new Error(
    `${result.error.code}: ${result.error.message} ${JSON.stringify(result.error.detail ?? {})}`,
  );
}

/** The code of a refusal; `fine` when it was none. */
export const codeOf = (result: Result<unknown, Failure>): string => (result.ok ? 'fine' : result.error.code);

export type World = {
  readonly project: string;
  readonly workspaceRoot: string;
  readonly vaultRoot: string;
  readonly workspaces: GitWorkspaces;
  readonly vault: string;
  readonly workspace: string;
  /** Git of the test in the vault. */
  readonly inVault: (...args: readonly string[]) => string;
};

export function makeWorld(project = sampleRepo()): World {
  const root = tempDir();
  const workspaceRoot = join(root, 'work');
  const vaultRoot = join(root, 'vaults');
  const vault = join(vaultRoot, 'goals', goalId);
  const workspaces = createWorkspaces({ workspaceRoot, vaultRoot, path: systemPath });
  onTestFinished(() => {
    workspaces.close();
  });
  return {
    project,
    workspaceRoot,
    vaultRoot,
    workspaces,
    vault,
    workspace: join(workspaceRoot, 'goals', goalId, 'workspace'),
    inVault: (...args) =>
      gitIn(vault, ['--git-dir', vault, ...args])
        .toString('utf8')
        .trim(),
  };
}

export const create = (world: World, from: 'head' | 'snapshot' = 'head') =>
  world.workspaces.create({ goalId, projectPath: world.project, from, signal: new AbortController().signal });

export type Slice = World & { readonly base: Oid; readonly dir: string };

/** A world whose goal has one open slice at base. */
export async function openSlice(project?: string, prepared: readonly string[] = []): Promise<Slice> {
  const world = makeWorld(project);
  const base = valueOf(await create(world)).commit;
  const opened = await world.workspaces.openSlice({ goalId, taskId, attemptId, commit: base, prepared });
  const { dir } = valueOf(opened);
  return { ...world, base, dir };
}

export const commitSlice = (slice: Slice, inWriteSet: (path: string) => boolean = () => true) =>
  slice.workspaces.commitSlice({
    goalId,
    taskId,
    attemptId,
    base: slice.base,
    message: 'What the attempt did',
    inWriteSet,
  });

/** Paths of regular files below a folder that have more than one name. */
export function hardLinked(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) => {
    const stat = lstatSync(join(dir, path));
    return stat.isFile() && stat.nlink !== 1;
  });
}

/** Changed paths of a commit against its first parent, as git says them: `A path`, `M path`, `D path`. */
export const changesOf = (world: World, commit: string): string[] =>
  gitIn(world.vault, [
    '--git-dir',
    world.vault,
    'diff-tree',
    '-r',
    '-z',
    '--no-commit-id',
    '--name-status',
    `${commit}^`,
    commit,
  ])
    .toString('utf8')
    .split('\0')
    .reduce<string[]>(
      (rows, field, at, all) =>
        at % 2 === 0 && field !== '' ? [...rows, `${field} ${all[at + 1] ?? ''}`] : rows,
      [],
    );
