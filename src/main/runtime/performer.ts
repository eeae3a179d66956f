import type { AttemptResult } from '../../shared/goal/commands.ts';
import type { Payload } from '../../shared/goal/events.ts';
import type { Attempt, Note, OpenGoal } from '../../shared/goal/state.ts';
import type {
  AgentClaim,
  Failure,
  NoteDelivery,
  Question,
  TaskSpec,
  TokenUsage,
} from '../../shared/goal/vocabulary.ts';
import type { Digest, NoteId } from '../../shared/kernel/ids.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { Signal } from '../../shared/signals.ts';
import type { Progress } from './ports.ts';

type Slice = Omit<Payload<'slice.committed'>, 'attemptId' | 'taskId'>;
export type Kept = Omit<Payload<'slice.kept'>, 'attemptId' | 'taskId'>;

/** How an attempt ended, as its performer saw it. */
export type Report =
  | { readonly type: 'finished'; readonly result: AttemptResult; readonly evidence: readonly Digest[] }
  | {
      readonly type: 'failed';
      readonly failure: Failure;
      readonly evidence: readonly Digest[];
      /** Work that a budget cut short: still verified, because that costs no tokens. */
      readonly slice?: Slice;
      readonly kept?: Kept;
      readonly gateMs?: number;
    }
  /** A pause, a cancel or a parked question ended it: nobody's failure. */
  | { readonly type: 'interrupted'; readonly kept?: Kept };

/** What an agent says beside its work. */
export type AgentNote =
  | { readonly type: 'task.propose'; readonly task: TaskSpec }
  | { readonly type: 'claim.make'; readonly claim: AgentClaim };

export type Answer = { readonly choice: string | null; readonly text: string | null };

/** What a person writes to the agent of the goal, as an attempt sees it. */
export type Notes = {
  /** All of them as of now, oldest first; the goal of the attempt knows only those from before it began. */
  readonly now: () => readonly Note[];
  /** Records that the agent of this attempt is told. */
  readonly told: (noteId: NoteId, how: NoteDelivery) => void;
  /** Calls for each that is written, until the returned function is called. */
  readonly onWritten: (listener: () => void) => () => void;
};

export type PerformContext = {
  readonly goal: OpenGoal;
  readonly attempt: Attempt;
  /** Aborts on pause, cancel, lost lease and shutdown. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly emit: (signal: Signal) => void;
  /** Records a usage delta at once; the same id twice counts once. */
  readonly spend: (o: {
    readonly usageId: string;
    readonly tokens?: TokenUsage | null;
    readonly meteredTokens?: number;
    readonly agentMs?: number;
    readonly gateMs?: number;
  }) => void;
  /**
   * Records under which name the agent remembers this task and which prompt comes next, before it is sent. Where the log refuses
   * it, a crash costs what the agent remembers and nothing else.
   */
  readonly remember: (conversationId: string, prompt: number) => void;
  /** Records what the agent says; the refusal is a sentence for the model. */
  readonly note: (note: AgentNote) => Result<null, { readonly message: string }>;
  readonly notes: Notes;
  /** Records what changed outside the goal while the attempt went on. */
  readonly projectChanged: (change: {
    readonly what: readonly string[];
    readonly byOperator: boolean;
    readonly breach: readonly string[];
  }) => Promise<void>;
  /** Asks the person and waits; `null` when it was withdrawn or the attempt ended first. Waiting costs no budget. */
  readonly ask: (question: Omit<Question, 'digest'>, signal: AbortSignal) => Promise<Answer | null>;
};

/** One effect. Its header says what is true when the host dies in between. Never rejects but for a bug. */
export type Performer = (context: PerformContext) => Promise<Report>;
