import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GoalEvent } from '../../../shared/goal/events.ts';
import type { NewEvent } from '../../../shared/goal/events.ts';
import { CommandId, GoalId } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { chainText, genesisText } from '../../../shared/proof/chain.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { redactJson } from '../../../shared/redact.ts';
import type { EventStore } from '../../runtime/ports.ts';
import { openDatabase } from './open.ts';
import { StoreError } from './store-error.ts';

const EventRow = z.object({
  position: z.number(),
  goal_id: z.string(),
  version: z.number(),
  event_id: z.string(),
  type: z.string(),
  v: z.number(),
  at: z.number(),
  actor: z.string(),
  command_id: z.string(),
  causation_id: z.string().nullable(),
  payload: z.string(),
  hash: z.string(),
});
type EventRow = z.infer<typeof EventRow>;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const genesis = (goalId: string): string => sha256(genesisText(goalId));

/** The log in SQLite. One writer per database; see `host/lock.ts` for how a second host is kept out. */
export function openEventStore(path: string): EventStore {
  const db = openDatabase(path);
  // What this process last wrote or read as head. A database that disagrees was changed behind our back.
  const heads = new Map<string, { version: number; hash: string }>();

  const selectHead = db.prepare(
    'SELECT version, hash FROM events WHERE goal_id = ? ORDER BY version DESC LIMIT 1',
  );
  const selectEvents = db.prepare('SELECT * FROM events WHERE goal_id = ? AND version > ? ORDER BY version');
  const selectHash = db.prepare('SELECT hash FROM events WHERE goal_id = ? AND version = ?');
  const maxPosition = db.prepare('SELECT coalesce(max(position), 0) AS position FROM events');
  const insertEvent = db.prepare(
    `INSERT INTO events (position, goal_id, version, event_id, type, v, at, actor, command_id, causation_id, payload, hash)
     VALUES (@position, @goal_id, @version, @event_id, @type, @v, @at, @actor, @command_id, @causation_id, @payload, @hash)`,
  );
  const insertReceipt = db.prepare(
    'INSERT INTO receipts (command_id, goal_id, outcome, at) VALUES (?, ?, ?, ?)',
  );
  const selectReceipt = db.prepare('SELECT command_id, goal_id, outcome FROM receipts WHERE command_id = ?');
  const upsertGoal = db.prepare(
    `INSERT INTO goals (goal_id, version, head, updated_at, row) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (goal_id) DO UPDATE SET version = excluded.version, head = excluded.head,
       updated_at = excluded.updated_at, row = excluded.row`,
  );
  const selectGoals = db.prepare('SELECT goal_id, row, version FROM goals ORDER BY goal_id DESC');
  const countEvents = db.prepare('SELECT count(*) AS n FROM events');

  const storedHead = (goalId: string): { version: number; hash: string } => {
    const row = selectHead.get(goalId) as { version: number; hash: string } | undefined;
    return row ?? { version: 0, hash: genesis(goalId) };
  };

  const headOf = (goalId: string): { version: number; hash: string } => {
    const stored = storedHead(goalId);
    const known = heads.get(goalId);
    if (known && (known.version !== stored.version || known.hash !== stored.hash)) {
      throw new StoreError(
        'store.tampered',
        `The log of ${goalId} was changed outside omk: its head is not the one this host wrote. Nothing was recorded.`,
      );
    }
    return stored;
  };

  const appendRows = db.transaction((o: Parameters<EventStore['append']>[0]): GoalEvent[] | null => {
    let { version, hash } = headOf(o.goalId);
    if (version !== o.expectedVersion) return null;
    let { position } = maxPosition.get() as { position: number };
    const appended: GoalEvent[] = [];
    for (const event of o.events) {
      version += 1;
      position += 1;
      const appendedEvent = toEvent(event, { ...o, version, position });
      const row = toRow(appendedEvent);
      hash = sha256(chainText(hash, appendedEvent));
      insertEvent.run({ ...row, hash });
      appended.push(appendedEvent);
    }
    insertReceipt.run(o.commandId, o.goalId, o.receipt, o.at);
    if (o.row !== null) upsertGoal.run(o.goalId, version, hash, o.at, o.row);
    return appended;
  });

  return {
    append(o) {
      try {
        const events = appendRows.immediate(o);
        if (events === null) return err({ code: 'store.version_conflict' as const });
        heads.set(o.goalId, storedHead(o.goalId));
        return ok(events);
      } catch (cause) {
        throw StoreError.from(cause);
      }
    },
    receipt(commandId) {
      const row = selectReceipt.get(commandId) as
        { command_id: string; goal_id: string; outcome: string } | undefined;
      if (!row) return null;
      return {
        commandId: CommandId.parse(row.command_id),
        goalId: GoalId.parse(row.goal_id),
        outcome: row.outcome,
      };
    },
    read(goalId, afterVersion) {
      const events: GoalEvent[] = [];
      const hashes: string[] = [];
      let hash = genesis(goalId);
      if (afterVersion > 0) {
        const before = selectHash.get(goalId, afterVersion) as { hash: string } | undefined;
        if (!before) return { events, hashes, unreadable: null };
        hash = before.hash;
      }
      let version = afterVersion;
      for (const raw of selectEvents.iterate(goalId, afterVersion)) {
        version += 1;
        const row = readRow(raw, version, hash);
        if (!row.ok) return { events, hashes, unreadable: row.problem };
        hash = row.hash;
        hashes.push(row.hash);
        events.push(row.event);
      }
      if (!heads.has(goalId)) heads.set(goalId, { version, hash });
      return { events, hashes, unreadable: null };
    },
    goals() {
      return (selectGoals.all() as { goal_id: string; row: string; version: number }[]).map((row) => ({
        goalId: GoalId.parse(row.goal_id),
        row: row.row,
        version: row.version,
      }));
    },
    verifyChain(goalId) {
      let hash = genesis(goalId);
      let version = 0;
      for (const raw of selectEvents.iterate(goalId, 0)) {
        version += 1;
        const row = readRow(raw, version, hash);
        if (!row.ok) return { ok: false, checked: version - 1, problem: row.problem, head: hash };
        hash = row.hash;
      }
      const known = heads.get(goalId);
      if (known && (known.version !== version || known.hash !== hash)) {
        return {
          ok: false,
          checked: version,
          problem: 'The log does not end where this host left it.',
          head: hash,
        };
      }
      return { ok: true, checked: version, problem: null, head: hash };
    },
    eventCount: () => (countEvents.get() as { n: number }).n,
    close: () => void db.close(),
  };
}

