import { z } from 'zod';
import { AttemptId, CommandId, Digest, GoalId, Oid, QuestionId } from '../kernel/ids.ts';
import { GoalEvent } from '../goal/events.ts';
import {
  Budget,
  ChangedFile,
  GateSpec,
  GoalPolicy,
  GoalStatus,
  Question,
  Reason,
  AgentSpec,
} from '../goal/vocabulary.ts';
import { command, query, stream } from '../rpc/contract.ts';
import { Signal } from '../signals.ts';

export const RejectionSchema = z.object({
  code: z.string(),
  message: z.string(),
  missing: z.array(Reason).readonly().optional(),
  current: QuestionId.optional(),
});

export const OpenQuestion = z.object({
  goalId: GoalId,
  goalTitle: z.string(),
  questionId: QuestionId,
  attemptId: AttemptId.nullable(),
  askedAt: z.number(),
  question: Question,
});
export type OpenQuestion = z.infer<typeof OpenQuestion>;

/** One row of the list: everything the goals screen, the sidebar and *needs you* show without opening the goal. */
export const GoalRow = z.object({
  goalId: GoalId,
  title: z.string(),
  project: z.object({ path: z.string(), name: z.string() }),
  status: GoalStatus,
  /** The sentence after the status word. */
  line: z.string(),
  gates: z.object({ passed: z.number(), failed: z.number(), total: z.number() }),
  agentMs: z.number(),
  /** Largest used share of any limited budget, 0..1; `null` when nothing is limited. */
  budgetUsed: z.number().nullable(),
  openedAt: z.number(),
  updatedAt: z.number(),
  version: z.number(),
  questions: z.array(OpenQuestion),
  agentName: z.string(),
  /** Set when the log of this goal cannot be read or was changed: the goal is read-only. */
  readOnly: z.string().nullable(),
});
export type GoalRow = z.infer<typeof GoalRow>;

export const OpenGoalInput = z.object({
  commandId: CommandId,
  text: z.string().max(1_100_000),
  path: z.string().min(1).max(4_096),
  agent: AgentSpec,
  budget: Budget,
  policy: GoalPolicy,
  gates: z.object({ added: z.array(GateSpec).max(50), selection: z.record(z.string(), z.boolean()) }),
  trustedDigest: Digest.nullable(),
  probes: z.array(GateSpec).max(50),
});
export type OpenGoalInput = z.infer<typeof OpenGoalInput>;

const Act = z.object({ commandId: CommandId, goalId: GoalId });
const Done = z.object({ goalId: GoalId, version: z.number() });
const act = <S extends z.ZodRawShape>(shape: S) => command(Act.extend(shape), Done, RejectionSchema);

export const WatchItem = z.discriminatedUnion('type', [
  /** In version order without gaps; the first ones are history, the rest live. The client folds them with `evolve`. */
  z.object({ type: z.literal('events'), events: z.array(GoalEvent) }),
  z.object({ type: z.literal('caught_up'), version: z.number() }),
  z.object({ type: z.literal('signals'), signals: z.array(Signal) }),
  z.object({ type: z.literal('read_only'), message: z.string() }),
]);
export type WatchItem = z.infer<typeof WatchItem>;

export const ListItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('rows'), rows: z.array(GoalRow) }),
  z.object({ type: z.literal('caught_up') }),
]);
export type ListItem = z.infer<typeof ListItem>;

export const DiffView = z.object({
  from: Oid,
  to: Oid,
  files: z.array(ChangedFile),
  /** Unified diff of the two trees as git prints it with full index lines, UTF-8 with invalid bytes replaced. */
  patch: z.string(),
  /** The patch was cut at the size limit; `files` is complete. */
  truncated: z.boolean(),
});
export type DiffView = z.infer<typeof DiffView>;

export const goalsApi = {
  open: command(OpenGoalInput, Done, RejectionSchema),
  pause: act({}),
  resume: act({}),
  retry: act({}),
  cancel: act({}),
  accept: act({ commit: Oid, note: z.string().max(4_000) }),
  reject: act({
    mode: z.enum(['revise', 'conclude']),
    reason: z.string().max(8_000),
    comments: z.array(
      z.object({
        file: z.string(),
        line: z.number().int().min(1),
        side: z.enum(['old', 'new']),
        text: z.string().max(4_000),
      }),
    ),
  }),
  extendBudget: act({ added: Budget }),
  /** Says something to the agent that works, or to the next one. What is too long is refused with a sentence. */
  note: act({ text: z.string().max(1_100_000) }),
  answer: act({
    questionId: QuestionId,
    choice: z.string().nullable(),
    text: z.string().max(20_000).nullable(),
    digest: Digest.nullable(),
  }),
  /** Ends live turns that wait for an answer: the question stays open and its answer goes to the next turn. */
  park: query(z.object({ goalId: GoalId }), z.object({})),
  list: query(z.object({}), z.array(GoalRow)),
  watchList: stream(z.object({}), ListItem),
  watch: stream(z.object({ goalId: GoalId, afterVersion: z.number().int().min(0) }), WatchItem),
  /** Diff of base and the newest (or the named) candidate, from the vault. */
  diff: query(z.object({ goalId: GoalId, commit: Oid.nullable() }), DiffView.nullable()),
  /** Last 64 kB of what a live attempt said, for a late subscriber. */
  attemptTail: query(
    z.object({ goalId: GoalId, attemptId: AttemptId }),
    z.object({ signals: z.array(Signal) }),
  ),
  /** Evidence as text: UTF-8 with invalid bytes replaced, at most 1 MiB from `offset`. */
  artifact: query(
    z.object({ digest: Digest, offset: z.number().int().min(0) }),
    z.object({ text: z.string(), size: z.number(), nextOffset: z.number().nullable() }).nullable(),
  ),
} as const;
