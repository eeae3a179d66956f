import type { AgentSpec, TokenUsage } from '../../shared/goal/vocabulary.ts';

/** The one way the runtime drives a coding agent, whatever protocol it speaks. Implementations pass one behaviour suite. */
export interface AgentBackend {
  readonly kind: 'wire' | 'acp';
  /** Spawns, shakes hands, creates or resumes a session and sets the mode. Never rejects: failures are values. */
  start(o: AgentStart): Promise<{ ok: true; value: AgentSession } | { ok: false; error: BackendError }>;
}

export type AgentStart = {
  readonly spec: AgentSpec;
  readonly workDir: string;
  /** Private per-goal HOME and per-attempt TMPDIR; the adapter derives the agent's own variables from them. */
  readonly home: string;
  readonly tmpDir: string;
  /** Variables let through by name, with their values; nothing else is inherited but PATH, LANG and TERM. */
  readonly env: Readonly<Record<string, string>>;
  /** Go on with this earlier session, from the same `workDir`; where it cannot be, a new one is begun and a notice says so. */
  readonly resumeSessionId: string | null;
  readonly mode: 'ask' | 'auto' | 'yolo' | 'plan';
  readonly host: AgentHost;
  readonly transcriptPath: string;
  readonly sandbox: {
    readonly use: 'namespaces' | 'none';
    readonly hide: readonly string[];
    readonly writable: readonly string[];
    /** Seen but not written to, also where it is the worktree. */
    readonly readOnly?: readonly string[];
  };
  /** Gives up the start: the process that shakes hands is killed at once. Of no meaning to a session that began. */
  readonly signal: AbortSignal;
  readonly timeouts: {
    readonly handshakeMs: number;
    readonly stallMs: number;
    readonly cancelMs: number;
    readonly stopMs: number;
  };
};

export interface AgentSession {
  readonly sessionId: string;
  /** It goes on with the session that was asked for, and remembers it. */
  readonly resumed: boolean;
  readonly agent: { readonly name: string; readonly version: string; readonly protocol: string };
  readonly caps: {
    readonly steer: boolean;
    /** `resumeSessionId` of a later start can name this session. */
    readonly replay: boolean;
    readonly usage: 'live' | 'sidecar' | 'none';
    /** Says how full its model's context is. */
    readonly contextUsage: boolean;
    /** Has a mode in which it does not change files. */
    readonly planMode: boolean;
    readonly questions: 'many' | 'one' | 'none';
    readonly hostExec: boolean;
    readonly hostFs: boolean;
    readonly failureReporting: 'protocol' | 'sidecar' | 'none';
  };
  readonly isolated: 'namespaces' | 'none';
  /** Every event of the session in order; ends after the process has ended. One reader. */
  readonly events: AsyncIterable<AgentEvent>;
  /** One at a time; resolves exactly once, whatever happens to the process. */
  prompt(text: string, signal: AbortSignal): Promise<TurnResult>;
  /**
   * Something more to a turn that runs: taken at its next step (`steered`), or by ending what it does and telling it to go on
   * with this too (`restarted`); `idle` when no turn ran. The promise of `prompt` stays the one of the whole.
   */
  steer(text: string): Promise<'steered' | 'restarted' | 'idle'>;
  /** Changes what is done unasked; asserted again by the backend after every start. */
  setMode(mode: AgentStart['mode']): Promise<{ ok: true } | { ok: false; error: BackendError }>;
  cancel(reason: string): Promise<void>;
  /** Cancel, close stdin, wait, KILL the group, sweep. Idempotent; resolves with what survived (empty is the promise). */
  stop(): Promise<{ readonly survivors: readonly number[]; readonly tookMs: number }>;
}

export type TurnResult = {
  readonly outcome: 'completed' | 'cancelled' | 'failed' | 'refused' | 'max_steps' | 'crashed' | 'stalled';
  /** `false`: only the protocol's word for it. */
  readonly confirmed: boolean;
  readonly error: BackendError | null;
  /** This turn, all agents; `null` when the agent reported none. */
  readonly usage: TokenUsage | null;
  /** Bytes the model produced, whatever for: text, thoughts and arguments of calls. For the fallback meter. */
  readonly streamedBytes: number;
  readonly finalText: string;
};

