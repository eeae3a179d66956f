import type { GoalEvent } from '../../../shared/goal/events.ts';
import { CommandId, GoalId } from '../../../shared/kernel/ids.ts';
import { chainText } from '../../../shared/proof/chain.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { redactJson, redactText } from '../../../shared/redact.ts';
import type { Redact } from '../../../shared/redact.ts';
import type { EventStore } from '../../runtime/ports.ts';
import { genesis, readRow, sha256, toEvent, toRow } from './event-rows.ts';
import { openDatabase } from './open.ts';
import type { Db } from './open.ts';
import { StoreError } from './store-error.ts';

type Head = { readonly version: number; readonly hash: string };

/**
 * The log in SQLite. One writer per database; see `lock.ts` for how a second host is kept out. Everything is redacted before it
 * is stored. Throws `StoreError` and nothing else, here and in every method.
 */
export function openEventStore(path: string, redact: Redact = redactText): EventStore {
  const db = openDatabase(path);
  try {
    return storeOn(db, redact);
  } catch (cause) {
    db.close();
    throw StoreError.from(cause);
  }
}

function storeOn(db: Db, redact: Redact): EventStore {
  // What this process last wrote or read as head. A database that disagrees was changed behind our back.
  const heads = new Map<string, Head>();

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
  // The list row is a projection: a goal is there because its events are.
  const selectGoals = db.prepare(
    `SELECT events.goal_id, max(events.version) AS version, goals.row FROM events
     LEFT JOIN goals ON goals.goal_id = events.goal_id GROUP BY events.goal_id ORDER BY events.goal_id DESC`,
  );
  const selectProjected = db.prepare('SELECT version, head AS hash FROM goals WHERE goal_id = ?');
  const countEvents = db.prepare('SELECT count(*) AS n FROM events');

  const storedHead = (goalId: string): Head => {
    const row = selectHead.get(goalId) as Head | undefined;
    return row ?? { version: 0, hash: genesis(goalId) };
  };

  const headOf = (goalId: string): Head => {
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
      const appendedEvent = toEvent(event, { ...o, version, position }, redact);
      const row = toRow(appendedEvent);
      hash = sha256(chainText(hash, appendedEvent));
      insertEvent.run({ ...row, hash });
      appended.push(appendedEvent);
    }
    insertReceipt.run(o.commandId, o.goalId, redactedText(o.receipt, redact), o.at);
    if (o.row !== null) upsertGoal.run(o.goalId, version, hash, o.at, redactedText(o.row, redact));
    return appended;
  });

  /** Reads on from `from`, checking every link; ends at the first event that cannot be trusted. */
  const walk = (
    goalId: string,
    from: Head,
    see: (event: GoalEvent, hash: string, hashed: object) => void,
  ) => {
    let { version, hash } = from;
    try {
      for (const raw of selectEvents.iterate(goalId, version)) {
        const row = readRow(raw, version + 1, hash);
        if (!row.ok) return { head: { version, hash }, problem: row.problem };
        version += 1;
        hash = row.hash;
        see(row.event, row.hash, row.hashed);
      }
    } catch (cause) {
      const problem = `Event ${version + 1} cannot be read: ${StoreError.from(cause).message}`;
      return { head: { version, hash }, problem };
    }
    // Without this, cutting off the end of a log would leave a shorter one that is whole.
    const projected = selectProjected.get(goalId) as Head | undefined;
    const cut = projected !== undefined && (projected.version !== version || projected.hash !== hash);
    const problem = cut ? `The log does not end where it was last written: after event ${version}.` : null;
    return { head: { version, hash }, problem };
  };

  selectGoals.get(); // a damaged file shows here, to whoever opens it
  return translating({
    append(o) {
      const events = appendRows.immediate(o);
      if (events === null) return err({ code: 'store.version_conflict' as const });
      heads.set(o.goalId, storedHead(o.goalId));
      return ok(events);
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
      const hashed: object[] = [];
      let from: Head = { version: 0, hash: genesis(goalId) };
      if (afterVersion > 0) {
        const before = selectHash.get(goalId, afterVersion) as { hash: string } | undefined;
        if (!before) return { events, hashed, hashes, unreadable: null };
        from = { version: afterVersion, hash: before.hash };
      }
      const { head, problem } = walk(goalId, from, (event, hash, raw) => {
        events.push(event);
        hashed.push(raw);
        hashes.push(hash);
      });
      if (problem === null && !heads.has(goalId)) heads.set(goalId, head);
      return { events, hashed, hashes, unreadable: problem };
    },
    goals() {
      const rows = selectGoals.all() as { goal_id: string; row: string | null; version: number }[];
      return rows.flatMap(({ goal_id, row, version }) => {
        const goalId = GoalId.safeParse(goal_id);
        return goalId.success ? [{ goalId: goalId.data, row, version }] : [];
      });
    },
    verifyChain(goalId) {
      const { head, problem } = walk(goalId, { version: 0, hash: genesis(goalId) }, () => {});
      const known = heads.get(goalId);
      const moved = known && (known.version !== head.version || known.hash !== head.hash);
      const said = problem ?? (moved ? 'The log does not end where this host left it.' : null);
      return { ok: said === null, checked: head.version, problem: said, head: head.hash };
    },
    eventCount: () => (countEvents.get() as { n: number }).n,
    close: () => void db.close(),
  });
}

/** Whatever the database throws leaves as a `StoreError`. */
function translating(store: EventStore): EventStore {
  const guard =
    <A extends readonly unknown[], R>(run: (...args: A) => R) =>
    (...args: A): R => {
      try {
        return run(...args);
      } catch (cause) {
        throw StoreError.from(cause);
      }
    };
  return {
    append: guard((o: Parameters<EventStore['append']>[0]) => store.append(o)),
    receipt: guard((id: CommandId) => store.receipt(id)),
    read: guard((goalId: GoalId, after: number) => store.read(goalId, after)),
    goals: guard(() => store.goals()),
    verifyChain: guard((goalId: GoalId) => store.verifyChain(goalId)),
    eventCount: guard(() => store.eventCount()),
    close: guard(() => store.close()),
  };
}

/** Receipts and list rows are JSON that is shown again; a secret in them would be as durable as one in an event. */
const redactedText = (json: string, redact: Redact): string =>
  JSON.stringify(redactJson(JSON.parse(json) as unknown, redact));
