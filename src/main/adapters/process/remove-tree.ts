import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes what subprocesses left, even when its parts are read-only, as module caches are. Never follows a link. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
    return;
  } catch {
    // Something inside is read-only: make folders writable, then once more.
  }
  await unlock(path);
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** The removal that gave up may still be taking away what it had begun with, so anything may be gone by now. */
async function unlock(path: string): Promise<void> {
  try {
    if (!(await lstat(path)).isDirectory()) return;
    await chmod(path, 0o700);
    for (const name of await readdir(path)) await unlock(join(path, name));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
}