export type BackendErrorCode =
  | 'spawn_failed'
  | 'handshake_timeout'
  | 'cancelled'
  | 'protocol_error'
  | 'auth_required'
  | 'model_not_configured'
  | 'rate_limited'
  | 'quota_exhausted'
  | 'provider_error'
  | 'connection_error'
  | 'context_overflow'
  | 'max_steps'
  | 'filtered'
  | 'busy'
  | 'process_exit'
  | 'stalled'
  | 'flooded';

export type BackendError = {
  readonly code: BackendErrorCode;
  /** One sentence to a person. */
  readonly message: string;
  readonly retryable: boolean;
  readonly detail?: Readonly<Record<string, unknown>>;
};

export type ToolKind = 'read' | 'edit' | 'execute' | 'search' | 'other';

export type AgentEvent =
  | { readonly type: 'text' | 'thought'; readonly delta: string }
  /** What the model produced and no text or thought shows, such as the arguments of a call; for the fallback meter. */
  | { readonly type: 'streamed'; readonly bytes: number }
  | { readonly type: 'notice'; readonly text: string }
  /** Upsert by id. */
  | {
      readonly type: 'tool';
      readonly id: string;
      readonly name: string;
      readonly kind: ToolKind;
      readonly state: 'pending' | 'running' | 'ok' | 'failed';
      readonly paths: readonly string[];
      readonly command: string | null;
      readonly exitCode: number | null;
      readonly output: string | null;
      readonly subagent: string | null;
    }
  /** Delta with an id that is stable over replays. */
  | { readonly type: 'usage'; readonly usageId: string; readonly delta: TokenUsage }
  | { readonly type: 'context'; readonly used: number; readonly max: number }
  | {
      readonly type: 'plan';
      readonly items: readonly {
        readonly title: string;
        readonly status: 'pending' | 'in_progress' | 'done';
      }[];
    }
  | { readonly type: 'retry'; readonly attempt: number; readonly max: number; readonly error: string }
  | { readonly type: 'autonomous_turn'; readonly state: 'begin' | 'end' }
  /** A frame this adapter does not know: kept raw in the transcript, survives. */
  | { readonly type: 'unmapped'; readonly name: string }
  | { readonly type: 'alive' };

export type ApprovalRequest = {
  readonly id: string;
  readonly tool: string;
  readonly summary: string;
  readonly command: string | null;
  /** The protocol cut the command; what is shown is not all that would run. */
  readonly commandComplete: boolean;
  /** Where links lead to, below the folders of the start as these are named there; what climbs is left as the agent named it. */
  readonly paths: readonly string[];
  readonly diff: string | null;
  readonly subagent: string | null;
  /** Where the command would run, when that is known and is not the worktree. */
  readonly cwd?: string;
  /** omk would do it for the agent: a file it writes is outside any namespace. */
  readonly byHost?: true;
};

export type AgentQuestion = {
  readonly id: string;
  readonly questions: readonly {
    readonly text: string;
    readonly header: string;
    readonly options: readonly { readonly label: string; readonly description: string }[];
    readonly multiSelect: boolean;
  }[];
};

/** A tool that omk offers the agent: an external tool in Wire, a tool of omk's MCP server elsewhere. */
export type AgentTool = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
};

export type AgentTools = {
  readonly list: readonly AgentTool[];
  /** What the model reads; `ok: false` when the call was refused. Never rejects. */
  call(
    name: string,
    args: unknown,
    signal: AbortSignal,
  ): Promise<{ readonly ok: boolean; readonly output: string }>;
};

/** What omk does for the agent. Every call has a deadline in the caller; on time-out the safe default is used (reject, dismiss). */
export interface AgentHost {
  approve(
    r: ApprovalRequest,
    signal: AbortSignal,
  ): Promise<{
    readonly decision: 'allow_once' | 'allow_always' | 'reject';
    readonly feedback: string | null;
  }>;
  /** Answers keyed by question text; `null` dismisses. */
  ask(q: AgentQuestion, signal: AbortSignal): Promise<Readonly<Record<string, readonly string[]>> | null>;
  /** Absent: none are offered. */
  readonly tools?: AgentTools;
}
