import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { onTinyDisk } from '../../../../test/tiny-disk.ts';
import { openEventStore } from './event-store.ts';
import { takeLock } from './lock.ts';
import { migrations } from './migrations.ts';
import { openDatabase } from './open.ts';
import { StoreError } from './store-error.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});
function place(): string {
  const dir = mkdtempSync(join(tmpdir(), 'omk-open-'));
  dirs.push(dir);
  return join(dir, 'goals.db');
}

const thrown = (run: () => unknown): StoreError => {
  try {
    run();
  } catch (cause) {
    if (cause instanceof StoreError) return cause;
    throw cause;
  }
  throw new Error('Nothing was thrown.');
};

describe('migrations', () => {
  it('are never edited once shipped', () => {
    const hashes = migrations.map((sql) => createHash('sha256').update(sql).digest('hex').slice(0, 16));
    expect(hashes).toEqual(['4ab01f4032f00fd0']);
  });

  it('bring a database of every earlier version to the newest one, and leave the newest alone', () => {
    for (let version = 0; version <= migrations.length; version += 1) {
      const path = place();
      const old = new Database(path);
      old.pragma(`application_id = ${0x6f6d6b67}`);
      for (const sql of migrations.slice(0, version)) old.exec(sql);
      old.pragma(`user_version = ${version}`);
      old.close();
      const db = openDatabase(path);
      expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
      const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
      expect(tables).toEqual([{ name: 'events' }, { name: 'goals' }, { name: 'receipts' }]);
      db.close();
    }
  });

  it('leave nothing behind when one of them fails half-way', () => {
    const path = place();
    const old = new Database(path);
    old.pragma(`application_id = ${0x6f6d6b67}`);
    old.exec('CREATE TABLE receipts (of_another_time TEXT)');
    old.close();
    expect(thrown(() => openDatabase(path)).message).toMatch(/cannot be used/);
    const after = new Database(path);
    expect(after.pragma('user_version', { simple: true })).toBe(0);
    expect(after.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all()).toEqual([
      { name: 'receipts' },
    ]);
    after.close();
  });
});

describe('opening the log', () => {
  it('is readable by its owner only, with everything SQLite keeps beside it', () => {
    const path = place();
    const store = openEventStore(path);
    for (const name of readdirSync(join(path, '..')))
      expect(statSync(join(path, '..', name)).mode & 0o777, name).toBe(0o600);
    store.close();
  });

  it.each([
    ['not a database', 'This is a text file and longer than a header of SQLite would be.\n'.repeat(40)],
    ['half a header', 'SQLite format 3\0'],
  ])('refuses a file that is %s with a sentence', (_, text) => {
    const path = place();
    writeFileSync(path, text);
    const error = thrown(() => openEventStore(path));
    expect(error.message).toMatch(/^The log .*\.$/s);
    expect(error.message).not.toMatch(/\n/);
  });

  it('takes an empty file for a new log', () => {
    const path = place();
    writeFileSync(path, '');
    openEventStore(path).close();
  });

  it('refuses a folder in its place', () => {
    const path = place();
    mkdirSync(path);
    expect(thrown(() => openEventStore(path)).code).toBe('store.cannot_open');
  });

  it('records nothing on a full disk, says so, and goes on once there is room', (context) => {
    const module = JSON.stringify(join(import.meta.dirname, 'event-store.ts'));
    const events = JSON.stringify(join(import.meta.dirname, '../../../shared/goal/events.ts'));
    const ran = onTinyDisk(
      '600k',
      `
      import { openEventStore } from ${module};
      import { event } from ${events};
      import { rmSync, writeFileSync } from 'node:fs';
      const disk = process.env.DISK as string;
      const store = openEventStore(disk + '/goals.db');
      const goalId = 'goal-20260101-120000-000-0a1b2c3d' as never;
      let version = 0;
      let commands = 0;
      const append = () => {
        const done = store.append({ goalId, expectedVersion: version, at: 0, actor: 'host', causationId: null,
          events: [event('project.changed', { what: ['x'.repeat(480)], byOperator: false })],
          commandId: ('command-' + (commands += 1)) as never, receipt: '{}', row: '{}' });
        if (done.ok) version += 1;
      };
      writeFileSync(disk + '/ballast', Buffer.alloc(200_000));
      const problems = [];
      for (let at = 0; at < 2_000 && problems.length < 3; at += 1) {
        try { append(); } catch (cause) { problems.push(cause.code + ' ' + cause.message); }
      }
      const full = version;
      const kept = store.read(goalId, 0).events.length;
      rmSync(disk + '/ballast');
      append();
      const chain = store.verifyChain(goalId);
      store.close();
      console.log(JSON.stringify({ problems, full, kept, after: version, chain }));
      `,
    );
    if (ran === null) return context.skip('nobody may mount a file system here');
    expect(ran.stderr).toBe('');
    const said = JSON.parse(ran.stdout) as {
      problems: string[];
      full: number;
      kept: number;
      after: number;
      chain: unknown;
    };
    expect(said.problems).toHaveLength(3);
    for (const problem of said.problems) expect(problem).toMatch(/^store\.disk_full The disk is full/);
    expect(said.kept).toBe(said.full);
    expect(said.after).toBe(said.full + 1);
    expect(said.chain).toMatchObject({ ok: true, checked: said.after });
  });
});

describe('the lock', () => {
  it('is given back by the system when its holder is killed, whatever it left behind', async () => {
    const path = place();
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module-typescript',
        '-e',
        `import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
         const held = takeLock(process.argv[1]);
         console.log(held !== null);
         // Referred to for ever: a lock that is collected is a lock that is given back.
         setInterval(() => held, 1000);`,
        path,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = (await once(holder.stdout, 'data')) as [Buffer];
    expect(said.toString().trim()).toBe('true');
    expect(takeLock(path)).toBeNull();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const mine = takeLock(path);
    expect(mine).not.toBeNull();
    mine?.release();
  });

  it('is readable by its owner only, also where an older one was not', () => {
    const path = place();
    writeFileSync(path, '', { mode: 0o644 });
    takeLock(path)?.release();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says in a sentence that it cannot be taken at all', () => {
    const path = place();
    mkdirSync(path);
    expect(thrown(() => takeLock(path)).message).toMatch(/^[A-Z].*\.$/);
  });
});
