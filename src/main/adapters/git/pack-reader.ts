import { closeSync, readSync, readdirSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { openRegular, readLinked } from './object-id.ts';

export type RawObject = { readonly type: 'commit' | 'tree' | 'blob' | 'tag'; readonly bytes: Buffer };

/** Larger objects are refused before memory is taken for them. */
const maxObject = 64 * 1024 * 1024;
const maxChain = 10_000;
const types = [null, 'commit', 'tree', 'blob', 'tag'] as const;

type Pack = { readonly idx: number; readonly pack: number; readonly size: number; readonly fanout: Buffer };

export class UnreadablePack extends Error {
  override readonly name = 'UnreadablePack';
}

/**
 * Finds packed objects with a few positioned reads. isomorphic-git reads a pack whole, which a repository of ordinary size
 * makes too slow for a form and one of some gigabytes makes impossible.
 */
export class PackReader {
  readonly objectDirs: readonly string[];
  #packs: Pack[] | null = null;

  constructor(objectDir: string) {
    this.objectDirs = withAlternates(objectDir);
  }

  /** `null`: in no pack. Throws `UnreadablePack` for damaged or oversized objects. */
  read(oid: string): RawObject | null {
    const name = Buffer.from(oid, 'hex');
    this.#packs ??= this.objectDirs.flatMap(openPacks);
    for (const pack of this.#packs) {
      const offset = find(pack, name);
      if (offset === null) continue;
      // What was found once is likely near what is asked next.
      this.#packs = [pack, ...this.#packs.filter((other) => other !== pack)];
      return this.#readAt(pack, offset);
    }
    return null;
  }

  #readAt(pack: Pack, start: number): RawObject {
    const deltas: Buffer[] = [];
    for (let offset = start; deltas.length <= maxChain;) {
      const header = readHeader(pack, offset);
      const type = types[header.type];
      if (type) return { type, bytes: deltas.reduceRight(applyDelta, inflate(pack, header)) };
      deltas.push(inflate(pack, header));
      if (header.base === null) throw new UnreadablePack('A packed object is of no known kind.');
      if (typeof header.base === 'number') {
        offset = header.base;
        continue;
      }
      const next = find(pack, header.base);
      if (next !== null) {
        offset = next;
        continue;
      }
      const base = this.read(header.base.toString('hex'));
      if (base === null) throw new UnreadablePack('The base of a packed object is missing.');
      return { type: base.type, bytes: deltas.reduceRight(applyDelta, base.bytes) };
    }
    throw new UnreadablePack('A packed object rests on too many others.');
  }

  close(): void {
    for (const { idx, pack } of this.#packs ?? []) {
      closeSync(idx);
      closeSync(pack);
    }
    this.#packs = null;
  }
}

function withAlternates(objectDir: string): string[] {
  const found = [objectDir];
  for (const dir of found) {
    const text = readLinked(join(dir, 'info/alternates'), 64_000)?.toString('utf8') ?? '';
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const other = isAbsolute(line) ? line : resolve(dir, line);
      if (!found.includes(other) && found.length < 20) found.push(other);
    }
  }
  return found;
}

function openPacks(objectDir: string): Pack[] {
  const dir = join(objectDir, 'pack');
  const packs: Pack[] = [];
  let names: string[] = [];
  try {
    names = readdirSync(dir);
  } catch {
    // A repository that was never packed has no such folder.
    return packs;
  }
  for (const name of names) {
    if (!/^pack-[0-9a-f]+\.idx$/.test(name)) continue;
    const pack = openPack(join(dir, name));
    if (pack) packs.push(pack);
  }
  return packs;
}

/** `null`: no pack, or one of a kind omk does not read. As git does, the others are asked before anything is called missing. */
function openPack(idxPlace: string): Pack | null {
  let idx: number | null = null;
  let pack: { readonly fd: number; readonly size: number } | null = null;
  try {
    idx = openRegular(idxPlace)?.fd ?? null;
    pack = openRegular(idxPlace.replace(/idx$/, 'pack'));
    const head = idx === null ? null : readExactly(idx, 0, 8 + 1024);
    if (idx !== null && pack && head?.readUInt32BE(0) === 0xff744f63 && head.readUInt32BE(4) === 2)
      return { idx, pack: pack.fd, size: pack.size, fanout: head.subarray(8) };
  } catch {
    // Gone, closed or cut short: said in the docstring what that means.
  }
  if (idx !== null) closeSync(idx);
  if (pack) closeSync(pack.fd);
  return null;
}

