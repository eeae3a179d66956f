import type { AttemptId, Digest, GoalId, Oid, QuestionId } from '../kernel/ids.ts';
import type { EventType, Payload } from './events.ts';
import type {
  Actor,
  AttemptKind,
  Budget,
  Failure,
  GoalPhase,
  IsolationLevel,
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
  readonly leaseUntil: number;
  readonly allowanceMs: number | null;
  readonly allowanceTokens: number | null;
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
  readonly question: Question;
  readonly state:
    | { readonly type: 'open' }
    | {
        readonly type: 'answered';
        readonly at: number;
        readonly by: Actor;
        readonly choice: string | null;
        readonly text: string | null;
      }
    | { readonly type: 'withdrawn'; readonly at: number; readonly reason: string };
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

export type Candidate = Payload<'slice.committed'> & { readonly at: number };
export type Verification = Payload<'candidate.verified'> & { readonly at: number };

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
  /** Newest last; only the last one can become the result. */
  readonly candidates: readonly Candidate[];
  /** Newest unfinished bytes, until a later `slice.committed` supersedes them. */
  readonly kept: Payload<'slice.kept'> | null;
  readonly verifications: readonly Verification[];
  readonly accepted: (Payload<'goal.accepted'> & { readonly by: Actor; readonly at: number }) | null;
  readonly rejections: readonly (Payload<'goal.rejected'> & { readonly at: number })[];
  readonly proof: (Payload<'proof.issued'> & { readonly version: number }) | null;
  readonly landed: Payload<'result.landed'> | null;
  readonly budget: Budget;
  readonly spend: Spend;
  readonly usageSeen: ReadonlySet<string>;
  /** Retries by a person: `goal.retry` gives `maxAttempts` more and clears the failure it retries. */
  readonly retriedAtVersion: number;
  readonly isolation: IsolationLevel | null;
  readonly counts: Readonly<Partial<Record<EventType, number>>>;
};

/** Before `goal.opened`. */
export type NoGoal = { readonly exists: false };
export type GoalState = OpenGoal | NoGoal;

export const noGoal: NoGoal = { exists: false };
