import { z } from 'zod';

/**
 * `goal-<YYYYMMDD>-<HHMMSS>-<mmm>-<8 hex>` in UTC. The only strings that ever become part of a path or a ref name,
 * so the parser is strict: no trimming, no separators, no control characters can pass the pattern.
 */
export const GoalId = z
  .string()
  .regex(/^goal-\d{8}-\d{6}-\d{3}-[0-9a-f]{8}$/, 'A goal id looks like goal-20260101-120000-000-0a1b2c3d.')
  .brand<'GoalId'>();
export type GoalId = z.infer<typeof GoalId>;

const shortId = <B extends string>(prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}-[0-9a-z-]{1,60}$`))
    .brand<B>();

export const AttemptId = shortId<'AttemptId'>('attempt');
export type AttemptId = z.infer<typeof AttemptId>;

export const QuestionId = shortId<'QuestionId'>('question');
export type QuestionId = z.infer<typeof QuestionId>;

export const NoteId = shortId<'NoteId'>('note');
export type NoteId = z.infer<typeof NoteId>;

/** Minted by whoever sends the command; the receipt makes sending it twice harmless. */
export const CommandId = z.string().min(8).max(100).brand<'CommandId'>();
export type CommandId = z.infer<typeof CommandId>;

/** A git object id: 40 hex digits, or 64 in a SHA-256 repository. */
export const Oid = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
  .brand<'Oid'>();
export type Oid = z.infer<typeof Oid>;

/** SHA-256 of bytes as 64 hex digits; the name under which an artifact is stored. */
export const Digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Digest'>();
export type Digest = z.infer<typeof Digest>;

/** Builds a goal id from a UTC instant (ms since the epoch) and 8 random hex digits. */
export function goalIdFrom(atMs: number, hex8: string): GoalId {
  const iso = new Date(atMs).toISOString();
  const day = iso.slice(0, 10).replaceAll('-', '');
  const time = iso.slice(11, 19).replaceAll(':', '');
  return GoalId.parse(`goal-${day}-${time}-${iso.slice(20, 23)}-${hex8}`);
}
