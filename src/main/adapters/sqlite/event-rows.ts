import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GoalEvent } from '../../../shared/goal/events.ts';
import type { NewEvent } from '../../../shared/goal/events.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { chainText, genesisText } from '../../../shared/proof/chain.ts';
import { redactJson } from '../../../shared/redact.ts';
import type { Redact } from '../../../shared/redact.ts';
import type { EventStore } from '../../runtime/ports.ts';

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

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** What the first event of a goal is chained to. */
export const genesis = (goalId: string): string => sha256(genesisText(goalId));

/** Where and by whom an event is appended. */
type Place = { version: number; position: number } & Parameters<EventStore['append']>[0];

/**
 * The event exactly as it will be read back: members its schema does not know are gone before anything is hashed or stored.
 * Redacted before the first durable write: a secret an agent printed into a summary never reaches the disk.
 */
export function toEvent(event: NewEvent, o: Place, redact: Redact): GoalEvent {
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
    payload: redactJson(event.payload, redact),
  });
}

export function toRow(event: GoalEvent): Omit<EventRow, 'hash'> {
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
  | {
      readonly ok: true;
      readonly event: GoalEvent;
      /** What was hashed: without the members that a later schema fills in. */
      readonly hashed: object;
      readonly hash: string;
    }
  /** One sentence that names the broken event. */
  | { readonly ok: false; readonly problem: string };

export function readRow(raw: unknown, expectedVersion: number, previousHash: string): Read {
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
  return { ok: true, event: known.data, hashed: event, hash: row.hash };
}
