import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { GoalId, Oid } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { bytesOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import type { Git } from './git.ts';
import { oidOf, zeroOid } from './object-id.ts';
import type { Blob } from './object-id.ts';
import { goalSeconds } from './places.ts';

/** What becomes of paths; `null` removes. */
export type TreeChanges = ReadonlyMap<BytePath, Blob | null>;

/** The tree that `start` becomes with these changes, made through an index of its own and without a working folder. */
export async function changedTree(
  git: Git,
  gitDir: string,
  start: Oid,
  changes: TreeChanges,
): Promise<Result<Oid, Failure>> {
  const index = join(gitDir, `omk-index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    const read = await git.run({ gitDir, env, args: ['read-tree', start] });
    if (!read.ok) return read;
    if (changes.size > 0) {
      // Removals first: a file may have become a folder of the same name.
      const ordered = [...changes].toSorted(([, a], [, b]) => (a === null ? 0 : 1) - (b === null ? 0 : 1));
      const rows = ordered.flatMap(([path, blob]) => [
        Buffer.from(`${blob?.mode ?? '0'} ${blob?.oid ?? zeroOid}\t`),
        bytesOf(path),
        Buffer.from('\0'),
      ]);
      const input = Buffer.concat(rows);
      const updated = await git.run({ gitDir, env, args: ['update-index', '-z', '--index-info'], input });
      if (!updated.ok) return updated;
    }
    const written = await git.run({ gitDir, env, args: ['write-tree'] });
    return written.ok ? ok(oidOf(written.value.stdout.toString('latin1').trim())) : written;
  } finally {
    rmSync(index, { force: true });
    rmSync(`${index}.lock`, { force: true });
  }
}

/** A commit by omk. The same tree, parents and message give the same id at any time. */
export async function commitTree(
  git: Git,
  gitDir: string,
  o: {
    readonly goalId: GoalId;
    readonly tree: Oid;
    readonly parents: readonly Oid[];
    readonly message: string;
  },
): Promise<Result<Oid, Failure>> {
  const date = `${goalSeconds(o.goalId)} +0000`;
  const made = await git.run({
    gitDir,
    args: ['commit-tree', ...o.parents.flatMap((parent) => ['-p', parent]), '-F', '-', o.tree],
    env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    input: `${o.message.replaceAll('\0', '').trimEnd()}\n`,
  });
  return made.ok ? ok(oidOf(made.value.stdout.toString('latin1').trim())) : made;
}

/** Moves refs together or not at all; the old values stay in the reflog. */
export async function moveRefs(
  git: Git,
  gitDir: string,
  refs: ReadonlyMap<string, Oid>,
  why: string,
): Promise<Result<null, Failure>> {
  const input = Array.from(refs, ([ref, oid]) => `update ${ref} ${oid}\n`).join('');
  const moved = await git.run({
    gitDir,
    args: ['update-ref', '--create-reflog', '-m', why, '--stdin'],
    input,
  });
  return moved.ok ? ok(null) : moved;
}

/** `null`: there is no such ref. */
export async function readRef(git: Git, gitDir: string, ref: string): Promise<Result<Oid | null, Failure>> {
  const read = await git.run({
    gitDir,
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', ref],
    accept: [1],
  });
  if (!read.ok) return read;
  const text = read.value.stdout.toString('latin1').trim();
  return ok(read.value.code === 0 && text !== '' ? oidOf(text) : null);
}

/** Which of these objects are there. `objectDir` stands for the repository's own store where it is given. */
export async function objectsThere(
  git: Git,
  gitDir: string,
  oids: readonly string[],
  objectDir?: string,
): Promise<Result<ReadonlyMap<string, string>, Failure>> {
  const there = new Map<string, string>();
  if (oids.length === 0) return ok(there);
  const checked = await git.run({
    gitDir,
    args: ['cat-file', '--batch-check'],
    input: `${oids.join('\n')}\n`,
    ...(objectDir === undefined ? {} : { env: { GIT_OBJECT_DIRECTORY: objectDir } }),
  });
  if (!checked.ok) return checked;
  for (const match of checked.value.stdout
    .toString('latin1')
    .matchAll(/^([0-9a-f]+) (commit|tree|blob|tag) /gm))
    there.set(match[1] ?? '', match[2] ?? '');
  return ok(there);
}
