import type { Payload } from '../../../shared/goal/events.ts';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { GoalId, Oid } from '../../../shared/kernel/ids.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { objectsThere } from './commit-tree.ts';
import type { Context } from './context.ts';
import { failed, failure, guarded } from './failure.ts';
import { zeroOid } from './object-id.ts';
import { refs } from './places.ts';
import { resolveRef } from './refs.ts';
import { findRepository } from './repository.ts';
import type { Repository } from './repository.ts';
import { movedBy, objectsOf } from './standing.ts';
import { transfer } from './transfer.ts';

export type LandOptions = {
  readonly goalId: GoalId;
  readonly projectPath: string;
  readonly commit: Oid;
  readonly base: Oid;
  readonly branch: string | null;
};

/**
 * See `Workspaces.land`. The objects go in first, then one new ref, and only where there is none: git's settings and hooks of
 * the project take no part. Dying in between leaves objects that nothing names; landing the same again is no change.
 */
export function land(context: Context, o: LandOptions): Promise<Result<Payload<'result.landed'>, Failure>> {
  return guarded('write the result into the project', async () => {
    const found = findRepository(o.projectPath);
    if (!found.ok)
      return failed(
        'landing.project_vanished',
        'The project is not where it was. Put it back, then land again.',
        {
          code: found.error.code,
        },
      );
    const project = found.value;
    const ref = refs.result(o.goalId);
    const existing = resolveRef(project.commonDir, ref);
    if (existing !== null && existing !== o.commit) return err(refExists(ref, existing));
    const haves = await historyThere(context, o, project);
    if (!haves.ok) return haves;
    if (existing === null) {
      const copied = await copyIn(context, o, project, haves.value);
      if (!copied.ok) return copied;
      const made = await makeRef(context, o, project, ref);
      if (!made.ok) return made;
    }
    return ok({
      ref,
      commit: o.commit,
      baseMovedBy: await movedBy(context, { ...o, start: haves.value[0] ?? null }, project),
    });
  });
}

const refExists = (ref: string, oid: string): Failure =>
  failure(
    'landing.ref_exists',
    `The branch ${short(ref)} is already there with another commit. Rename or delete it, then land again.`,
    {
      ref,
      oid,
    },
  );

const short = (ref: string): string => ref.replace(/^refs\/heads\//, '');

/** Base, or for a snapshot what it was made on, as far as the project still has it. */
async function historyThere(
  { git, places }: Context,
  o: LandOptions,
  project: Repository,
): Promise<Result<readonly string[], Failure>> {
  const vault = places.vault(o.goalId);
  const parents = await git.run({ gitDir: vault, args: ['rev-list', '--parents', '--max-count=1', o.base] });
  if (!parents.ok) return parents;
  const candidates = parents.value.stdout.toString('latin1').trim().split(' ');
  const there = await objectsThere(git, vault, candidates, objectsOf(project));
  if (!there.ok) return there;
  return ok(candidates.filter((oid) => there.value.get(oid) === 'commit'));
}

async function copyIn(
  { git, places }: Context,
  o: LandOptions,
  project: Repository,
  not: readonly string[],
): Promise<Result<null, Failure>> {
  const vault = places.vault(o.goalId);
  const objectDir = objectsOf(project);
  const copied = await transfer(git, {
    as: vault,
    from: [],
    to: { gitDir: vault, objectDir },
    want: [o.commit],
    not,
    what: 'history',
  });
  if (!copied.ok) return notAllowed(copied.error);
  const whole = await git.run({
    gitDir: vault,
    env: { GIT_OBJECT_DIRECTORY: objectDir },
    args: ['rev-list', '--objects', '--quiet', o.commit, ...not.map((oid) => `^${oid}`)],
  });
  return whole.ok ? ok(null) : whole;
}

/** The person's own permissions are for the person to change. */
function notAllowed(error: Failure): Result<never, Failure> {
  const stderr = JSON.stringify(error.detail?.['stderr'] ?? '');
  if (!/Permission denied|Read-only file system/i.test(stderr)) return err(error);
  return failed(
    'landing.denied',
    'omk may not write into the project. Change its permissions, then land again.',
    {
      stderr,
    },
  );
}

async function makeRef(
  { git }: Context,
  o: LandOptions,
  project: Repository,
  ref: string,
): Promise<Result<null, Failure>> {
  const made = await git.run({
    gitDir: project.commonDir,
    args: ['update-ref', '-m', `omk: result of ${o.goalId}`, ref, o.commit, zeroOid],
  });
  if (made.ok) return ok(null);
  const now = resolveRef(project.commonDir, ref);
  if (now === o.commit) return ok(null);
  if (now !== null) return err(refExists(ref, now));
  const stderr = JSON.stringify(made.error.detail?.['stderr'] ?? '');
  if (/cannot create|exists; cannot|Not a directory|is a directory/i.test(stderr) && !/\.lock/.test(stderr))
    return failed(
      'landing.ref_conflict',
      `A branch of the project stands in the way of ${short(ref)}. Rename it, then land again.`,
      {
        stderr,
      },
    );
  if (/\.lock/.test(stderr))
    return failed('landing.locked', 'Another git is at work in the project. Wait for it, then land again.', {
      stderr,
    });
  return notAllowed(made.error);
}
