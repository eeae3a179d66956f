import type { AttemptId, Digest, NoteId, Oid, QuestionId } from '../kernel/ids.ts';
import type { Payload } from './events.ts';
import type {
  AgentClaim,
  AttemptKind,
  Budget,
  Failure,
  NoteDelivery,
  PlanDocuments,
  Question,
  Reason,
  TaskSpec,
  TokenUsage,
} from './vocabulary.ts';

/** What an attempt of each kind reports when it worked. */
export type AttemptResult =
  | {
      readonly kind: 'prepare';
      readonly base: Payload<'base.pinned'>;
      readonly oracle: Omit<Payload<'oracle.defined'>, never>;
    }
  /** Gates exist but cannot be read: never falls back to detection. */
  | { readonly kind: 'prepare_unreadable'; readonly base: Payload<'base.pinned'>; readonly message: string }
  | { readonly kind: 'setup'; readonly sealed: Payload<'setup.sealed'>; readonly gateMs: number }
  | { readonly kind: 'base'; readonly checked: Payload<'base.checked'>; readonly gateMs: number }
  | { readonly kind: 'agent'; readonly slice: Omit<Payload<'slice.committed'>, 'attemptId' | 'taskId'> }
  | {
      readonly kind: 'verify';
      readonly verification: Omit<Payload<'candidate.verified'>, 'attemptId'>;
      readonly gateMs: number;
    }
  | {
      readonly kind: 'plan';
      readonly tasks: Payload<'plan.proposed'>['tasks'];
      readonly documents: PlanDocuments;
    }
  | { readonly kind: 'review'; readonly review: Omit<Payload<'review.received'>, 'attemptId'> }
  | { readonly kind: 'land'; readonly landed: Payload<'result.landed'> };

/** A wish; may be refused. Operator commands come from people (or policy on their behalf), host commands from the runner. */
export type GoalCommand =
  | { readonly type: 'goal.open'; readonly opened: Payload<'goal.opened'> }
  | { readonly type: 'goal.pause' }
  | { readonly type: 'goal.resume' }
  | { readonly type: 'goal.retry' }
  | { readonly type: 'goal.cancel' }
  /** Accepts exactly this commit; refused with the missing-evidence list when anything is missing. */
  | { readonly type: 'goal.accept'; readonly commit: Oid; readonly note: string }
  | ({ readonly type: 'goal.reject' } & Payload<'goal.rejected'>)
  | { readonly type: 'goal.extend_budget'; readonly added: Budget }
  /** Says something to the agent that works, or to the next one. */
  | { readonly type: 'goal.note'; readonly text: string }
  | {
      readonly type: 'question.answer';
      readonly questionId: QuestionId;
      readonly choice: string | null;
      readonly text: string | null;
      /** Digest of the question the person saw; `null` from a command line that names no digest. */
      readonly digest: Digest | null;
    }
  /** A live agent asks (approval or question); recorded before the agent waits for it. */
  | {
      readonly type: 'question.ask';
      readonly questionId: QuestionId;
      readonly attemptId: AttemptId;
      readonly fence: number;
      readonly question: Question;
    }
  | { readonly type: 'question.withdraw'; readonly questionId: QuestionId; readonly reason: string }
  /** A live agent was told what a person wrote. */
  | {
      readonly type: 'note.deliver';
      readonly attemptId: AttemptId;
      readonly fence: number;
      readonly noteId: NoteId;
      readonly how: NoteDelivery;
    }
  /** A live agent proposes follow-up work. */
  | {
      readonly type: 'task.propose';
      readonly attemptId: AttemptId;
      readonly fence: number;
      readonly task: TaskSpec;
    }
  /** A live agent says what it did. */
  | {
      readonly type: 'claim.make';
      readonly attemptId: AttemptId;
      readonly fence: number;
      readonly claim: AgentClaim;
    }
  | {
      readonly type: 'attempt.begin';
      readonly attemptId: AttemptId;
      readonly kind: AttemptKind;
      readonly taskId: string | null;
    }
  | { readonly type: 'attempt.renew'; readonly attemptId: AttemptId; readonly fence: number }
  | {
      readonly type: 'attempt.report';
      readonly attemptId: AttemptId;
      readonly fence: number;
      readonly outcome:
        | { readonly type: 'finished'; readonly result: AttemptResult; readonly evidence: readonly Digest[] }
        /** `slice`: work that a budget cut short, still verified because that costs no tokens. */
        | {
            readonly type: 'failed';
            readonly failure: Failure;
            readonly evidence: readonly Digest[];
            readonly slice?: Omit<Payload<'slice.committed'>, 'attemptId' | 'taskId'>;
            /** Bytes of a turn that ended badly: in custody, where the next attempt starts, never judged. */
            readonly kept?: Omit<Payload<'slice.kept'>, 'attemptId' | 'taskId'>;
            readonly gateMs?: number;
          };
    }
  | {
      readonly type: 'attempt.lose';
      readonly attemptId: AttemptId;
      readonly reason: 'host_restarted' | 'lease_expired' | 'interrupted';
      /** What the attempt left, kept for the next one. */
      readonly kept?: Omit<Payload<'slice.kept'>, 'attemptId' | 'taskId'>;
    }
  /** An agent is about to be prompted; recorded first, so that a death in the middle of the turn loses no conversation. */
  | {
      readonly type: 'conversation.open';
      readonly attemptId: AttemptId;
      readonly fence: number;
      readonly conversationId: string;
      readonly prompt: number;
    }
  | {
      readonly type: 'budget.spend';
      readonly attemptId: AttemptId;
      readonly usageId: string;
      readonly tokens: TokenUsage | null;
      readonly meteredTokens: number;
      readonly usd: number;
      readonly agentMs: number;
      readonly gateMs: number;
    }
  | { readonly type: 'proof.issue'; readonly proof: Payload<'proof.issued'> }
  | {
      readonly type: 'project.report_change';
      readonly what: readonly string[];
      readonly byOperator: boolean;
      readonly breach: readonly string[];
    };

/** A refusal: a value with a code to branch on and one sentence for the person. */
export type Rejection = {
  readonly code:
    | 'goal.unknown'
    | 'goal.exists'
    | 'goal.concluded'
    | 'goal.not_paused'
    | 'goal.already_paused'
    | 'goal.not_retryable'
    | 'goal.nothing_to_accept'
    | 'goal.evidence_missing'
    | 'goal.candidate_moved'
    | 'goal.read_only'
    | 'question.unknown'
    | 'question.already_answered'
    | 'question.changed'
    | 'question.choice_unknown'
    | 'question.text_required'
    | 'budget.nothing_added'
    | 'note.refused'
    | 'note.unknown'
    | 'attempt.not_due'
    | 'attempt.fenced'
    | 'attempt.unknown'
    /** An agent proposed a task that breaks a rule, or too many; the message is for the model. */
    | 'task.refused'
    | 'claim.refused'
    /** The log could not be written (disk full, read-only): nothing happened, sending again is safe. */
    | 'log.not_written';
  readonly message: string;
  readonly missing?: readonly Reason[];
  /** For a stale question: the one that is open now. */
  readonly current?: QuestionId;
};
