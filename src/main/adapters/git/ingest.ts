import { randomUUID } from 'node:crypto';
import { closeSync, readSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { onDisk, textOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { errorCode, failure, ioFailure } from './failure.ts';
import type { Git, GitOptions } from './git.ts';
import { oidOf, readSmall } from './object-id.ts';
import type { Blob, FileMode } from './object-id.ts';
import { openPrying } from './pry.ts';
import { readLink } from './walk.ts';
import type { FoundFile } from './walk.ts';

const maxMarks = 64 * 1024 * 1024;
const chunk = 1024 * 1024;

export const modeOfFile = (file: FoundFile): FileMode =>
  file.isLink ? '120000' : file.executable ? '100755' : '100644';

/**
 * Puts the bytes of files into a repository of omk's own, as they are: `fast-import` takes counted bytes on its input, so no
 * name is parsed, no filter runs and git opens nothing in the folder. A file that cannot be read is missing in the answer.
 */
export async function ingest(
  git: Git,
  gitDir: string,
  root: string,
  files: readonly FoundFile[],
): Promise<Result<ReadonlyMap<BytePath, Blob>, Failure>> {
  if (files.length === 0) return ok(new Map());
  const marks = join(gitDir, `omk-marks-${randomUUID()}`);
  const options: GitOptions = {
    gitDir,
    args: ['fast-import', '--quiet', '--done', `--export-marks=${marks}`],
    timeoutMs: 600_000,
  };
  const importer = git.start(options);
  const broken = new AbortController();
  importer.stdin.on('error', () => {
    broken.abort();
  });
  importer.stdout.resume();
  const sent: FoundFile[] = [];
  let problem: Failure | null = null;
  try {
    for (const file of files) {
      if (broken.signal.aborted) break;
      const outcome = await send(importer.stdin, root, file, sent.length + 1, broken.signal);
      if (outcome === 'sent') sent.push(file);
      else if (outcome === 'changing') {
        problem = failure(
          'slice.changing',
          `${textOf(file.path)} changed while it was being read. Try again.`,
        );
        break;
      }
    }
    if (problem === null) importer.stdin.end('done\n');
    else importer.kill('SIGKILL');
    const end = await git.settle(options, importer);
    if (problem !== null) return err(problem);
    if (!end.ok) return end;
    const text = readSmall(marks, maxMarks)?.toString('latin1') ?? '';
    const blobs = new Map<BytePath, Blob>();
    for (const match of text.matchAll(/^:(\d+) ([0-9a-f]+)$/gm)) {
      const file = sent[Number(match[1]) - 1];
      if (file) blobs.set(file.path, { mode: modeOfFile(file), oid: oidOf(match[2] ?? '') });
    }
    return ok(blobs);
  } catch (error) {
    importer.kill('SIGKILL');
    await importer;
    if (errorCode(error) === '') throw error;
    return err(ioFailure(error, 'read a changed file'));
  } finally {
    rmSync(marks, { force: true });
  }
}

async function send(
  to: Writable,
  root: string,
  file: FoundFile,
  mark: number,
  signal: AbortSignal,
): Promise<'sent' | 'unreadable' | 'changing'> {
  const place = onDisk(root, file.path);
  const write = async (bytes: Buffer | string): Promise<void> => {
    if (!to.write(bytes)) await once(to, 'drain', { signal }).catch(() => undefined);
  };
  if (file.isLink) {
    const target = readLink(place);
    if (target === null) return 'unreadable';
    await write(
      Buffer.concat([Buffer.from(`blob\nmark :${mark}\ndata ${target.length}\n`), target, Buffer.from('\n')]),
    );
    return 'sent';
  }
  const opened = openPrying(place);
  if (opened === null) return 'unreadable';
  try {
    await write(`blob\nmark :${mark}\ndata ${opened.size}\n`);
    let left = opened.size;
    while (left > 0) {
      const bytes = Buffer.allocUnsafe(Math.min(left, chunk));
      const read = readSync(opened.fd, bytes, 0, bytes.length, null);
      // The length has been promised: what is shorter now cannot be taken back.
      if (read === 0) return 'changing';
      left -= read;
      await write(bytes.subarray(0, read));
    }
    await write('\n');
    return 'sent';
  } finally {
    closeSync(opened.fd);
  }
}
