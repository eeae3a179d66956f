import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { event } from '../../../shared/goal/events.ts';
import { CommandId, GoalId } from '../../../shared/kernel/ids.ts';
import type { EventStore } from '../../runtime/ports.ts';
import { openEventStore } from './event-store.ts';
import { takeLock } from './lock.ts';
import { StoreError } from './store-error.ts';

const goalId = GoalId.parse('goal-20260101-120000-000-0a1b2c3d');
const dirs: string[] = [];
const open: EventStore[] = [];

function place(): string {
  const dir = mkdtempSync(join(tmpdir(), 'omk-store-'));
  dirs.push(dir);
  return join(dir, 'goals.db');
}
function store(path: string): EventStore {
  const one = openEventStore(path);
  open.push(one);
  return one;
}
let counter = 0;
const append = (to: EventStore, expectedVersion: number, n = 1) =>
  to.append({
    goalId,
    expectedVersion,
    events: Array.from({ length: n }, () => event('goal.paused', {})),
    at: 1_700_000_000_000,
    actor: 'operator',
    commandId: CommandId.parse(`command-${(counter += 1)}`),
    causationId: null,
    receipt: '{"ok":true}',
    row: '{}',
  });

afterEach(() => {
  for (const one of open.splice(0)) one.close();
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

describe('the event store', () => {
  it('gives back what was appended, in order and without gaps, also after a restart', () => {
    const path = place();
    const first = store(path);
    append(first, 0, 3);
    append(first, 3, 2);
    first.close();
    const { events, unreadable } = store(path).read(goalId, 0);
    expect(unreadable).toBeNull();
    expect(events.map((one) => one.version)).toEqual([1, 2, 3, 4, 5]);
    expect(events.map((one) => one.position)).toEqual([1, 2, 3, 4, 5]);
  });

  it('reads back what it appended although a payload carried members its schema does not know', () => {
    const one = store(place());
    const payload: object = { surprise: 'from an adapter' };
    const odd = event('goal.paused', payload as Record<string, never>);
    one.append({
      goalId,
      expectedVersion: 0,
      events: [odd],
      at: 0,
      actor: 'host',
      commandId: CommandId.parse('command-odd-1'),
      causationId: null,
      receipt: '{}',
      row: null,
    });
    expect(one.read(goalId, 0)).toMatchObject({ unreadable: null, events: [{ payload: {} }] });
  });

  it('refuses an append that expects another version', () => {
    const one = store(place());
    append(one, 0);
    expect(append(one, 0)).toEqual({ ok: false, error: { code: 'store.version_conflict' } });
    expect(one.read(goalId, 0).events).toHaveLength(1);
  });

  it('remembers the receipt of a command, also one without events', () => {
    const one = store(place());
    const commandId = CommandId.parse('command-refused');
    const base = {
      goalId,
      expectedVersion: 0,
      events: [],
      at: 0,
      actor: 'operator' as const,
      causationId: null,
      row: null,
    };
    one.append({ ...base, commandId, receipt: '{"ok":false}' });
    expect(one.receipt(commandId)?.outcome).toBe('{"ok":false}');
    expect(one.goals()).toEqual([]);
  });

  it('names the first event whose stored bytes were changed', () => {
    const path = place();
    const first = store(path);
    append(first, 0, 5);
    first.close();
    const raw = new Database(path);
    raw.exec(`DROP TRIGGER events_are_append_only; UPDATE events SET at = at + 1 WHERE version = 3`);
    raw.close();
    const one = store(path);
    expect(one.read(goalId, 0).unreadable).toBe('Event 3 does not match its hash.');
    expect(one.verifyChain(goalId)).toMatchObject({ ok: false, checked: 2 });
  });

  it('notices a payload that was only reformatted, and an event that was cut out', () => {
    for (const sql of [
      `UPDATE events SET payload = payload || ' ' WHERE version = 2`,
      `DROP TRIGGER events_are_kept; DELETE FROM events WHERE version = 2`,
    ]) {
      const path = place();
      const first = store(path);
      append(first, 0, 3);
      first.close();
      const raw = new Database(path);
      raw.exec(`DROP TRIGGER events_are_append_only; ${sql}`);
      raw.close();
      expect(store(path).read(goalId, 0).unreadable).toMatch(/^Event 2 /);
    }
  });

  it('does not append to a log that somebody else extended or rebuilt meanwhile', () => {
    const path = place();
    const one = store(path);
    append(one, 0, 2);
    const raw = new Database(path);
    raw.exec(`DROP TRIGGER events_are_append_only; UPDATE events SET hash = 'forged' WHERE version = 2`);
    raw.close();
    expect(() => append(one, 2)).toThrow(StoreError);
    expect(one.verifyChain(goalId).ok).toBe(false);
  });

  it('is append-only for everybody who does not remove the triggers', () => {
    const path = place();
    append(store(path), 0);
    const raw = new Database(path);
    expect(() => raw.exec('DELETE FROM events')).toThrow(/append-only/);
    expect(() => raw.exec(`UPDATE events SET type = 'x'`)).toThrow(/append-only/);
    raw.close();
  });

  it('redacts secrets before they are written', () => {
    const path = place();
    const one = store(path);
    const key = `ghp_${'a1B2'.repeat(9)}`;
    const said = event('project.changed', { what: [`token ${key} in config`], byOperator: false });
    one.append({
      goalId,
      expectedVersion: 0,
      events: [said],
      at: 0,
      actor: 'host',
      commandId: CommandId.parse('command-secret'),
      causationId: null,
      receipt: '{}',
      row: null,
    });
    expect(JSON.stringify(one.read(goalId, 0).events)).toContain('[REDACTED]');
    expect(JSON.stringify(one.read(goalId, 0).events)).not.toContain(key);
  });

  it('refuses a database of another program and one of a newer omk', () => {
    const foreign = place();
    const other = new Database(foreign);
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    expect(() => openEventStore(foreign)).toThrow(/another program/);
    const newer = place();
    store(newer).close();
    const raw = new Database(newer);
    raw.pragma('user_version = 99');
    raw.close();
    expect(() => openEventStore(newer)).toThrow(/newer omk/);
  });

  it('lets one process at a time hold the lock', () => {
    const path = place();
    const held = takeLock(path);
    expect(held).not.toBeNull();
    expect(takeLock(path)).toBeNull();
    held?.release();
    const again = takeLock(path);
    expect(again).not.toBeNull();
    again?.release();
  });
});
