import type { Stats } from 'node:fs';
import { bytePath } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { oidOf } from './object-id.ts';
import type { Blob } from './object-id.ts';
import { modeOf } from './tree-object.ts';

export type IndexEntry = Blob & {
  readonly path: BytePath;
  readonly size: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanos: number;
  /** 0, or 1 to 3 while a merge of this path is unfinished. */
  readonly stage: number;
  /** Deliberately not in the working folder. */
  readonly skipped: boolean;
};

/** The last row of an index file that omk cannot take into account: split and sparse indexes. */
const needed = new Set(['link', 'sdir']);

/** Parses git's index, versions 2 to 4. `null`: damaged, or of a kind that cannot be understood alone. */
export function parseIndex(bytes: Buffer): readonly IndexEntry[] | null {
  if (bytes.length < 32 || bytes.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const count = bytes.readUInt32BE(8);
  const end = bytes.length - 20;
  const entries: IndexEntry[] = [];
  let at = 12;
  let previous: Buffer = Buffer.alloc(0);
  for (let done = 0; done < count; done++) {
    const start = at;
    if (start + 62 > end) return null;
    const flags = bytes.readUInt16BE(start + 60);
    const extended = (flags & 0x4000) !== 0;
    const more = extended ? bytes.readUInt16BE(start + 62) : 0;
    at = start + (extended ? 64 : 62);
    let name: Buffer;
    if (version === 4) {
      let byte = bytes[at++] ?? 0;
      let strip = byte & 0x7f;
      while (byte & 0x80 && at < end) {
        byte = bytes[at++] ?? 0;
        strip = (strip + 1) * 128 + (byte & 0x7f);
      }
      const stop = bytes.indexOf(0, at);
      if (stop < 0 || stop > end || strip > previous.length) return null;
      name = Buffer.concat([previous.subarray(0, previous.length - strip), bytes.subarray(at, stop)]);
      at = stop + 1;
    } else {
      const stop = bytes.indexOf(0, at);
      if (stop < 0 || stop > end) return null;
      name = bytes.subarray(at, stop);
      // Padded with one to eight zeros to a multiple of eight.
      at = start + Math.floor((stop - start + 8) / 8) * 8;
    }
    previous = name;
    const mode = modeOf(bytes.readUInt32BE(start + 24).toString(8));
    // A folder as an entry means that the index is sparse.
    if (mode === '040000') return null;
    entries.push({
      path: bytePath(name),
      mode,
      oid: oidOf(bytes.toString('hex', start + 40, start + 60)),
      size: bytes.readUInt32BE(start + 36),
      mtimeSeconds: bytes.readUInt32BE(start + 8),
      mtimeNanos: bytes.readUInt32BE(start + 12),
      stage: (flags >> 12) & 3,
      skipped: (more & 0x4000) !== 0,
    });
  }
  for (; at + 8 <= end; at += 8 + bytes.readUInt32BE(at + 4))
    if (needed.has(bytes.toString('latin1', at, at + 4))) return null;
  return entries;
}

/** What the file system says is what the index remembers, and it was not written in the same instant as the index. */
export function isUntouched(
  entry: IndexEntry,
  stat: Stats,
  indexWrittenMs: number,
  trustsModes: boolean,
): boolean {
  if (entry.size !== stat.size % 2 ** 32) return false;
  if (trustsModes && stat.isFile() && (entry.mode === '100755') !== ((stat.mode & 0o100) !== 0)) return false;
  if (stat.isSymbolicLink() !== (entry.mode === '120000')) return false;
  const nanos = Math.round((stat.mtimeMs % 1_000) * 1_000_000);
  const close = entry.mtimeNanos === 0 || Math.abs(nanos - entry.mtimeNanos) < 2_000;
  return entry.mtimeSeconds === Math.floor(stat.mtimeMs / 1_000) && close && stat.mtimeMs < indexWrittenMs;
}
