import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Failure, GoalPolicy } from '../../../shared/goal/vocabulary.ts';
import { Oid } from '../../../shared/kernel/ids.ts';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { decideBase } from './base.ts';
import { moveRefs, objectsThere } from './commit-tree.ts';
import type { Context } from './context.ts';
import { freeBytes, objectBytes } from './disk.ts';
import { failed, failure } from './failure.ts';
import { parseIndex } from './index-file.ts';
import { shallowCommits } from './inspect.ts';
import { readLinked, readSmall } from './object-id.ts';
import { refs } from './places.ts';
import { readHead } from './refs.ts';
import { findRepository } from './repository.ts';
import type { Repository } from './repository.ts';
import { transfer } from './transfer.ts';

export const Pinned = z.object({
  version: z.literal(1),
  base: z.object({
    commit: Oid,
    tree: Oid,
    branch: z.string().nullable(),
    snapshot: z.boolean(),
    warnings: z.array(z.string()),
  }),
  head: Oid,
  /** The pack with HEAD's history: what the workspace gets a copy of. */
  pack: z.string().regex(/^[0-9a-f]+$/),
});
export type Pinned = z.infer<typeof Pinned>;
export type PinnedBase = Pinned['base'];

/** Checkouts beside the two object stores: the agent's, the one being verified, and one to spare. */
const checkouts = 3;

export type CreateOptions = {
  readonly goalId: GoalId;
  readonly projectPath: string;
  readonly from: GoalPolicy['from'];
  readonly anew?: boolean;
  readonly signal: AbortSignal;
};

/** Makes a vault in a folder that is not there yet: HEAD's history, and what the goal starts from as a ref. */
export async function buildVault(
  context: Context,
  o: CreateOptions,
  vault: string,
): Promise<Result<Pinned, Failure>> {
  const { git } = context;
  const found = findRepository(o.projectPath);
  if (!found.ok) return err(problemAsFailure(found.error.code, found.error.message));
  const repository = found.value;
  const head = readHead(repository);
  if (head.commit === null)
    return failed(
      'project.no_commits',
      'The project has no commit to start from. Commit once, then try again.',
    );
  const room = enoughRoom(context, repository);
  if (!room.ok) return room;

  const made = await emptyRepository(context, vault);
  if (!made.ok) return made;
  const excludes = [...context.personalExcludes, join(repository.commonDir, 'info/exclude')];
  const texts = excludes.map((place) => readLinked(place, 1_000_000)?.toString('latin1') ?? '');
  writeFileSync(join(vault, 'info/exclude'), texts.join('\n'), 'latin1');
  const copied = await copyHistory(context, o, repository, head.commit, vault);
  if (!copied.ok) return copied;
  const base = await decideBase(context, { ...o, repository, head: head.commit, vault });
  if (!base.ok) return base;
  const { commit, tree, snapshot } = base.value;
  const there = await objectsThere(git, vault, [commit, tree]);
  if (!there.ok) return there;
  if (there.value.get(commit) !== 'commit' || there.value.get(tree) !== 'tree')
    return failed(
      'project.unreadable',
      'The copy of the project is not complete. Run "git fsck" in the project.',
    );
  const moved = await moveRefs(git, vault, new Map([[refs.base, commit]]), 'base');
  if (!moved.ok) return moved;
  const warnings = [...base.value.warnings, ...copied.value.warnings]
    .slice(0, 50)
    .map((text) => text.slice(0, 500));
  return ok({
    version: 1,
    base: { commit, tree, branch: head.branch, snapshot, warnings },
    head: head.commit,
    pack: copied.value.pack,
  });
}

function problemAsFailure(code: string, message: string): Failure {
  if (code === 'project.unreadable' || code === 'project.unsupported' || code === 'project.no_commits')
    return failure(code, message);
  return failure('project.vanished', 'The project is not where it was. Put it back, then continue.', {
    code,
    message,
  });
}

/** Twice what the copies are likely to take must be free. */
function enoughRoom(context: Context, repository: Repository): Result<null, Failure> {
  const index = readSmall(join(repository.gitDir, 'index'), 1024 * 1024 * 1024);
  const files = (index && parseIndex(index))?.reduce((sum, entry) => sum + entry.size, 0) ?? 0;
  const need = 2 * (2 * objectBytes(join(repository.commonDir, 'objects')) + checkouts * files);
  const free = Math.min(...context.places.roots.map(freeBytes));
  if (free >= need) return ok(null);
  const size = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GB`;
  return failed(
    'disk.low',
    `This goal needs about ${size(need)} of free space and ${size(free)} are left. Free some space, then continue.`,
    { need, free },
  );
}

/** A bare repository with omk's settings only. */
export async function emptyRepository({ git }: Context, dir: string): Promise<Result<null, Failure>> {
  mkdirSync(dir, { mode: 0o700 });
  const made = await git.run({
    gitDir: dir,
    args: [
      'init',
      '--quiet',
      '--bare',
      '--template=',
      '--object-format=sha1',
      '--initial-branch=omk-none',
      dir,
    ],
  });
  if (!made.ok) return made;
  mkdirSync(join(dir, 'info'), { recursive: true });
  return ok(null);
}

type Copied = { readonly pack: string; readonly warnings: readonly string[] };

async function copyHistory(
  { git }: Context,
  o: CreateOptions,
  repository: Repository,
  head: Oid,
  vault: string,
): Promise<Result<Copied, Failure>> {
  const from = [join(repository.commonDir, 'objects')];
  const copy = () =>
    transfer(git, {
      as: vault,
      from,
      to: { gitDir: vault },
      want: [head],
      what: 'history',
      signal: o.signal,
    });
  const shallow = shallowCommits(repository.commonDir);
  if (shallow.length > 0) writeFileSync(join(vault, 'shallow'), `${shallow.join('\n')}\n`);
  const whole = await copy();
  if (whole.ok && whole.value !== null) return ok({ pack: whole.value, warnings: [] });
  if (!whole.ok && (whole.error.code !== 'git.failed' || o.signal.aborted)) return whole;
  for (const name of readdirSync(join(vault, 'objects/pack')))
    if (name.startsWith('tmp_')) rmSync(join(vault, 'objects/pack', name));
  // Old history that was never downloaded or is damaged does not stop a goal: its base does.
  writeFileSync(join(vault, 'shallow'), `${head}\n`);
  const alone = await copy();
  if (alone.ok && alone.value !== null)
    return ok({
      pack: alone.value,
      warnings: ['Older history could not be read: goals get only the current commit.'],
    });
  return failed(
    'project.unreadable',
    'Objects of the current commit are missing in the project. Run "git fsck" or "git fetch" in it.',
    alone.ok ? {} : alone.error.detail,
  );
}