/** Offset of an object in its pack. */
function find(pack: Pack, oid: Buffer): number | null {
  const first = oid[0] ?? 0;
  const count = pack.fanout.readUInt32BE(255 * 4);
  let low = first === 0 ? 0 : pack.fanout.readUInt32BE((first - 1) * 4);
  let high = pack.fanout.readUInt32BE(first * 4);
  const names = 8 + 1024;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = readExactly(pack.idx, names + middle * 20, 20).compare(oid);
    if (order === 0) {
      const offsets = names + count * 24;
      const small = readExactly(pack.idx, offsets + middle * 4, 4).readUInt32BE();
      if (small < 0x80000000) return small;
      return Number(
        readExactly(pack.idx, offsets + count * 4 + (small - 0x80000000) * 8, 8).readBigUInt64BE(),
      );
    }
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return null;
}

type Header = {
  readonly type: number;
  readonly size: number;
  readonly base: number | Buffer | null;
  readonly data: number;
};

function readHeader(pack: Pack, offset: number): Header {
  const bytes = readSome(pack.pack, offset, 64);
  let at = 0;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw new UnreadablePack('A pack ends too early.');
    return byte;
  };
  let byte = next();
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; byte & 0x80; scale *= 128) {
    byte = next();
    size += (byte & 0x7f) * scale;
  }
  if (size > maxObject) throw new UnreadablePack('A packed object is larger than omk reads.');
  let base: number | Buffer | null = null;
  if (type === 6) {
    byte = next();
    let distance = byte & 0x7f;
    while (byte & 0x80) {
      byte = next();
      distance = (distance + 1) * 128 + (byte & 0x7f);
    }
    if (distance <= 0 || distance > offset)
      throw new UnreadablePack('A packed object points outside its pack.');
    base = offset - distance;
  } else if (type === 7) {
    base = Buffer.from(bytes.subarray(at, at + 20));
    at += 20;
  }
  return { type, size, base, data: offset + at };
}

function inflate(pack: Pack, { size, data }: Header): Buffer {
  // zlib's own bound on how long `size` bytes can become.
  const bound = size + (size >> 12) + (size >> 14) + 64;
  try {
    const bytes = inflateSync(readSome(pack.pack, data, Math.min(bound, pack.size - data)), {
      maxOutputLength: Math.max(size, 1),
    });
    if (bytes.length === size) return bytes;
  } catch {
    // Damaged or lying about its size: said below, once.
  }
  throw new UnreadablePack('A packed object is damaged. Run "git fsck" in the repository.');
}

function applyDelta(base: Buffer, delta: Buffer): Buffer {
  let at = 0;
  const byte = (): number => {
    const value = delta[at++];
    if (value === undefined) throw new UnreadablePack('A packed difference ends too early.');
    return value;
  };
  const size = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const next = byte();
      value += (next & 0x7f) * scale;
      if ((next & 0x80) === 0) return value;
    }
  };
  const from = size();
  const to = size();
  if (from !== base.length || to > maxObject) throw new UnreadablePack('A packed difference does not fit.');
  const result = Buffer.alloc(to);
  let filled = 0;
  while (at < delta.length) {
    const command = byte();
    if (command & 0x80) {
      let offset = 0;
      let length = 0;
      for (let bit = 0; bit < 4; bit++) if (command & (1 << bit)) offset += byte() * 2 ** (8 * bit);
      for (let bit = 0; bit < 3; bit++) if (command & (16 << bit)) length += byte() * 2 ** (8 * bit);
      if (length === 0) length = 0x10000;
      if (offset + length > base.length || filled + length > to)
        throw new UnreadablePack('A packed difference does not fit.');
      base.copy(result, filled, offset, offset + length);
      filled += length;
    } else {
      if (command === 0 || at + command > delta.length || filled + command > to)
        throw new UnreadablePack('A packed difference does not fit.');
      delta.copy(result, filled, at, at + command);
      at += command;
      filled += command;
    }
  }
  if (filled !== to) throw new UnreadablePack('A packed difference does not fit.');
  return result;
}

function readSome(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(length, 0));
  let at = 0;
  while (at < bytes.length) {
    const read = readSync(fd, bytes, at, bytes.length - at, position + at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

function readExactly(fd: number, position: number, length: number): Buffer {
  const bytes = readSome(fd, position, length);
  if (bytes.length !== length) throw new UnreadablePack('The index of a pack ends too early.');
  return bytes;
}
