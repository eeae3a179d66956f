import { chmodSync, closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { StoreError } from './store-error.ts';

/**
 * An exclusive lock that the operating system gives back when its holder dies, however it dies: an open exclusive transaction
 * on a file of its own. `null` when another process holds it.
 */
export function takeLock(path: string): { readonly release: () => void } | null {
  let db: Database.Database | null = null;
  try {
    // Made before SQLite would make it readable for all; its journal takes the same permissions.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    db = new Database(path, { timeout: 0 });
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db?.close();
    const code = cause !== null && typeof cause === 'object' && 'code' in cause ? String(cause.code) : '';
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return null;
    const known = StoreError.from(cause);
    if (known.code === 'store.disk_full') throw known;
    const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
    throw new StoreError(
      'store.cannot_open',
      `The lock ${path} cannot be taken: ${why}. Check its permissions, or set OMK_HOME to another folder.`,
      { cause },
    );
  }
  const held = db;
  return { release: () => void held.close() };
}
