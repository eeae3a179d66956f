import { constants, copyFileSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import type { Oid } from '../../../shared/kernel/ids.ts';
import { objectsThere } from './commit-tree.ts';
import type { Git } from './git.ts';
import { oidOf, readSmall } from './object-id.ts';
import { createPace } from '../process/pace.ts';
import { allRefs, readHead } from './refs.ts';
import { transfer } from './transfer.ts';

const maxBytes = 512 * 1024 * 1024;
const maxFiles = 50_000;
const maxTips = 40;

export type AgentCommits = { readonly tips: readonly Oid[]; readonly note: string | null };

/**
 * Brings what an agent committed itself into the vault, as evidence: branches, HEAD, stashes, and what its reflog says it once
 * had. The agent's `.git` is read as plain files and its object files are copied aside first, so no setting, link, pipe or
 * alternate in it is followed; every object is checked as it comes in. Failing to keep them never fails a slice.
 */
export async function keepAgentCommits(
  git: Git,
  o: { readonly dir: string; readonly vault: string; readonly scratch: string; readonly base: Oid },
): Promise<AgentCommits> {
  const gitDir = join(o.dir, '.git');
  if (!isRealFolder(gitDir) || !isRealFolder(join(gitDir, 'objects'))) {
    const note = 'The agent removed or replaced its .git: commits of its own could not be kept.';
    return { tips: [], note };
  }
  const tips = tipsOf(gitDir).filter((oid) => oid !== o.base);
  const known = await objectsThere(git, o.vault, tips);
  if (!known.ok) return { tips: [], note: known.error.message };
  const missing = tips.filter((oid) => !known.value.has(oid));
  if (missing.length > 0) {
    try {
      rmSync(o.scratch, { recursive: true, force: true });
      if (!(await copyObjects(join(gitDir, 'objects'), o.scratch)))
        return { tips: [], note: 'The agent’s own commits are too large to keep.' };
      await bring(git, o, missing);
    } finally {
      rmSync(o.scratch, { recursive: true, force: true });
    }
  }
  const there = await objectsThere(git, o.vault, tips);
  const kept = tips.filter((oid) => there.ok && there.value.get(oid) === 'commit').map(oidOf);
  const lost = tips.length - kept.length;
  return {
    tips: kept,
    note: lost === 0 ? null : `${lost} of the agent’s own commits are damaged and could not be kept.`,
  };
}

async function bring(
  git: Git,
  o: { readonly vault: string; readonly scratch: string; readonly base: Oid },
  missing: readonly string[],
): Promise<void> {
  // All at once is the usual case; one by one finds those that are whole.
  for (const want of [missing, ...missing.map((oid) => [oid])]) {
    const brought = await transfer(git, {
      as: o.vault,
      from: [o.scratch],
      to: { gitDir: o.vault },
      want,
      not: [o.base],
      what: 'history',
      strict: true,
      maxBytes,
    });
    if (brought.ok && want === missing) return;
  }
}

function isRealFolder(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** HEAD first, then branches and stashes by name, then what the reflog of HEAD remembers, newest first. */
function tipsOf(gitDir: string): string[] {
  const tips = new Set<string>();
  const head = readHead({ gitDir, commonDir: gitDir }).commit;
  if (head) tips.add(head);
  for (const [name, value] of allRefs(gitDir))
    if ((name.startsWith('refs/heads/') || name === 'refs/stash') && /^[0-9a-f]{40}$/.test(value))
      tips.add(value);
  const log = readSmall(join(gitDir, 'logs/HEAD'), 4 * 1024 * 1024)?.toString('latin1') ?? '';
  for (const line of log.split('\n').toReversed()) {
    const oid = /^[0-9a-f]{40} ([0-9a-f]{40}) /.exec(line)?.[1];
    if (oid !== undefined && !/^0+$/.test(oid)) tips.add(oid);
  }
  return [...tips].slice(0, maxTips);
}

/** Copies the regular files of an object store and nothing else of it. `false`: there is more than omk takes. */
async function copyObjects(from: string, to: string): Promise<boolean> {
  const pace = createPace();
  let bytes = 0;
  let files = 0;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const folder of entriesIn(from)) {
    const wanted = folder.name === 'pack' ? /^pack-[0-9a-f]+\.(?:pack|idx)$/ : /^[0-9a-f]{38}$/;
    if (!folder.isDirectory() || !/^(?:[0-9a-f]{2}|pack)$/.test(folder.name)) continue;
    mkdirSync(join(to, folder.name));
    for (const file of entriesIn(join(from, folder.name))) {
      const rest = pace();
      if (rest) await rest;
      if (!file.isFile() || !wanted.test(file.name)) continue;
      const place = join(from, folder.name, file.name);
      bytes += lstatSync(place, { throwIfNoEntry: false })?.size ?? 0;
      files += 1;
      if (bytes > maxBytes || files > maxFiles) return false;
      try {
        copyFileSync(place, join(to, folder.name, file.name), constants.COPYFILE_FICLONE);
      } catch {
        // Unreadable or gone: what rests on it is told as damaged.
      }
    }
  }
  return true;
}

function entriesIn(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    // Gone or closed: nothing of it can be kept, and that shows in what is missing.
    return [];
  }
}
