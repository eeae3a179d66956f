/**
 * Numbered, forward only, never edited once shipped (`migrations.test.ts` pins their hashes). Index + 1 is the
 * `user_version` a database has after the statement ran.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE events (
    position     INTEGER PRIMARY KEY,
    goal_id      TEXT NOT NULL,
    version      INTEGER NOT NULL,
    event_id     TEXT NOT NULL UNIQUE,
    type         TEXT NOT NULL,
    v            INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    command_id   TEXT NOT NULL,
    causation_id TEXT,
    payload      TEXT NOT NULL,
    hash         TEXT NOT NULL,
    UNIQUE (goal_id, version)
  ) STRICT;
  CREATE TABLE receipts (
    command_id TEXT PRIMARY KEY,
    goal_id    TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    at         INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE goals (
    goal_id    TEXT PRIMARY KEY,
    version    INTEGER NOT NULL,
    head       TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    row        TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER events_are_append_only BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
  CREATE TRIGGER events_are_kept BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
  `,
];
