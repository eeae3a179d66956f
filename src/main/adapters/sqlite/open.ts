import { chmodSync, closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { migrations } from './migrations.ts';
import { StoreError } from './store-error.ts';

/** "omkg" in ASCII: tells our database from any other SQLite file at the same path. */
const APPLICATION_ID = 0x6f6d6b67;

export type Db = Database.Database;

/**
 * Opens (or makes) the log's database: WAL, synchronous FULL, 0600. Throws `StoreError` when the file belongs to another
 * program, was written by a newer omk, is damaged, or cannot be written.
 */
export function openDatabase(path: string): Db {
  let db: Db;
  try {
    // SQLite would make the file readable to everybody, for a moment.
    if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
    db = new Database(path, { timeout: 5_000 });
  } catch (cause) {
    throw cannotUse(path, cause);
  }
  try {
    if (path !== ':memory:') chmodSync(path, 0o600);
    identify(db, path);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    migrate(db, path);
    return db;
  } catch (cause) {
    db.close();
    if (cause instanceof StoreError) throw cause;
    throw cannotUse(path, cause);
  }
}

function identify(db: Db, path: string): void {
  const id = Number(db.pragma('application_id', { simple: true }));
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
  if (id === APPLICATION_ID) return;
  if (id !== 0 || tables.n > 0) {
    throw new StoreError(
      'store.foreign_file',
      `${path} is a database of another program. Move it away or set OMK_HOME.`,
    );
  }
  db.pragma(`application_id = ${APPLICATION_ID}`);
}

function migrate(db: Db, path: string): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new StoreError(
      'store.newer_version',
      `${path} was written by a newer omk (schema ${version}; this one knows ${migrations.length}). Update omk.`,
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    })();
  }
}

function cannotUse(path: string, cause: unknown): StoreError {
  const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
  return new StoreError(
    'store.cannot_open',
    `The log ${path} cannot be used: ${why}. Check its permissions, or set OMK_HOME to another folder.`,
    { cause },
  );
}
