import type { TreeEntry } from '../../runtime/ports.ts';
import { bytePath } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { oidOf } from './object-id.ts';
import type { Mode } from './object-id.ts';

/** A `TreeEntry` whose name has not lost its bytes. `name` is relative to the tree it was read from. */
export type TreeRow = { readonly name: BytePath; readonly mode: Mode; readonly oid: TreeEntry['oid'] };

/** Old tools wrote other permission bits; git reads them as one of these. */
export function modeOf(octal: string): Mode {
  const bits = Number.parseInt(octal, 8);
  switch (bits & 0o170000) {
    case 0o040000:
      return '040000';
    case 0o120000:
      return '120000';
    case 0o160000:
      return '160000';
    default:
      return bits & 0o100 ? '100755' : '100644';
  }
}

/** Reads the bytes of a tree object; `null` when they are none. */
export function parseTree(bytes: Buffer): readonly TreeRow[] | null {
  const rows: TreeRow[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const end = space < 0 ? -1 : bytes.indexOf(0, space + 1);
    if (end < 0 || end + 21 > bytes.length) return null;
    rows.push({
      mode: modeOf(bytes.toString('latin1', at, space)),
      name: bytePath(bytes.subarray(space + 1, end)),
      oid: oidOf(bytes.toString('hex', end + 1, end + 21)),
    });
    at = end + 21;
  }
  return rows;
}
