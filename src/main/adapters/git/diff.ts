import type { ChangedFile, Failure } from '../../../shared/goal/vocabulary.ts';
import type { Oid } from '../../../shared/kernel/ids.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { bytePath, textOf } from './byte-path.ts';
import type { Git, GitOptions } from './git.ts';
import { oidOf, zeroOid } from './object-id.ts';

type Change = Omit<ChangedFile, 'locked'>;

export type Diff = { readonly files: readonly Change[]; readonly patch: string; readonly truncated: boolean };

const plain = [
  'diff-tree',
  '-r',
  '-M',
  '-l1000',
  '--full-index',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-submodules=none',
  '--submodule=short',
] as const;

/** See `Workspaces.diff`: from two trees of the vault and nothing else. Attributes of either tree have no say. */
export async function diffTrees(
  git: Git,
  gitDir: string,
  o: {
    readonly from: Oid;
    readonly to: Oid;
    readonly paths?: readonly string[];
    readonly maxPatchBytes: number;
  },
): Promise<Result<Diff, Failure>> {
  const only = o.paths === undefined ? [] : ['--', ...o.paths.map((path) => `:(literal)${path}`)];
  const ends = ['--end-of-options', o.from, o.to, ...only] as const;
  const listed = await git.run({
    gitDir,
    args: [...plain, '--raw', '--numstat', '-z', ...ends] as [string, ...string[]],
    maxBytes: 256 * 1024 * 1024,
  });
  if (!listed.ok) return listed;
  const files = parseChanges(listed.value.stdout);
  const patch = await readPatch(
    git,
    { gitDir, args: [...plain, '--patch', ...ends] as [string, ...string[]] },
    o.maxPatchBytes,
  );
  return patch.ok ? ok({ files, ...patch.value }) : patch;
}

/** With `-z` both parts come as NUL-ended fields, all raw records first. Every field is bytes until it is named. */
function parseChanges(bytes: Buffer): Change[] {
  const fields: string[] = bytes.toString('latin1').split('\0');
  const text = (field: string | undefined) => textOf(bytePath(Buffer.from(field ?? '', 'latin1')));
  const changes: Change[] = [];
  let at = 0;
  for (; fields[at]?.startsWith(':') === true;) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = (fields[at] ?? '')
      .slice(1)
      .split(' ');
    const renamed = status.startsWith('R') || status.startsWith('C');
    const path = text(fields[at + (renamed ? 2 : 1)]);
    changes.push({
      path,
      ...(renamed ? { previousPath: text(fields[at + 1]) } : {}),
      change: changeOf(status, oldMode, newMode, oldOid === newOid),
      added: null,
      removed: null,
      binary: false,
      oldBlob: oldOid === zeroOid ? null : oidOf(oldOid),
      newBlob: newOid === zeroOid ? null : oidOf(newOid),
    });
    at += renamed ? 3 : 2;
  }
  // The counts come in the same order, one record a change.
  return changes.map((change) => {
    const [added = '', removed = '', path = ''] = (fields[at] ?? '').split('\t');
    at += path === '' && change.previousPath !== undefined ? 3 : 1;
    const binary = added === '-';
    return {
      ...change,
      binary,
      added: binary ? null : Number(added),
      removed: binary ? null : Number(removed),
    };
  });
}

function changeOf(status: string, oldMode: string, newMode: string, sameBlob: boolean): Change['change'] {
  switch (status.slice(0, 1)) {
    case 'A':
    case 'C':
      return 'added';
    case 'D':
      return 'deleted';
    case 'R':
      return 'renamed';
    case 'T':
      return 'type';
    default:
      return sameBlob && oldMode !== newMode ? 'mode' : 'modified';
  }
}

async function readPatch(
  git: Git,
  options: GitOptions,
  maxBytes: number,
): Promise<Result<{ readonly patch: string; readonly truncated: boolean }, Failure>> {
  const process = git.start(options);
  process.stdin.on('error', () => undefined);
  process.stdin.end();
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdout) {
    if (!(chunk instanceof Uint8Array)) continue;
    pieces.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > maxBytes) break;
  }
  if (size > maxBytes) {
    process.kill('SIGKILL');
    await process;
    const head = Buffer.concat(pieces).subarray(0, maxBytes);
    // Half a line would read as a line that is not in the files.
    return ok({ patch: head.toString('utf8', 0, head.lastIndexOf(0x0a) + 1), truncated: true });
  }
  const end = await git.settle(options, process);
  return end.ok ? ok({ patch: Buffer.concat(pieces).toString('utf8'), truncated: false }) : err(end.error);
}
