import { constants, copyFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { Pinned, emptyRepository } from './build-vault.ts';
import { moveRefs } from './commit-tree.ts';
import type { Context } from './context.ts';
import { readSmall } from './object-id.ts';
import { resolveRef } from './refs.ts';
import { transfer } from './transfer.ts';

export const pinnedFile = 'omk-base.json';

/** What a vault was pinned to; `null` when there is no vault, or a damaged one. */
export function readPinned(vault: string): Pinned | null {
  try {
    return Pinned.parse(JSON.parse(readSmall(join(vault, pinnedFile), 1_000_000)?.toString('utf8') ?? ''));
  } catch {
    // Missing or damaged is the same to every caller.
    return null;
  }
}

/**
 * The store of objects that agents may read: a copy of base's history, never a link to anybody's. Made anew from the vault
 * where an agent took it away or cut it down.
 */
export function ensureWorkspace(
  context: Context,
  goalId: GoalId,
  pinned: Pinned,
  signal?: AbortSignal,
): Promise<Result<null, Failure>> {
  const workspace = context.places.workspace(goalId);
  const vault = context.places.vault(goalId);
  const branch = `refs/heads/goal/${goalId}/base`;
  return context.alone(workspace, async () => {
    if (isWhole(workspace, vault, branch, pinned)) return ok(null);
    const fresh = `${workspace}.new`;
    rmSync(fresh, { recursive: true, force: true });
    const made = await fill(context, vault, fresh, pinned, signal);
    if (!made.ok) return made;
    const moved = await moveRefs(context.git, fresh, new Map([[branch, pinned.base.commit]]), 'base');
    if (!moved.ok) return moved;
    writeFileSync(join(fresh, 'HEAD'), `ref: ${branch}\n`);
    rmSync(workspace, { recursive: true, force: true });
    renameSync(fresh, workspace);
    return ok(null);
  });
}

const packFiles = (pinned: Pinned): string[] =>
  ['pack', 'idx'].map((end) => `objects/pack/pack-${pinned.pack}.${end}`);

/** As far as a look tells. What it misses an agent can only do to itself: omk reads nothing from here. */
function isWhole(workspace: string, vault: string, branch: string, pinned: Pinned): boolean {
  const size = (place: string) => statSync(place, { throwIfNoEntry: false })?.size ?? -1;
  return (
    resolveRef(workspace, branch) === pinned.base.commit &&
    packFiles(pinned).every((name) => size(join(workspace, name)) === size(join(vault, name)))
  );
}

async function fill(
  context: Context,
  vault: string,
  fresh: string,
  pinned: Pinned,
  signal: AbortSignal | undefined,
): Promise<Result<null, Failure>> {
  const made = await emptyRepository(context, fresh);
  if (!made.ok) return made;
  mkdirSync(join(fresh, 'objects/pack'), { recursive: true });
  for (const name of packFiles(pinned))
    copyFileSync(join(vault, name), join(fresh, name), constants.COPYFILE_FICLONE);
  copyShallow(vault, fresh);
  if (pinned.base.commit === pinned.head) return ok(null);
  const copied = await transfer(context.git, {
    as: vault,
    from: [],
    to: { gitDir: fresh },
    want: [pinned.base.commit],
    not: [pinned.head],
    what: 'history',
    signal,
  });
  return copied.ok ? ok(null) : copied;
}

/** A store whose history ends somewhere must say where, wherever its objects go. */
export function copyShallow(from: string, to: string): void {
  const shallow = readSmall(join(from, 'shallow'), 16 * 1024 * 1024);
  if (shallow) writeFileSync(join(to, 'shallow'), shallow);
}
