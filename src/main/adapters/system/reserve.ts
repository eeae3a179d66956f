import { randomBytes } from 'node:crypto';
import { rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import type { Reserve } from '../../runtime/ports.ts';

const BYTES = 4 * 1024 * 1024;

/** Space set aside at `path`, on the disk of the log. Random, because a file system may store nothing for zeros. */
export function createReserve(path: string): Reserve {
  return {
    hold() {
      if (statSync(path, { throwIfNoEntry: false })?.size === BYTES) return;
      try {
        writeFileSync(path, randomBytes(BYTES), { mode: 0o600 });
      } catch {
        // Half a reserve would take the space that is left from the log.
        rmSync(path, { force: true });
      }
    },
    release() {
      try {
        unlinkSync(path);
        return true;
      } catch {
        return false;
      }
    },
  };
}
