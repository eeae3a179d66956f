import { z } from 'zod';
import { AttemptId, GoalId } from './kernel/ids.ts';

/** Passing observations of a live attempt: to the screen and the transcript, never to the log. No position, never replayed. */
export const Signal = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), goalId: GoalId, attemptId: AttemptId, delta: z.string() }),
  z.object({ type: z.literal('thought'), goalId: GoalId, attemptId: AttemptId, delta: z.string() }),
  z.object({
    type: z.literal('tool'),
    goalId: GoalId,
    attemptId: AttemptId,
    toolId: z.string(),
    /** Display-ready: "Ran npm test", "Edited src/a.ts". */
    label: z.string(),
    kind: z.enum(['read', 'edit', 'execute', 'search', 'other']),
    state: z.enum(['pending', 'running', 'ok', 'failed']),
    paths: z.array(z.string()),
    detail: z.string().optional(),
  }),
  z.object({
    type: z.literal('activity'),
    goalId: GoalId,
    attemptId: AttemptId,
    /** One line of what happens now: "Base run 1 of 2: unit tests". */
    label: z.string(),
    /** ms since the attempt last showed life; lets *stuck* be seen. */
    silentMs: z.number().int(),
    done: z.number().int().nullable(),
    total: z.number().int().nullable(),
  }),
  /** How much of what the model can keep in mind at once is used, in tokens. */
  z.object({
    type: z.literal('context'),
    goalId: GoalId,
    attemptId: AttemptId,
    used: z.number().int().min(0),
    max: z.number().int().min(0),
  }),
  z.object({ type: z.literal('notice'), goalId: GoalId, attemptId: AttemptId, text: z.string() }),
  /** Older text was coalesced away because this subscriber was slow. */
  z.object({ type: z.literal('dropped'), goalId: GoalId, count: z.number().int() }),
]);
export type Signal = z.infer<typeof Signal>;

/** About the characters a signal keeps while it waits. Pieces of text are counted by their text alone, there are many of them. */
export function signalSize(signal: Signal): number {
  switch (signal.type) {
    case 'text':
    case 'thought':
      return signal.delta.length;
    case 'tool': {
      const words = [signal.toolId, signal.label, signal.detail ?? '', ...signal.paths];
      return words.reduce((size, word) => size + word.length, FIELDS);
    }
    case 'activity':
      return FIELDS + signal.label.length;
    case 'notice':
      return FIELDS + signal.text.length;
    case 'context':
    case 'dropped':
      return FIELDS;
  }
}

const FIELDS = 200;
