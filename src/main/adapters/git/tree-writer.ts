import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, symlinkSync, writeSync } from 'node:fs';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { Oid } from '../../../shared/kernel/ids.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { bytePath, joinPath, onDisk, parentOf, rootPath, textOf, unsafePath } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { ByteSource } from './byte-source.ts';
import { errorCode, failure, ioFailure } from './failure.ts';
import type { Git, GitOptions } from './git.ts';
import { hashFile, hashObject, hashTree } from './object-id.ts';
import type { Blob, Entries } from './object-id.ts';
import { createPace } from '../process/pace.ts';
import { entriesOf } from './vault-tree.ts';
import { readLink } from './walk.ts';

export type WriteOptions = {
  readonly gitDir: string;
  readonly tree: Oid;
  /** Must be there and empty. */
  readonly dir: string;
  readonly signal?: AbortSignal;
};

export type Written = { readonly files: number; readonly bytes: number };

/** Longer than any path a system follows; a longer one is no link but an attack on whoever reads it. */
const maxLink = 64 * 1024;

/**
 * See `Workspaces.writeTree`. The bytes come from `cat-file` and go to disk as they are; afterwards everything in the folder is
 * read again, named by its bytes, and the tree made of those names must be the one asked for.
 */
export async function writeTree(git: Git, o: WriteOptions): Promise<Result<Written, Failure>> {
  const empty = emptyFolder(o.dir);
  if (!empty.ok) return empty;
  const entries = await entriesOf(git, o.gitDir, o.tree);
  if (!entries.ok) return entries;
  for (const [path, { mode }] of entries.value) {
    const why = unsafePath(path, mode === '120000');
    if (why !== null)
      return err(
        failure(
          'tree.unsafe_path',
          `The tree has a path that ${why}: ${JSON.stringify(textOf(path)).slice(0, 300)}.`,
        ),
      );
  }
  const expected = await treeIdOf(git, o);
  if (!expected.ok) return expected;
  const written = await writeAll(git, o, entries.value);
  if (!written.ok) return written;
  const found = await entriesOnDisk(o.dir, entries.value);
  if (!found.ok) return found;
  if (hashTree(found.value) !== expected.value)
    return err(
      failure('tree.mismatch', 'What was written to disk is not the tree that was asked for. Try again.'),
    );
  return written;
}

function emptyFolder(dir: string): Result<null, Failure> {
  try {
    if (!lstatSync(dir).isDirectory() || readdirSync(dir).length > 0)
      return err(failure('tree.not_empty', `${dir} must be an empty folder to write a tree into.`));
    return ok(null);
  } catch (error) {
    return err(ioFailure(error, `look at ${dir}`));
  }
}

async function treeIdOf(git: Git, o: WriteOptions): Promise<Result<string, Failure>> {
  const answer = await git.run({
    gitDir: o.gitDir,
    args: ['rev-parse', '--verify', '--end-of-options', `${o.tree}^{tree}`],
  });
  return answer.ok ? ok(answer.value.stdout.toString('latin1').trim()) : answer;
}

async function writeAll(git: Git, o: WriteOptions, entries: Entries): Promise<Result<Written, Failure>> {
  const blobs = [...entries].filter(([, { mode }]) => mode !== '160000');
  // Links last: no file can then be written through one.
  blobs.sort(([, a], [, b]) => (a.mode === '120000' ? 1 : 0) - (b.mode === '120000' ? 1 : 0));
  const reading: GitOptions = {
    gitDir: o.gitDir,
    args: ['cat-file', '--batch', '--buffer'],
    signal: o.signal,
    timeoutMs: 1_800_000,
  };
  const process = git.start(reading);
  process.stdin.on('error', () => undefined);
  process.stdin.end(blobs.map(([, { oid }]) => `${oid}\n`).join(''));
  const answers = new ByteSource(process.stdout);
  const pace = createPace();
  const folders = new Set<BytePath>([rootPath]);
  let bytes = 0;
  try {
    for (const [path, { mode }] of entries) if (mode === '160000') makeFolder(o.dir, path, folders);
    for (const [path, blob] of blobs) {
      const rest = pace();
      if (rest) await rest;
      const size = Number(/^[0-9a-f]+ blob (\d+)$/.exec((await answers.line()) ?? '')?.[1] ?? Number.NaN);
      if (Number.isNaN(size)) break;
      makeFolder(o.dir, parentOf(path), folders);
      if (!(await writeOne(onDisk(o.dir, path), blob, size, answers))) break;
      bytes += size;
    }
    process.stdout.resume();
    const end = await git.settle(reading, process);
    if (!end.ok) return end;
    return ok({ files: entries.size, bytes });
  } catch (error) {
    process.kill('SIGKILL');
    await process;
    if (errorCode(error) === 'EEXIST')
      return err(
        failure(
          'tree.collision',
          'Two names of the tree are one and the same on this disk, as they differ in case only.',
        ),
      );
    if (errorCode(error) === '') throw error;
    return err(ioFailure(error, 'write a tree'));
  }
}

/** `false`: git's answer ended before the object did. */
async function writeOne(place: Buffer, blob: Blob, size: number, answers: ByteSource): Promise<boolean> {
  if (blob.mode === '120000') {
    const pieces: Buffer[] = [];
    if (size > maxLink || !(await answers.take(size + 1, (piece) => pieces.push(piece)))) return false;
    symlinkSync(Buffer.concat(pieces).subarray(0, size), place);
    return true;
  }
  // Exclusive: never through a link, never over what is there.
  const fd = openSync(place, 'wx', blob.mode === '100755' ? 0o755 : 0o644);
  try {
    const whole = await answers.take(size, (piece) => {
      for (let at = 0; at < piece.length;) at += writeSync(fd, piece, at);
    });
    return whole && (await answers.take(1, () => undefined));
  } finally {
    closeSync(fd);
  }
}

function makeFolder(dir: string, path: BytePath, made: Set<BytePath>): void {
  if (made.has(path)) return;
  makeFolder(dir, parentOf(path), made);
  mkdirSync(onDisk(dir, path), { mode: 0o755 });
  made.add(path);
}

/** Names everything in a folder by its bytes; submodules are taken from the list, as only their empty folders are there. */
async function entriesOnDisk(dir: string, wanted: Entries): Promise<Result<Entries, Failure>> {
  const found = new Map<BytePath, Blob>();
  const pace = createPace();
  const waiting: BytePath[] = [rootPath];
  try {
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const entry of readdirSync(onDisk(dir, at), { withFileTypes: true, encoding: 'buffer' })) {
        const rest = pace();
        if (rest) await rest;
        const path = joinPath(at, bytePath(entry.name));
        const place = onDisk(dir, path);
        const want = wanted.get(path);
        if (want?.mode === '160000') found.set(path, want);
        else if (entry.isDirectory()) waiting.push(path);
        else if (entry.isSymbolicLink()) {
          const target = readLink(place);
          if (target) found.set(path, { mode: '120000', oid: hashObject('blob', target) });
        } else {
          const oid = hashFile(place);
          const executable = (lstatSync(place).mode & 0o100) !== 0;
          if (oid) found.set(path, { mode: executable ? '100755' : '100644', oid });
        }
      }
    }
    return ok(found);
  } catch (error) {
    return err(ioFailure(error, 'read back a tree'));
  }
}
