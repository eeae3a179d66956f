import type { AttemptId, Digest, GoalId, NoteId, QuestionId } from '../kernel/ids.ts';
import type { EventType, Payload } from './events.ts';
import type {
  Actor,
  AttemptKind,
  Budget,
  Failure,
  GoalPhase,
  IsolationLevel,
  NoteDelivery,
  Question,
  TaskSpec,
} from './vocabulary.ts';

/** One leased, fenced try with at most one outcome. */
export type Attempt = {
  readonly attemptId: AttemptId;
  readonly kind: AttemptKind;
  readonly taskId: string | null;
  readonly fence: number;
  readonly startedAt: number;
  /** Version of its `attempt.started`; says which wave it belongs to and which failures were cleared since. */
  readonly startedVersion: number;
  /** Version of its outcome; `null` while it is in flight. */
  readonly endedVersion: number | null;
  readonly leaseUntil: number;
  readonly allowanceMs: number | null;
  readonly allowanceTokens: number | null;
  readonly evidence: readonly Digest[];
  /** A report with an old fence came after the outcome; further ones are refused without a trace. */
  readonly lateReported: boolean;
  readonly outcome:
    | { readonly type: 'in_flight' }
    | { readonly type: 'finished'; readonly at: number }
    | { readonly type: 'failed'; readonly at: number; readonly failure: Failure }
    | {
        readonly type: 'lost';
        readonly at: number;
        readonly reason: 'host_restarted' | 'lease_expired' | 'interrupted';
      };
};

export type AskedQuestion = {
  readonly questionId: QuestionId;
  readonly attemptId: AttemptId | null;
  readonly askedAt: number;
  readonly askedVersion: number;
  readonly question: Question;
  readonly state:
    | { readonly type: 'open' }
    | {
        readonly type: 'answered';
        readonly at: number;
        readonly version: number;
        readonly by: Actor;
        readonly choice: string | null;
        readonly text: string | null;
      }
    | { readonly type: 'withdrawn'; readonly at: number; readonly reason: string };
};

/** What a person wrote to the agent of a goal. */
export type Note = {
  readonly noteId: NoteId;
  readonly text: string;
  readonly writtenAt: number;
  /** The first attempt whose agent was told; `null` while none was. */
  readonly told: { readonly attemptId: AttemptId; readonly how: NoteDelivery; readonly at: number } | null;
};

export type Spend = {
  readonly tokens: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
  };
  /** Tokens that count against the budget: reported ones, plus the fallback meter's where none were reported. */
  readonly tokensTotal: number;
  readonly usd: number;
  readonly agentMs: number;
  readonly gateMs: number;
  /** At least one attempt reported no usage. */
  readonly unmetered: boolean;
};

/** Ids of usage that was counted: most in a set, the newest in a short list, so that folding a long log stays cheap. */
export type UsageSeen = { readonly settled: ReadonlySet<string>; readonly recent: readonly string[] };

export type Candidate = Payload<'slice.committed'> & { readonly at: number; readonly version: number };
export type Verification = Payload<'candidate.verified'> & { readonly at: number; readonly version: number };

/** Versions of the newest event of each sort, 0 before the first: what came before a mark no longer decides. */
export type Marks = {
  readonly base: number;
  readonly oracle: number;
  readonly plan: number;
  /** A wave gives `maxAttempts` agent attempts: opening, a retry, a rejection that asks for another try. */
  readonly wave: number;
  /** Failures of attempts begun before are cleared: a retry or a resume by a person. */
  readonly cleared: number;
  readonly extended: number;
};

export type OpenGoal = {
  readonly exists: true;
  readonly goalId: GoalId;
  readonly version: number;
  readonly position: number;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly opened: Payload<'goal.opened'>;
  readonly phase: GoalPhase;
  readonly paused: boolean;
  readonly cancelRequested: boolean;
  readonly stopped: (Payload<'goal.stopped'> & { readonly at: number }) | null;
  readonly concluded: (Payload<'goal.concluded'> & { readonly at: number }) | null;
  readonly base: Payload<'base.pinned'> | null;
  readonly oracle: Payload<'oracle.defined'> | null;
  readonly trustedDigest: Digest | null;
  readonly setup: Payload<'setup.sealed'> | null;
  readonly baseChecked: Payload<'base.checked'> | null;
  readonly plan: { readonly proposed: Payload<'plan.proposed'>; readonly accepted: boolean } | null;
  readonly tasks: readonly TaskSpec[];
  readonly attempts: readonly Attempt[];
  readonly nextFence: number;
  readonly questions: readonly AskedQuestion[];
  /** Oldest first. */
  readonly notes: readonly Note[];
  /** Newest last; only the last one can become the result. */
  readonly candidates: readonly Candidate[];
  /** Newest unfinished bytes, until a later `slice.committed` supersedes them. */
  readonly kept: Payload<'slice.kept'> | null;
  /** What agents remember, newest last, at most one per task. */
  readonly conversations: readonly Payload<'conversation.opened'>[];
  /** Follow-up work that agents proposed, oldest first. */
  readonly proposals: readonly Payload<'task.proposed'>[];
  readonly claims: readonly Payload<'claim.made'>[];
  readonly verifications: readonly Verification[];
  readonly reviews: readonly (Payload<'review.received'> & {
    readonly at: number;
    readonly version: number;
  })[];
  readonly accepted: (Payload<'goal.accepted'> & { readonly at: number; readonly version: number }) | null;
  readonly rejections: readonly (Payload<'goal.rejected'> & {
    readonly at: number;
    readonly version: number;
  })[];
  readonly proof: (Payload<'proof.issued'> & { readonly version: number }) | null;
  readonly landed: Payload<'result.landed'> | null;
  readonly budget: Budget;
  readonly spend: Spend;
  readonly usageSeen: UsageSeen;
  readonly marks: Marks;
  /** Oracles of slices that a person approved; each binds to exactly these bytes. */
  readonly approvedOracles: readonly { readonly digest: Digest; readonly version: number }[];
  /** Newest last, at most 20. */
  readonly projectChanges: readonly (Payload<'project.changed'> & {
    readonly at: number;
    readonly version: number;
  })[];
  readonly isolation: IsolationLevel | null;
  readonly counts: Readonly<Partial<Record<EventType, number>>>;
};

/** Before `goal.opened`. */
export type NoGoal = { readonly exists: false };
export type GoalState = OpenGoal | NoGoal;

export const noGoal: NoGoal = { exists: false };
