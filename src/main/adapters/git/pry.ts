import { chmodSync, lstatSync } from 'node:fs';
import { errorCode } from './failure.ts';
import { openRegular } from './object-id.ts';

/**
 * Does `read` with the owner's rights added, for what an agent closed to itself; the mode is put back afterwards unless
 * `keep`. `null` when it does not help.
 */
export function pryOpen<T>(
  place: Buffer | string,
  o: { readonly rights: number; readonly keep: boolean },
  read: () => T,
): T | null {
  try {
    const { mode } = lstatSync(place);
    chmodSync(place, (mode & 0o7777) | o.rights);
    try {
      return read();
    } finally {
      if (!o.keep) chmodSync(place, mode & 0o7777);
    }
  } catch {
    // Not ours to open, or gone: the caller reports it as unreadable.
    return null;
  }
}

/** As `openRegular`, and gets into files without the owner's right to read. */
export function openPrying(place: Buffer | string): ReturnType<typeof openRegular> {
  try {
    return openRegular(place);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EACCES') return pryOpen(place, { rights: 0o400, keep: false }, () => openRegular(place));
    // A link, a socket or a device has no bytes of its own; gone means the same.
    if (code === 'ELOOP' || code === 'ENXIO' || code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