type Place = { version: number; position: number } & Parameters<EventStore['append']>[0];

/**
 * The event exactly as it will be read back: members its schema does not know are gone before anything is hashed or stored.
 * Redacted before the first durable write: a secret an agent printed into a summary never reaches the disk.
 */
function toEvent(event: NewEvent, o: Place): GoalEvent {
  return GoalEvent.parse({
    position: o.position,
    goalId: o.goalId,
    version: o.version,
    eventId: randomUUID(),
    type: event.type,
    v: event.v,
    at: o.at,
    actor: o.actor,
    commandId: o.commandId,
    causationId: o.causationId,
    payload: redactJson(event.payload),
  });
}

function toRow(event: GoalEvent): Omit<EventRow, 'hash'> {
  return {
    position: event.position,
    goal_id: event.goalId,
    version: event.version,
    event_id: event.eventId,
    type: event.type,
    v: event.v,
    at: event.at,
    actor: event.actor,
    command_id: event.commandId,
    causation_id: event.causationId,
    payload: canonicalJson(event.payload),
  };
}

function envelopeOf(row: Omit<EventRow, 'hash'>) {
  return {
    position: row.position,
    goalId: row.goal_id,
    version: row.version,
    eventId: row.event_id,
    type: row.type,
    v: row.v,
    at: row.at,
    actor: row.actor,
    commandId: row.command_id,
    causationId: row.causation_id,
  };
}

type Read =
  | { readonly ok: true; readonly event: GoalEvent; readonly hash: string }
  /** One sentence that names the broken event. */
  | { readonly ok: false; readonly problem: string };

function readRow(raw: unknown, expectedVersion: number, previousHash: string): Read {
  const broken = (problem: string): Read => ({ ok: false, problem: `Event ${expectedVersion} ${problem}` });
  const parsed = EventRow.safeParse(raw);
  if (!parsed.success) return broken('has a damaged row.');
  const row = parsed.data;
  if (row.version !== expectedVersion) return broken('is missing.');
  let payload: unknown;
  try {
    payload = JSON.parse(row.payload);
  } catch {
    return broken('does not match its hash.');
  }
  // The chain is over values; comparing the text as well leaves no byte of it free.
  if (canonicalJson(payload) !== row.payload) return broken('does not match its hash.');
  const event = { ...envelopeOf(row), payload };
  if (sha256(chainText(previousHash, event)) !== row.hash) return broken('does not match its hash.');
  const known = GoalEvent.safeParse(event);
  if (!known.success) return broken(`(${row.type}) cannot be read by this version of omk.`);
  return { ok: true, event: known.data, hash: row.hash };
}
