import { z } from 'zod';
import { AttemptId, CommandId, Digest, GoalId, NoteId, Oid, QuestionId } from '../kernel/ids.ts';
import {
  Actor,
  AgentClaim,
  AgentSpec,
  AttemptKind,
  Budget,
  ChangedFile,
  Failure,
  Finding,
  GateRecord,
  GateSpec,
  GoalPolicy,
  GoalStatus,
  IsolationLevel,
  NoteDelivery,
  PlanDocuments,
  Question,
  Reason,
  Remark,
  ReviewSection,
  TaskSpec,
  TokenUsage,
} from './vocabulary.ts';

/** Facts, past tense, durable. Payloads stay below a few kB; bytes go to artifacts by digest. */
const payloads = {
  'goal.opened': z.object({
    text: z.string().max(1_100_000),
    /** White-space runs folded to one space. The first line, at most 200 characters, is the title. */
    title: z.string().max(200),
    project: z.object({ path: z.string(), name: z.string(), subfolder: z.string() }),
    agent: AgentSpec,
    budget: Budget,
    policy: GoalPolicy,
    /** Gates the person added by hand, and names of detected gates switched off or on. */
    gates: z.object({ added: z.array(GateSpec).max(50), selection: z.record(z.string(), z.boolean()) }),
    /** Digest the person trusted in the form; the oracle found at base must equal it. */
    trustedDigest: Digest.nullable(),
    probes: z.array(GateSpec).max(50),
  }),
  'goal.paused': z.object({}),
  'goal.resumed': z.object({}),
  'goal.retried': z.object({}),
  'goal.cancel_requested': z.object({}),
  /** `by` is in the payload because policy accepts within commands that others sent. */
  'goal.accepted': z.object({
    commit: Oid,
    tree: Oid,
    note: z.string().max(4_000),
    by: z.enum(['operator', 'policy']),
  }),
  'goal.rejected': z.object({
    /** `revise` opens another wave with the comments; `conclude` ends the goal with a rollback plan. */
    mode: z.enum(['revise', 'conclude']),
    reason: z.string().max(8_000),
    comments: z
      .array(
        z.object({
          file: z.string(),
          line: z.number().int().min(1),
          side: z.enum(['old', 'new']),
          text: z.string().max(4_000),
        }),
      )
      .max(500),
  }),
  /** Nothing is in flight; something outside must happen before work goes on. Any number per goal. */
  'goal.stopped': z.object({ status: GoalStatus, reasons: z.array(Reason).max(50) }),
  /** At most one; nothing follows. */
  'goal.concluded': z.object({ status: GoalStatus, reasons: z.array(Reason).max(50) }),

  'question.asked': z.object({ questionId: QuestionId, attemptId: AttemptId.nullable(), question: Question }),
  'question.answered': z.object({
    questionId: QuestionId,
    choice: z.string().max(200).nullable(),
    text: z.string().max(20_000).nullable(),
    digest: Digest,
  }),
  'question.withdrawn': z.object({ questionId: QuestionId, reason: z.string().max(500) }),

  /** A person said something to whoever works on the goal. It changes nothing else. */
  'note.written': z.object({ noteId: NoteId, text: z.string().min(1).max(8_000) }),
  /** An agent that works was told for the first time; every prompt says all notes, also those of sessions that only read. */
  'note.delivered': z.object({ noteId: NoteId, attemptId: AttemptId, how: NoteDelivery }),

  'attempt.started': z.object({
    attemptId: AttemptId,
    kind: AttemptKind,
    taskId: z.string().nullable(),
    fence: z.number().int().min(1),
    /** ms since the epoch; extended by `attempt.renewed`. */
    leaseUntil: z.number().int(),
    /** Agent time this attempt may use, ms; `null` where no limit applies. */
    allowanceMs: z.number().int().min(0).nullable(),
    allowanceTokens: z.number().int().min(0).nullable(),
  }),
  'attempt.renewed': z.object({
    attemptId: AttemptId,
    fence: z.number().int(),
    leaseUntil: z.number().int(),
  }),
  'attempt.finished': z.object({
    attemptId: AttemptId,
    fence: z.number().int(),
    evidence: z.array(Digest).max(40),
  }),
  'attempt.failed': z.object({
    attemptId: AttemptId,
    fence: z.number().int(),
    failure: Failure,
    evidence: z.array(Digest).max(40),
  }),
  /** Nobody knows how it ended: the host restarted, the lease ran out, or a pause interrupted it. */
  'attempt.lost': z.object({
    attemptId: AttemptId,
    fence: z.number().int(),
    reason: z.enum(['host_restarted', 'lease_expired', 'interrupted']),
  }),
  /** A report with an old fence: refused as an outcome, kept as evidence. */
  'attempt.late_report': z.object({
    attemptId: AttemptId,
    fence: z.number().int(),
    outcome: z.string().max(40),
  }),

  /**
   * Written before the first prompt of an attempt: under which name the agent remembers this task, and which prompt of that
   * memory comes next, from 1. When no outcome follows, the prompt may or may not have been taken.
   */
  'conversation.opened': z.object({
    attemptId: AttemptId,
    taskId: z.string(),
    conversationId: z.string().min(1).max(200),
    prompt: z.number().int().min(1),
  }),

  'base.pinned': z.object({
    commit: Oid,
    tree: Oid,
    branch: z.string().nullable(),
    /** The base is a snapshot commit that contains the person's uncommitted work. */
    snapshot: z.boolean(),
    /** Submodules, LFS pointers, shallow history, dirty files: what a person should know, one sentence each. */
    warnings: z.array(z.string().max(500)).max(50),
    fingerprint: Digest,
  }),
  'oracle.defined': z.object({
    source: z.enum(['gates.toml', 'detected', 'person']),
    gates: z.array(GateSpec).max(100),
    /** Digest of argv, resolved script text and locked configuration bytes at base. */
    digest: Digest,
    lockedFiles: z.number().int().min(0),
    notes: z.array(z.string().max(500)).max(50),
  }),
  'oracle.trusted': z.object({ digest: Digest }),
  'setup.sealed': z.object({
    key: Digest,
    digest: Digest,
    paths: z.array(z.string()).max(200),
    gates: z.array(GateRecord).max(50),
    fromCache: z.boolean(),
  }),
  'base.checked': z.object({
    isolation: IsolationLevel,
    gates: z.array(GateRecord).max(100),
    /** Ids that both base runs reported, whatever their result; the list itself is in the evidence. */
    expectedTests: z.number().int().min(0),
    /** Checks red on base: test ids, or gate names of gates without per-test results. At most 50. */
    red: z.array(z.string().max(500)).max(50),
    evidence: Digest,
  }),

  'plan.proposed': z.object({
    source: z.enum(['heuristic', 'agent']),
    tasks: z.array(TaskSpec).min(1).max(50),
    digest: Digest,
    documents: PlanDocuments.optional(),
    /** Why it is not the agent's plan although one was asked for. */
    note: z.string().max(2_000).optional(),
  }),
  'plan.accepted': z.object({ digest: Digest }),

  /** omk's own commit of what an attempt left, on the attempt's base; agents' own commits stay reachable as evidence. */
  'slice.committed': z.object({
    attemptId: AttemptId,
    taskId: z.string(),
    commit: Oid,
    tree: Oid,
    base: Oid,
    files: z.number().int().min(0),
    /** Changed files outside the write set: in custody, not in the commit. */
    outside: z.array(z.string().max(1_000)).max(200),
    /** New files that git ignores: not committed. */
    ignored: z.array(z.string().max(1_000)).max(200),
    custodyRef: z.string(),
    /** The agent's last words, quoted, never believed. */
    summary: z.string().max(8_000),
  }),
  /** Bytes of an attempt that did not finish: in custody, and where the next attempt on the task starts. */
  'slice.kept': z.object({
    attemptId: AttemptId,
    taskId: z.string(),
    commit: Oid,
    tree: Oid,
    files: z.number().int().min(0),
    custodyRef: z.string(),
  }),
  /** An agent proposed follow-up work; the task passed the rules for tasks. Nothing follows from it by itself. */
  'task.proposed': z.object({ attemptId: AttemptId, task: TaskSpec }),
  /** An agent reported what it did: held against evidence in the proof, never evidence itself. */
  'claim.made': z.object({ attemptId: AttemptId, claim: AgentClaim }),
  'candidate.verified': z.object({
    attemptId: AttemptId,
    commit: Oid,
    tree: Oid,
    baseTree: Oid,
    oracleDigest: Digest,
    isolation: IsolationLevel,
    isolationNote: z.string().max(500),
    passed: z.boolean(),
    gates: z.array(GateRecord).max(100),
    /** Checks red on base and green here, at most 50, and how many there are. */
    redToGreen: z.array(z.string().max(500)).max(50),
    redToGreenCount: z.number().int().min(0),
    /** Checks green on base and red here. */
    greenToRed: z.array(z.string().max(500)).max(50),
    /** Red-to-green comes only from tests the agent wrote itself. */
    onlyOwnTests: z.boolean(),
    findings: z.array(Finding).max(100),
    sections: z.array(ReviewSection).max(6),
    changed: z.array(ChangedFile).max(200),
    changedCount: z.number().int().min(0),
    diff: Digest,
    /** Locked files the slice changed; verified with their base copies. */
    lockedChanged: z.array(z.string().max(1_000)).max(100),
    /** How, as a patch from base to the candidate; cut at the end of a line. What a person approves is read here. */
    lockedPatch: z.string().max(16_000).optional(),
    /** Digest of the oracle as the slice would have it, to which an approval binds. `null`: nothing for a person to decide. */
    proposedOracle: Digest.nullable(),
    reasons: z.array(Reason).max(50),
    evidence: z.array(Digest).max(200),
    toolVersions: z.record(z.string(), z.string()),
  }),
  /** Another session's reading of the diff of exactly this commit. An opinion: nothing is decided by it. */
  'review.received': z.object({
    attemptId: AttemptId,
    commit: Oid,
    tree: Oid,
    /** The diff was longer than what was shown to it. */
    partial: z.boolean(),
    remarks: z.array(Remark).max(50),
    summary: z.string().max(2_000),
  }),
  'proof.issued': z.object({ commit: Oid, tree: Oid, digest: Digest, path: z.string() }),
  'result.landed': z.object({
    ref: z.string(),
    commit: Oid,
    baseMovedBy: z.number().int().min(0).nullable(),
  }),
  /**
   * The person's checkout, or a file of their home that others obey, changed during a step. `byOperator`: no agent could have done
   * it, or the person said that such changes are theirs.
   */
  'project.changed': z.object({
    what: z.array(z.string().max(500)).max(20),
    byOperator: z.boolean(),
    /** Parts of the project's repository that run something, changed while an agent could have done it. */
    breach: z.array(z.string().max(100)).max(20).optional(),
  }),

  /** Usage delta; folded once per `usageId`, so replays and duplicates cost nothing. */
  'budget.spent': z.object({
    attemptId: AttemptId,
    usageId: z.string().max(200),
    /** `null`: the agent reported none. */
    tokens: TokenUsage.nullable(),
    /** Tokens the fallback meter assumes when none were reported; 0 otherwise. */
    meteredTokens: z.number().int().min(0),
    usd: z.number().min(0),
    agentMs: z.number().int().min(0),
    gateMs: z.number().int().min(0),
  }),
  'budget.extended': z.object({ added: Budget, total: Budget }),
} as const;

