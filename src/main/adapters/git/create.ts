import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { Pinned, buildVault, emptyRepository } from './build-vault.ts';
import type { CreateOptions, PinnedBase } from './build-vault.ts';
import { moveRefs } from './commit-tree.ts';
import type { Context } from './context.ts';
import { errorCode, failed, guarded } from './failure.ts';
import { readSmall } from './object-id.ts';
import { privateFolder } from './places.ts';
import { transfer } from './transfer.ts';

const pinnedFile = 'omk-base.json';
/**
 * See `Workspaces.create`. The vault appears by one rename, complete and with its base recorded in it; the workspace is made
 * from the vault by another. Dying at any point leaves a `.new` folder that the next try removes, or a vault whose base stays
 * what it was pinned to, whatever the project has become.
 */
export async function createWorkspace(
  context: Context,
  o: CreateOptions,
): Promise<Result<PinnedBase, Failure>> {
  return guarded('make the goal’s copy of the repository', async () => {
    for (const dir of [...context.places.roots, context.places.home, context.places.goal(o.goalId)]) {
      const made = privateFolder(dir);
      if (!made.ok) return made;
    }
    const vault = context.places.vault(o.goalId);
    const made = privateFolder(dirname(vault));
    if (!made.ok) return made;
    if (o.anew === true)
      for (const dir of [vault, context.places.workspace(o.goalId)])
        rmSync(dir, { recursive: true, force: true });
    if (existsSync(vault)) {
      const pinned = readPinned(vault);
      if (pinned === null)
        return failed(
          'workspace.missing',
          'The goal’s own copy of the repository is damaged. Start the goal again.',
        );
      removeLeftovers(vault);
      return withWorkspace(context, o, vault, pinned);
    }
    const fresh = `${vault}.new`;
    rmSync(fresh, { recursive: true, force: true });
    try {
      const built = await buildVault(context, o, fresh);
      if (!built.ok) return built;
      if (o.signal.aborted) return failed('git.cancelled', 'Copying the repository was cancelled.');
      writeDurably(join(fresh, pinnedFile), JSON.stringify(built.value));
      renameSync(fresh, vault);
      syncFolder(dirname(vault));
      return await withWorkspace(context, o, vault, built.value);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
}

/** What processes that were killed had not finished with. */
function removeLeftovers(vault: string): void {
  for (const [dir, pattern] of [
    [vault, /^omk-(?:index|marks|agent-objects)-/],
    [join(vault, 'objects/pack'), /^tmp_/],
  ] as const)
    for (const name of readdirSync(dir))
      if (pattern.test(name)) rmSync(join(dir, name), { recursive: true, force: true });
}

async function withWorkspace(
  context: Context,
  o: CreateOptions,
  vault: string,
  pinned: Pinned,
): Promise<Result<PinnedBase, Failure>> {
  const made = await ensureWorkspace(context, o.goalId, vault, pinned, o.signal);
  return made.ok ? ok(pinned.base) : made;
}

function readPinned(vault: string): Pinned | null {
  try {
    return Pinned.parse(JSON.parse(readSmall(join(vault, pinnedFile), 1_000_000)?.toString('utf8') ?? ''));
  } catch {
    // Missing or damaged is the same to every caller.
    return null;
  }
}

/** What a goal's vault was pinned to; `null` when there is no vault, or a damaged one. */
export function pinnedBase(context: Context, goalId: GoalId): PinnedBase | null {
  return readPinned(context.places.vault(goalId))?.base ?? null;
}

/** The store of objects that agents may read: a copy of base's history, never a link to anybody's. */
async function ensureWorkspace(
  context: Context,
  goalId: GoalId,
  vault: string,
  pinned: Pinned,
  signal: AbortSignal,
): Promise<Result<null, Failure>> {
  const { git, places } = context;
  const workspace = places.workspace(goalId);
  if (existsSync(workspace)) return ok(null);
  const fresh = `${workspace}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const made = await emptyRepository(context, fresh);
  if (!made.ok) return made;
  for (const end of ['pack', 'idx']) {
    const name = `pack-${pinned.pack}.${end}`;
    mkdirSync(join(fresh, 'objects/pack'), { recursive: true });
    copyFileSync(
      join(vault, 'objects/pack', name),
      join(fresh, 'objects/pack', name),
      constants.COPYFILE_FICLONE,
    );
  }
  copyShallow(vault, fresh);
  if (pinned.base.commit !== pinned.head) {
    const { commit } = pinned.base;
    const copied = await transfer(git, {
      as: vault,
      from: [],
      to: { gitDir: fresh },
      want: [commit],
      not: [pinned.head],
      what: 'history',
      signal,
    });
    if (!copied.ok) return copied;
  }
  const branch = `refs/heads/goal/${goalId}/base`;
  const moved = await moveRefs(git, fresh, new Map([[branch, pinned.base.commit]]), 'base');
  if (!moved.ok) return moved;
  writeFileSync(join(fresh, 'HEAD'), `ref: ${branch}\n`);
  renameSync(fresh, workspace);
  return ok(null);
}

/** A store whose history ends somewhere must say where, wherever its objects go. */
export function copyShallow(from: string, to: string): void {
  const shallow = readSmall(join(from, 'shallow'), 16 * 1024 * 1024);
  if (shallow) writeFileSync(join(to, 'shallow'), shallow);
}

function writeDurably(place: string, text: string): void {
  const fd = openSync(place, 'w', 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncFolder(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    // Some file systems cannot sync a folder; the rename is ordered there by other means.
    if (errorCode(error) !== 'EINVAL') throw error;
  } finally {
    closeSync(fd);
  }
}
