import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Digest } from '../../../shared/kernel/ids.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { redactText } from '../../../shared/redact.ts';
import type { Redact } from '../../../shared/redact.ts';
import { createStreamRedactor } from '../../../shared/redact-stream.ts';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { ArtifactWriter, Artifacts } from '../../runtime/ports.ts';

type Closed = Awaited<ReturnType<ArtifactWriter['close']>>;

/**
 * Content-addressed files `<root>/<2 hex>/<digest>`: 0600, synced before their digest is known to anybody. What a writer of an
 * earlier host left unfinished is removed.
 */
export function createArtifacts(root: string, redact: Redact = redactText): Artifacts {
  const unfinished = join(root, 'tmp');
  try {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  } catch {
    // A disk that is full or read-only shows when something is to be written, to whoever wants it written.
  }
  const pathOf = (digest: string): string => join(root, digest.slice(0, 2), digest);

  const writer = (quotaBytes: number): ArtifactWriter =>
    openWriter({ tmp: join(unfinished, randomUUID()), quotaBytes, pathOf, redact });

  return {
    writer,
    async put(bytes) {
      const one = writer(Number.MAX_SAFE_INTEGER);
      one.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
      const closed = await one.close();
      return closed.ok ? ok(closed.value.digest) : closed;
    },
    async read(digest, offset, length) {
      let file;
      try {
        file = await open(pathOf(digest), 'r');
      } catch {
        return null; // not there: the caller says what is missing
      }
      try {
        const { size } = await file.stat();
        const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
        return { bytes: bytes.subarray(0, bytesRead), size };
      } finally {
        await file.close();
      }
    },
    has: (digest) => existsSync(pathOf(digest)),
    async verify(digest) {
      try {
        const file = await open(pathOf(digest), 'r');
        const hash = createHash('sha256');
        for await (const chunk of file.createReadStream()) hash.update(chunk as Buffer);
        return hash.digest('hex') === digest;
      } catch {
        return false; // missing or unreadable evidence is broken evidence
      }
    },
  };
}

function openWriter(o: {
  readonly tmp: string;
  readonly quotaBytes: number;
  readonly pathOf: (digest: string) => string;
  readonly redact: Redact;
}): ArtifactWriter {
  const { tmp, quotaBytes, pathOf } = o;
  const hash = createHash('sha256');
  const redactor = createStreamRedactor(o.redact);
  let fd: number | null = null;
  let failure: Failure | null = null;
  let kept = 0;
  let dropped = 0;
  let closed: Closed | null = null;
  try {
    fd = openSync(tmp, 'wx', 0o600);
  } catch (cause) {
    failure = diskFailure(cause);
  }

  const store = (bytes: Uint8Array): void => {
    if (fd === null || failure) return;
    try {
      let at = 0;
      while (at < bytes.length) at += writeSync(fd, bytes, at);
      hash.update(bytes);
    } catch (cause) {
      failure = diskFailure(cause);
    }
  };
  const keep = (text: string): void => {
    const bytes = Buffer.from(text, 'latin1');
    const fits = bytes.subarray(0, Math.max(0, quotaBytes - kept));
    dropped += bytes.length - fits.length;
    kept += fits.length;
    store(fits);
  };

  /** Gives the file its name; only whole, synced bytes ever get one. */
  const publish = (): Closed => {
    keep(redactor.end());
    if (dropped > 0) store(Buffer.from(`\n[… ${dropped} bytes not kept …]\n`));
    try {
      if (fd !== null) {
        try {
          fsyncSync(fd);
        } finally {
          closeSync(fd);
        }
      }
      if (failure === null) {
        const digest = Digest.parse(hash.digest('hex'));
        moveTo(tmp, pathOf(digest));
        return ok({ digest, bytes: kept, dropped });
      }
    } catch (cause) {
      failure ??= diskFailure(cause);
    }
    try {
      rmSync(tmp, { force: true });
    } catch {
      // Where nothing can be written nothing can be removed either; the next start clears the folder.
    }
    return err(failure);
  };

  return {
    write(chunk) {
      if (closed) return;
      // A flood is not worth looking through once nothing of it is kept any more.
      if (kept >= quotaBytes) dropped += chunk.length;
      else {
        // Latin-1 keeps every byte, also those that are not UTF-8.
        const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
        keep(redactor.push(text));
      }
    },
    close: () => Promise.resolve((closed ??= publish())),
  };
}

function moveTo(tmp: string, target: string): void {
  const dir = dirname(target);
  const made = mkdirSync(dir, { recursive: true, mode: 0o700 });
  renameSync(tmp, target);
  syncDirectory(dir);
  if (made !== undefined) syncDirectory(dirname(dir));
}

function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function diskFailure(cause: unknown): Failure {
  const code =
    cause !== null && typeof cause === 'object' && 'code' in cause ? String(cause.code) : 'unknown';
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return {
    code: full ? 'artifact.disk_full' : 'artifact.not_written',
    message: full
      ? 'The disk is full: evidence could not be stored. Free some space and retry.'
      : `Evidence could not be stored (${code}). Check the permissions of the state directory.`,
    retry: 'ask',
    blame: 'infra',
    detail: { errno: code },
  };
}
