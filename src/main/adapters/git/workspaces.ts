import { existsSync } from 'node:fs';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import type { Workspaces } from '../../runtime/ports.ts';
import { adopt } from './adopt.ts';
import { archive } from './archive.ts';
import { commitSlice } from './commit-slice.ts';
import type { CommitOptions, CommittedSlice } from './commit-slice.ts';
import { createQueue } from './context.ts';
import type { Context } from './context.ts';
import { createWorkspace } from './create.ts';
import { diffTrees } from './diff.ts';
import { bytesUsed } from './disk.ts';
import { guarded } from './failure.ts';
import { createGit } from './git.ts';
import { land } from './land.ts';
import { createObjectReader } from './object-reader.ts';
import { openSlice } from './open-slice.ts';
import { placesUnder } from './places.ts';
import { standing } from './standing.ts';
import { writeTree } from './tree-writer.ts';
import { vaultTree } from './vault-tree.ts';

export type GitWorkspaces = Omit<Workspaces, 'commitSlice'> & {
  /** As the port has it, and with `notes` on what could not be kept as it was. */
  readonly commitSlice: (o: CommitOptions) => Promise<Result<CommittedSlice, Failure>>;
  /** A vault with these commits alone, for a goal whose own vault is not here. */
  readonly adopt: (o: Parameters<typeof adopt>[1]) => ReturnType<typeof adopt>;
  /** Ends the processes that wait for a moment for further questions. */
  readonly close: () => void;
};

/**
 * Implements `Workspaces` with the git command line found on `path`. `workspaceRoot` is what agents may see parts of,
 * `vaultRoot` what they are never told; both are made 0700. `personalExcludes` as for `createProjects`.
 */
export function createWorkspaces(o: {
  readonly workspaceRoot: string;
  readonly vaultRoot: string;
  readonly path: string;
  readonly personalExcludes?: readonly string[];
  /** Folders of goals that are not where they belong just now. */
  readonly elsewhere?: () => readonly string[];
}): GitWorkspaces {
  const places = placesUnder(o.workspaceRoot, o.vaultRoot);
  const git = createGit({ home: places.home, path: o.path });
  const alone = createQueue();
  const context: Context = {
    git,
    places,
    objects: createObjectReader(git, alone),
    personalExcludes: o.personalExcludes ?? [],
    alone,
  };
  return {
    create: (act) => alone(`create ${act.goalId}`, () => createWorkspace(context, act)),
    openSlice: (act) => openSlice(context, act),
    commitSlice: (act) => commitSlice(context, act),
    tree: (goalId, tree) => vaultTree({ git, objects: context.objects, gitDir: places.vault(goalId), tree }),
    writeTree: ({ goalId, ...act }) =>
      guarded('write a tree', () => writeTree(git, { ...act, gitDir: places.vault(goalId) })),
    diff: ({ goalId, ...act }) => diffTrees(git, places.vault(goalId), act),
    land: (act) => alone(`land ${act.goalId}`, () => land(context, act)),
    standing: (act) => standing(context, act),
    archive: (goalId) => alone(`archive ${goalId}`, () => archive(context, goalId)),
    agentDirs: (goalId) => [places.goal(goalId)].filter((dir) => existsSync(dir)),
    adopt: (act) => alone(`adopt ${act.goalId}`, () => adopt(context, act)),
    close: () => {
      context.objects.close();
    },
    async diskUse() {
      let bytes = 0;
      for (const dir of [o.workspaceRoot, o.vaultRoot, ...(o.elsewhere?.() ?? [])])
        bytes += await bytesUsed(dir);
      return bytes;
    },
  };
}
