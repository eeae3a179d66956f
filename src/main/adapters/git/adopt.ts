import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { GoalId, Oid } from '../../../shared/kernel/ids.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { emptyRepository } from './build-vault.ts';
import type { Context } from './context.ts';
import { guarded } from './failure.ts';
import { findRepository } from './repository.ts';
import { transfer } from './transfer.ts';

/**
 * Makes a vault for a goal that has none here, of these commits alone and without their history, from whichever of the repositories
 * has them. Nothing of those repositories runs and nothing in them is written.
 */
export function adopt(
  context: Context,
  o: { readonly goalId: GoalId; readonly repositories: readonly string[]; readonly commits: readonly Oid[] },
): Promise<Result<string | null, Failure>> {
  return guarded('copy the commits of the proof', async () => {
    const vault = context.places.vault(o.goalId);
    mkdirSync(dirname(vault), { recursive: true, mode: 0o700 });
    const made = await emptyRepository(context, vault);
    if (!made.ok) return made;
    writeFileSync(join(vault, 'shallow'), `${[...new Set(o.commits)].join('\n')}\n`);
    const from = o.repositories.flatMap((path) => {
      const found = findRepository(path);
      return found.ok ? [join(found.value.commonDir, 'objects')] : [];
    });
    return transfer(context.git, {
      as: vault,
      from,
      to: { gitDir: vault },
      want: [...new Set(o.commits)],
      what: 'history',
    });
  });
}
