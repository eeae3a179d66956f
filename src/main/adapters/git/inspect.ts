import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Inspection, InspectionProblem } from '../../../shared/api/projects.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import type { TreeReader } from '../../runtime/ports.ts';
import { errorCode } from './failure.ts';
import { readLinked } from './object-id.ts';
import { ProjectObjects, UnreadableObject, projectTree } from './project-tree.ts';
import { readHead } from './refs.ts';
import { findRepository } from './repository.ts';
import type { Repository } from './repository.ts';

/** See `Projects.inspect`: everything the form shows about a dropped folder, from HEAD's objects and a few small files. */
export async function inspect(
  path: string,
  detect: (tree: TreeReader) => Promise<Inspection['gates']>,
): Promise<Result<Inspection, InspectionProblem>> {
  const found = findRepository(path);
  if (!found.ok) return found;
  const repository = found.value;
  const head = readHead(repository);
  if (head.commit === null)
    return err({
      code: 'project.no_commits',
      message: 'This repository has no commit yet. Commit once, then drop it again.',
    });
  const objects = new ProjectObjects(repository.commonDir);
  try {
    const commit = await objects.commit(head.commit);
    const tree = projectTree(objects, commit.tree);
    return ok({
      path,
      name: basename(repository.topLevel) || repository.topLevel,
      topLevel: repository.topLevel,
      subfolder: repository.subfolder,
      head: {
        commit: head.commit,
        tree: commit.tree,
        branch: head.branch,
        subject: commit.subject.slice(0, 500),
      },
      gates: await detect(tree),
      warnings: await warningsOf(repository, tree),
    });
  } catch (error) {
    const known = error instanceof UnreadableObject || errorCode(error) !== '';
    if (!known) throw error;
    return err({
      code: 'project.unreadable',
      message: 'The current commit cannot be read completely. Run "git fsck" in the repository.',
    });
  } finally {
    objects.close();
  }
}

/** What a person should know before a goal is started here, one sentence each. */
export async function warningsOf(repository: Repository, tree: TreeReader): Promise<string[]> {
  const { gitDir, commonDir, settings } = repository;
  const warnings: string[] = [];
  const root = await tree.list('');
  const has = (name: string) => root.some((entry) => entry.path === name);
  if (isShallow(commonDir))
    warnings.push('The history is shallow: only its newest part is here, and goals get only that part.');
  if (settings.partial)
    warnings.push('This is a partial clone: files that were never downloaded cannot be copied for a goal.');
  if (has('.gitmodules'))
    warnings.push('Submodules are carried as pointers: a gate that needs their files cannot pass.');
  if (has('.gitattributes') && /^[^#\n]*\sfilter=lfs\b/m.test(await textIn(tree, '.gitattributes')))
    warnings.push('Git LFS files are carried as pointers: a gate that needs their content cannot pass.');
  if (existsSync(join(gitDir, 'info/sparse-checkout')))
    warnings.push('The checkout is sparse: goals work on all files of the commit.');
  const unfinished = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply'].some(
    (name) => existsSync(join(gitDir, name)),
  );
  if (unfinished)
    warnings.push('A merge, rebase or pick is unfinished here: the base is the commit before it ends.');
  return warnings;
}

export const isShallow = (commonDir: string): boolean => shallowCommits(commonDir).length > 0;

/** Commits whose parents are not here. */
export function shallowCommits(commonDir: string): readonly string[] {
  const text = readLinked(join(commonDir, 'shallow'), 16 * 1024 * 1024)?.toString('utf8') ?? '';
  return text.split('\n').filter((line) => /^[0-9a-f]{40}$/.test(line));
}

async function textIn(tree: TreeReader, path: string): Promise<string> {
  return Buffer.from((await tree.read(path, 1_000_000)) ?? []).toString('utf8');
}
