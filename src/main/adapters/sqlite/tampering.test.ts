import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { event } from '../../../shared/goal/events.ts';
import { CommandId, GoalId } from '../../../shared/kernel/ids.ts';
import type { EventStore } from '../../runtime/ports.ts';
import { openEventStore } from './event-store.ts';
import { StoreError } from './store-error.ts';

const goalId = GoalId.parse('goal-20260101-120000-000-0a1b2c3d');
const other = GoalId.parse('goal-20260101-120000-000-00000002');
const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

let commands = 0;
function append(store: EventStore, goal: GoalId, expectedVersion: number, count: number): void {
  const done = store.append({
    goalId: goal,
    expectedVersion,
    events: Array.from({ length: count }, (_, index) =>
      event('question.withdrawn', { questionId: 'question-1' as never, reason: `because of ${index}` }),
    ),
    at: 1_700_000_000_000,
    actor: 'host',
    commandId: CommandId.parse(`command-${(commands += 1)}`),
    causationId: null,
    receipt: '{"ok":true,"value":{"version":3}}',
    row: JSON.stringify({ goalId: goal, title: 'Fix the retry', status: 'running' }),
  });
  expect(done.ok).toBe(true);
}

/** A closed database with two goals; its one file holds everything. */
function database(): { readonly dir: string; readonly path: string } {
  const dir = mkdtempSync(join(tmpdir(), 'omk-tamper-'));
  dirs.push(dir);
  const path = join(dir, 'goals.db');
  const store = openEventStore(path);
  append(store, goalId, 0, 4);
  append(store, other, 0, 2);
  append(store, goalId, 4, 3);
  store.close();
  return { dir, path };
}

/** What somebody gets to know of the database: what is in it, or that it cannot be trusted. */
function look(path: string): { said: 'refused' | 'noticed' | 'read'; events: string } {
  let store: EventStore;
  try {
    store = openEventStore(path);
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    return { said: 'refused', events: '' };
  }
  try {
    const goals = store.goals().map((one) => one.goalId);
    const both = [goalId, other].map((id) => ({ ...store.read(id, 0), chain: store.verifyChain(id) }));
    store.receipt(CommandId.parse('command-1'));
    const noticed =
      !goals.includes(goalId) ||
      !goals.includes(other) ||
      both.some((one) => one.unreadable !== null || !one.chain.ok);
    return { said: noticed ? 'noticed' : 'read', events: JSON.stringify(both.map((one) => one.events)) };
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    return { said: 'refused', events: '' };
  } finally {
    store.close();
  }
}

describe('a log that was changed outside omk', () => {
  it('never gives out another event, whichever byte of the file was flipped', () => {
    const { dir, path } = database();
    const original = readFileSync(path);
    const whole = look(path);
    expect(whole.said).toBe('read');
    const target = join(dir, 'flipped.db');
    const counts = { refused: 0, noticed: 0, read: 0 };
    const changed: number[] = [];
    for (let at = 0; at < original.length; at += original[at] === 0 ? 97 : 3) {
      const bytes = Buffer.from(original);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      for (const end of ['-wal', '-shm', '-journal']) rmSync(`${target}${end}`, { force: true });
      writeFileSync(target, bytes);
      const seen = look(target);
      counts[seen.said] += 1;
      if (seen.said === 'read' && seen.events !== whole.events) changed.push(at);
    }
    expect(changed).toEqual([]);
    expect(counts.refused).toBeGreaterThan(20);
    expect(counts.noticed).toBeGreaterThan(300);
  });

  it('is noticed when its end was cut off, or another goal’s events were put in', () => {
    for (const [sql, problem] of [
      [
        `DELETE FROM events WHERE version > 5 AND goal_id = '${goalId}'`,
        'The log does not end where it was last written: after event 5.',
      ],
      [
        `UPDATE events SET goal_id = '${goalId}', version = version + 7 WHERE goal_id = '${other}'`,
        'Event 8 does not match its hash.',
      ],
      [
        `UPDATE events SET version = 99 - version WHERE goal_id = '${goalId}'; UPDATE events SET version = version - 91 WHERE goal_id = '${goalId}'`,
        'Event 1 does not match its hash.',
      ],
    ] as const) {
      const { path } = database();
      const raw = new Database(path);
      raw.exec(`DROP TRIGGER events_are_append_only; DROP TRIGGER events_are_kept; ${sql}`);
      raw.close();
      const store = openEventStore(path);
      expect(store.read(goalId, 0).unreadable).toBe(problem);
      expect(store.verifyChain(goalId).problem).toBe(problem);
      expect(store.verifyChain(other).ok).toBe(!sql.startsWith('UPDATE events SET goal_id'));
      store.close();
    }
  });

  it('is noticed while a host has it open, and nothing is appended to it', () => {
    const { path } = database();
    const store = openEventStore(path);
    store.read(goalId, 0);
    const raw = new Database(path);
    raw.exec('DROP TRIGGER events_are_kept; DELETE FROM events WHERE version = 7');
    raw.close();
    expect(() => append(store, goalId, 6, 1)).toThrow(/changed outside omk/);
    expect(store.verifyChain(goalId)).toMatchObject({ ok: false, checked: 6 });
    store.close();
  });
});

it('lists goals by their events: the projection can be dropped, and comes back with the next append', () => {
  const { path } = database();
  const raw = new Database(path);
  raw.exec('DELETE FROM goals');
  raw.close();
  const store = openEventStore(path);
  expect(store.goals()).toEqual([
    { goalId, row: null, version: 7 },
    { goalId: other, row: null, version: 2 },
  ]);
  expect(store.read(goalId, 0).unreadable).toBeNull();
  append(store, goalId, 7, 1);
  expect(store.goals()[0]).toMatchObject({ version: 8, row: expect.stringContaining('Fix the retry') });
  store.close();
});

it('redacts receipts and list rows as well as events', () => {
  const { dir, path } = database();
  const token = `ghp_${'a1B2'.repeat(9)}`;
  const store = openEventStore(path);
  store.append({
    goalId,
    expectedVersion: 7,
    events: [event('goal.paused', {})],
    at: 0,
    actor: 'host',
    commandId: CommandId.parse('command-secret'),
    causationId: null,
    receipt: JSON.stringify({ ok: false, error: { message: `refused ${token}` } }),
    row: JSON.stringify({ title: `use ${token}` }),
  });
  copyFileSync(`${path}-wal`, join(dir, 'copy-of-wal'));
  store.close();
  for (const file of [path, join(dir, 'copy-of-wal')]) expect(readFileSync(file).includes(token)).toBe(false);
});
