import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';

/** The bytes are on disk when this returns; their name is once its folder is synced too. */
export function writeDurably(place: string, text: string): void {
  const fd = openSync(place, 'w', 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function syncFolder(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    // Some file systems cannot sync a folder; the rename is ordered there by other means.
    if (!(error instanceof Error && 'code' in error && error.code === 'EINVAL')) throw error;
  } finally {
    closeSync(fd);
  }
}
