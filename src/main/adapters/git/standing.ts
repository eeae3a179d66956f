import { join } from 'node:path';
import type { GoalId, Oid } from '../../../shared/kernel/ids.ts';
import type { Standing } from '../../runtime/ports.ts';
import { objectsThere } from './commit-tree.ts';
import type { Context } from './context.ts';
import { refs } from './places.ts';
import { resolveRef } from './refs.ts';
import { findRepository } from './repository.ts';
import type { Repository } from './repository.ts';

/**
 * See `Workspaces.standing`. Refs are read as files; git runs only to count, and only where a branch moved. Nothing is written.
 */
export async function standing(
  context: Context,
  o: {
    readonly goalId: GoalId;
    readonly projectPath: string;
    readonly base: Oid;
    readonly branch: string | null;
  },
): Promise<Standing> {
  const found = findRepository(o.projectPath);
  if (!found.ok) return { project: false, landedAt: null, baseMovedBy: null };
  const project = found.value;
  return {
    project: true,
    landedAt: resolveRef(project.commonDir, refs.result(o.goalId)),
    baseMovedBy: await movedSince(context, o, project),
  };
}

async function movedSince(
  context: Context,
  o: Parameters<typeof standing>[1],
  project: Repository,
): Promise<number | null> {
  const tip = o.branch === null ? null : resolveRef(project.commonDir, `refs/heads/${o.branch}`);
  if (tip === null) return null;
  if (tip === o.base) return 0;
  const haves = await historyThere(context, o.goalId, o.base, project);
  return haves === null ? null : movedBy(context, { ...o, start: haves[0] ?? null }, project);
}

export const objectsOf = (project: Repository): string => join(project.commonDir, 'objects');

/** Base, or for a snapshot what it was made on, as far as the project still has it; `null` when the vault cannot say. */
async function historyThere(
  { git, places }: Context,
  goalId: GoalId,
  base: Oid,
  project: Repository,
): Promise<readonly string[] | null> {
  const vault = places.vault(goalId);
  const parents = await git.run({ gitDir: vault, args: ['rev-list', '--parents', '--max-count=1', base] });
  if (!parents.ok) return null;
  const candidates = parents.value.stdout.toString('latin1').trim().split(' ');
  const there = await objectsThere(git, vault, candidates, objectsOf(project));
  return there.ok ? candidates.filter((oid) => there.value.get(oid) === 'commit') : null;
}

/** Commits that the branch has gained since `start`; `null` when that cannot be known. */
export async function movedBy(
  { git, places }: Context,
  o: { readonly goalId: GoalId; readonly branch: string | null; readonly start: string | null },
  project: Repository,
): Promise<number | null> {
  const tip = o.branch === null ? null : resolveRef(project.commonDir, `refs/heads/${o.branch}`);
  if (tip === null || o.start === null) return null;
  const counted = await git.run({
    gitDir: places.vault(o.goalId),
    env: { GIT_OBJECT_DIRECTORY: objectsOf(project) },
    args: ['rev-list', '--count', tip, `^${o.start}`],
  });
  return counted.ok ? Number(counted.value.stdout.toString('latin1').trim()) : null;
}
