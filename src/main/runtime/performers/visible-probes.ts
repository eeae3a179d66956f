import type { OpenGoal } from '../../../shared/goal/state.ts';
import type { TreeReader } from '../ports.ts';

/**
 * One sentence for each probe whose file is part of base: it may be masked where the person keeps it, but every worktree has
 * its own copy (decisions X4).
 */
export async function visibleProbes(
  { opened }: Pick<OpenGoal, 'opened'>,
  tree: Pick<TreeReader, 'all'>,
): Promise<readonly string[]> {
  const root = `${opened.project.path}/`;
  const inside = opened.probes.flatMap(({ name, file }) =>
    file?.startsWith(root) === true ? [{ name, path: file.slice(root.length) }] : [],
  );
  if (inside.length === 0) return [];
  const paths = new Set((await tree.all()).map((entry) => entry.path));
  return inside
    .filter(({ path }) => paths.has(path))
    .map(({ name, path }) =>
      `The probe ${name} is visible to agents: its file ${path} is part of the project. Keep it elsewhere.`.slice(
        0,
        500,
      ),
    );
}
