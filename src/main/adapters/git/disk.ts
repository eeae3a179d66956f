import { lstatSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { createPace } from '../process/pace.ts';

/** Bytes an ordinary user may still write where `dir` is. */
export function freeBytes(dir: string): number {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
}

/** Bytes that a folder takes on disk; what vanishes or is closed meanwhile counts as nothing. */
export async function bytesUsed(root: string): Promise<number> {
  const pace = createPace();
  let total = 0;
  const waiting = [Buffer.from(root)];
  for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
    const rest = pace();
    if (rest) await rest;
    for (const name of namesIn(dir)) {
      const place = Buffer.concat([dir, Buffer.from('/'), name]);
      const stat = lstatSync(place, { throwIfNoEntry: false });
      total += (stat?.blocks ?? 0) * 512;
      if (stat?.isDirectory()) waiting.push(place);
    }
  }
  return total;
}

function namesIn(dir: Buffer): Buffer[] {
  try {
    return readdirSync(dir, { encoding: 'buffer' });
  } catch {
    // Gone or closed: said in the docstring of who asks.
    return [];
  }
}

/** Size of an object store: what a copy of its history can cost at most. */
export function objectBytes(objectDir: string): number {
  let total = 0;
  for (const sub of ['pack', ...Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))]) {
    const dir = join(objectDir, sub);
    for (const name of namesIn(Buffer.from(dir)))
      total += lstatSync(Buffer.concat([Buffer.from(`${dir}/`), name]), { throwIfNoEntry: false })?.size ?? 0;
  }
  return total;
}