export type EventType = keyof typeof payloads;
export type Payload<T extends EventType> = z.infer<(typeof payloads)[T]>;

/** An event before the store gives it a position. `v` is the schema version of its payload. */
export type NewEvent = {
  [T in EventType]: { readonly type: T; readonly v: 1; readonly payload: Payload<T> };
}[EventType];

const envelope = {
  /** Global, gap-free over the database. */
  position: z.number().int().min(1),
  goalId: GoalId,
  /** Contiguous per goal, from 1. */
  version: z.number().int().min(1),
  eventId: z.string().min(1),
  v: z.literal(1),
  /** ms since the epoch, the host's clock. */
  at: z.number().int(),
  actor: Actor,
  commandId: CommandId,
  causationId: z.string().nullable(),
};

export type GoalEvent = {
  [T in EventType]: z.infer<z.ZodObject<typeof envelope>> & {
    readonly type: T;
    readonly payload: Payload<T>;
  };
}[EventType];

const types = Object.keys(payloads) as EventType[];

const eventOf = <T extends EventType>(type: T) =>
  z.object({ ...envelope, type: z.literal(type), payload: payloads[type] });

/** Validates on read: an event this cannot parse makes its goal read-only, because a proof over an unreadable log is none. */
export const GoalEvent = z.discriminatedUnion(
  'type',
  types.map(eventOf) as [ReturnType<typeof eventOf>, ...ReturnType<typeof eventOf>[]],
) as unknown as z.ZodType<GoalEvent>;

/** Builds a new event with its payload type checked. */
export function event<T extends EventType>(type: T, payload: Payload<T>): NewEvent {
  return { type, v: 1, payload } as NewEvent;
}
