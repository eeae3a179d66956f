import { existsSync } from 'node:fs';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ByteSource } from './byte-source.ts';
import { failure } from './failure.ts';
import type { Git, GitProcess } from './git.ts';

const idleMs = 1_000;
/** More than this is not skipped over; the process is ended and started anew. */
const maxSkip = 16 * 1024 * 1024;

/** Blobs of vaults by id, through one `git cat-file --batch` for each, which ends after a moment without a question. */
export type ObjectReader = {
  /** `null`: no blob, or longer than `maxBytes`. */
  blob(gitDir: string, oid: string, maxBytes: number): Promise<Result<Buffer | null, Failure>>;
  close(): void;
};

type Batch = { readonly process: GitProcess; readonly answers: ByteSource; idle: NodeJS.Timeout | null };

export function createObjectReader(
  git: Git,
  alone: <T>(key: string, act: () => Promise<T>) => Promise<T>,
): ObjectReader {
  const batches = new Map<string, Batch>();

  const end = (gitDir: string): void => {
    const batch = batches.get(gitDir);
    if (!batch) return;
    batches.delete(gitDir);
    if (batch.idle) clearTimeout(batch.idle);
    batch.process.kill('SIGKILL');
  };

  const open = (gitDir: string): Batch => {
    const known = batches.get(gitDir);
    if (known) {
      if (known.idle) clearTimeout(known.idle);
      return known;
    }
    const process = git.start({ gitDir, args: ['cat-file', '--batch'], timeoutMs: 24 * 3_600_000 });
    // Writing to a process that has died is answered by the end of its output, read below.
    process.stdin.on('error', () => undefined);
    const batch = { process, answers: new ByteSource(process.stdout), idle: null };
    batches.set(gitDir, batch);
    return batch;
  };

  const ask = async (
    gitDir: string,
    oid: string,
    maxBytes: number,
  ): Promise<Result<Buffer | null, Failure>> => {
    const gone = err(failure('tree.missing', `Object ${oid} is not in the goal’s vault any more.`));
    if (!existsSync(gitDir)) {
      end(gitDir);
      return gone;
    }
    const batch = open(gitDir);
    batch.process.stdin.write(`${oid}\n`);
    const header = /^[0-9a-f]+ (\w+) (\d+)$/.exec((await batch.answers.line()) ?? 'nothing');
    if (!header) {
      end(gitDir);
      return gone;
    }
    const size = Number(header[2]);
    const wanted = header[1] === 'blob' && size <= maxBytes;
    if (!wanted && size > maxSkip) {
      end(gitDir);
      return ok(null);
    }
    const pieces: Buffer[] = [];
    const whole = await batch.answers.take(size + 1, (piece) => {
      if (wanted) pieces.push(piece);
    });
    if (!whole) {
      end(gitDir);
      return gone;
    }
    batch.idle = setTimeout(() => {
      end(gitDir);
    }, idleMs).unref();
    return ok(wanted ? Buffer.concat(pieces).subarray(0, size) : null);
  };

  return {
    blob: (gitDir, oid, maxBytes) => alone(`objects ${gitDir}`, () => ask(gitDir, oid, maxBytes)),
    close: () => {
      for (const gitDir of batches.keys()) end(gitDir);
    },
  };
}
