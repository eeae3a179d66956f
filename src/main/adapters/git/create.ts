import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { buildVault } from './build-vault.ts';
import type { CreateOptions, Pinned, PinnedBase } from './build-vault.ts';
import { syncFolder, writeDurably } from '../process/durable.ts';
import type { Context } from './context.ts';
import { failed, guarded } from './failure.ts';
import { privateFolder } from './places.ts';
import { ensureWorkspace, pinnedFile, readPinned } from './workspace.ts';

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
      // The vault last: while it is there, a try that was cut short is known to have been made.
      for (const dir of [context.places.workspace(o.goalId), vault])
        rmSync(dir, { recursive: true, force: true });
    if (existsSync(vault)) {
      const pinned = readPinned(vault);
      if (pinned === null)
        return failed(
          'workspace.missing',
          'The goal’s own copy of the repository is damaged. Start the goal again.',
        );
      removeLeftovers(vault);
      return withWorkspace(context, o, pinned);
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
      return await withWorkspace(context, o, built.value);
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
  pinned: Pinned,
): Promise<Result<PinnedBase, Failure>> {
  const made = await ensureWorkspace(context, o.goalId, pinned, o.signal);
  return made.ok ? ok(pinned.base) : made;
}
