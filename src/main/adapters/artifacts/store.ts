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
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { ArtifactWriter, Artifacts } from '../../runtime/ports.ts';

/** Longest stretch without a line end that is redacted as a whole; longer lines are redacted in pieces of this size. */
const LINE_LIMIT = 64 * 1024;

/** Content-addressed files `<root>/<2 hex>/<digest>`: 0600, synced before their digest is known to anybody. */
export function createArtifacts(root: string): Artifacts {
  mkdirSync(join(root, 'tmp'), { recursive: true, mode: 0o700 });
  const pathOf = (digest: string): string => join(root, digest.slice(0, 2), digest);

  const writer = (quotaBytes: number): ArtifactWriter =>
    openWriter(join(root, 'tmp', randomUUID()), quotaBytes, pathOf);

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
      let file;
      try {
        file = await open(pathOf(digest), 'r');
      } catch {
        return false; // missing evidence is broken evidence
      }
      const hash = createHash('sha256');
      for await (const chunk of file.createReadStream()) hash.update(chunk as Buffer);
      return hash.digest('hex') === digest;
    },
  };
}

function openWriter(tmp: string, quotaBytes: number, pathOf: (digest: string) => string): ArtifactWriter {
  const hash = createHash('sha256');
  let fd: number | null = null;
  let failure: Failure | null = null;
  let kept = 0;
  let dropped = 0;
  let pending = '';
  try {
    fd = openSync(tmp, 'wx', 0o600);
  } catch (cause) {
    failure = diskFailure(cause);
  }

  const flush = (text: string): void => {
    if (fd === null || failure || text === '') return;
    const bytes = Buffer.from(redactText(text).text, 'latin1');
    const fits = bytes.subarray(0, Math.max(0, quotaBytes - kept));
    dropped += bytes.length - fits.length;
    if (fits.length === 0) return;
    try {
      let at = 0;
      while (at < fits.length) at += writeSync(fd, fits, at);
      hash.update(fits);
      kept += fits.length;
    } catch (cause) {
      failure = diskFailure(cause);
    }
  };

  return {
    write(chunk) {
      // A key block spans lines, so flushing stops in front of one that is still open.
      pending += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      const keyAt = pending.lastIndexOf('-----BEGIN ');
      const open = keyAt >= 0 && !pending.includes('-----END ', keyAt) && pending.length - keyAt < LINE_LIMIT;
      const limit = open ? keyAt : pending.length;
      const cut = pending.lastIndexOf('\n', limit - 1) + 1;
      const take = cut > 0 ? cut : pending.length > LINE_LIMIT ? limit : 0;
      flush(pending.slice(0, take));
      pending = pending.slice(take);
    },
    async close() {
      flush(pending);
      pending = '';
      if (fd !== null) {
        try {
          fsyncSync(fd);
        } catch (cause) {
          failure ??= diskFailure(cause);
        }
        closeSync(fd);
        fd = null;
      }
      if (failure) {
        rmSync(tmp, { force: true });
        return err(failure);
      }
      const digest = Digest.parse(hash.digest('hex'));
      const target = pathOf(digest);
      try {
        mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
        renameSync(tmp, target);
        syncDirectory(dirname(target));
      } catch (cause) {
        rmSync(tmp, { force: true });
        return err(diskFailure(cause));
      }
      return ok({ digest, bytes: kept, dropped });
    },
  };
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
