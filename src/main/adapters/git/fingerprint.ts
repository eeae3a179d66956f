import { createHash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Digest } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import type { Fingerprint } from '../../runtime/ports.ts';
import { onDisk, textOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { excludesOf } from './checkout.ts';
import { errorCode } from './failure.ts';
import { parseIndex } from './index-file.ts';
import type { IndexEntry } from './index-file.ts';
import { readLinked, readSmall } from './object-id.ts';
import { createPace } from '../process/pace.ts';
import { allRefs } from './refs.ts';
import { findRepository } from './repository.ts';
import type { Repository } from './repository.ts';
import { readLink, trackedPaths, walk } from './walk.ts';

/** Beyond this many tracked files only a fixed sample is looked at: the same one every time, so equal still means equal. */
const maxFiles = 30_000;
const sampleSize = 10_000;
/** Above this many refs they are told apart only as one. */
const maxNamedRefs = 2_000;

const sha256 = (text: string | Buffer): Digest =>
  Digest.parse(createHash('sha256').update(text).digest('hex'));

/**
 * See `Projects.fingerprint`. Refs that omk writes itself (`refs/heads/goal/`) and remote-tracking refs, which editors move by
 * fetching in the background, are left out.
 */
export async function fingerprint(path: string, personalExcludes: readonly string[]): Promise<Fingerprint> {
  const found = findRepository(path);
  if (!found.ok) {
    const git = { project: found.error.code };
    return { digest: sha256(canonicalJson(git)), git, checkout: new Map() };
  }
  const git = gitState(found.value);
  const checkout = await checkoutState(found.value, personalExcludes);
  const hash = createHash('sha256').update(canonicalJson(git));
  for (const path of [...checkout.keys()].toSorted()) hash.update(`\0${path}\0${checkout.get(path) ?? ''}`);
  return { digest: Digest.parse(hash.digest('hex')), git, checkout };
}

function gitState({ gitDir, commonDir }: Repository): Record<string, string> {
  const refs = [...allRefs(commonDir)].filter(
    ([name]) => !name.startsWith('refs/heads/goal/') && !name.startsWith('refs/remotes/'),
  );
  const text = (...parts: string[]) => readLinked(join(...parts), 4_000_000) ?? Buffer.alloc(0);
  const files = (...places: [string, string][]) =>
    sha256(Buffer.concat(places.flatMap(([dir, name]) => [Buffer.from(`\0${name}\0`), text(dir, name)])));
  const config = ruling(text(commonDir, 'config').toString('latin1'));
  return {
    HEAD: text(gitDir, 'HEAD').toString('utf8').trim(),
    config: sha256(`${config}\0${text(gitDir, 'config.worktree').toString('latin1')}`),
    hooks: sha256(canonicalJson(hooks(join(commonDir, 'hooks')))),
    info: files(
      [commonDir, 'info/attributes'],
      [commonDir, 'info/grafts'],
      [commonDir, 'objects/info/alternates'],
    ),
    ...(refs.length > maxNamedRefs ? { refs: sha256(canonicalJson(refs)) } : Object.fromEntries(refs)),
  };
}

/**
 * A configuration without its branch sections: git and editors write into them whenever a person makes or pushes a branch, and
 * nothing in them runs anything. Only what stands on lines of its own counts as one, as git and editors write them.
 */
function ruling(config: string): string {
  let inBranch = false;
  return config
    .split('\n')
    .filter((line) => {
      if (/^\s*\[/.test(line)) inBranch = /^\s*\[branch "[^"\\\]]*"\]\s*$/.test(line);
      return !inBranch && line.trim() !== '';
    })
    .join('\n');
}

function hooks(dir: string): readonly unknown[] {
  try {
    return readdirSync(dir)
      .toSorted()
      .slice(0, 200)
      .map((name) => {
        const place = join(dir, name);
        const stat = lstatSync(place);
        const bytes = stat.isSymbolicLink() ? readLink(Buffer.from(place)) : readSmall(place, 1_000_000);
        return [name, stat.mode, stat.size, bytes ? sha256(bytes) : null];
      });
  } catch (error) {
    // No hooks folder is the usual case; one that changed while being read differs from both neighbours.
    return [errorCode(error)];
  }
}

async function checkoutState(
  repository: Repository,
  personalExcludes: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const add = (path: BytePath, what: string): void => {
    const name = textOf(path);
    found.set(name, `${found.get(name) ?? ''} ${what}`);
  };
  const bytes = readLinked(join(repository.gitDir, 'index'), 1024 * 1024 * 1024);
  const entries = bytes && parseIndex(bytes);
  if (entries === null) found.set('the index', sha256(bytes ?? 'no index'));
  // Not the bytes: every `git status` of the person rewrites the times that are remembered in them.
  for (const { path, mode, oid, stage } of entries ?? []) add(path, `${mode} ${oid} ${stage}`);
  const seen =
    (entries?.length ?? 0) > maxFiles
      ? null
      : await walk({
          root: repository.topLevel,
          tracked: trackedPaths((entries ?? []).map((entry) => [entry.path, entry] as const)),
          excludes: excludesOf(repository.commonDir, personalExcludes),
          maxFiles: maxFiles * 2,
        });
  if (seen?.complete) {
    for (const { path, stat } of seen.files) add(path, `${stat.mode} ${stat.size} ${stat.mtimeMs}`);
    for (const { path, why } of seen.odd) add(path, why);
  } else await sample(repository.topLevel, entries ?? [], add);
  return found;
}

async function sample(
  root: string,
  entries: readonly IndexEntry[],
  add: (path: BytePath, what: string) => void,
): Promise<void> {
  const step = Math.max(1, Math.ceil(entries.length / sampleSize));
  const pace = createPace();
  for (let at = 0; at < entries.length; at += step) {
    const rest = pace();
    if (rest) await rest;
    const path = entries[at]?.path;
    if (path === undefined) continue;
    const stat = lstatSync(onDisk(root, path), { throwIfNoEntry: false });
    add(path, stat ? `${stat.mode} ${stat.size} ${stat.mtimeMs}` : 'gone');
  }
}
