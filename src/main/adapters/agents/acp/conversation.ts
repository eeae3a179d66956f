import type { AgentHost, AgentStart, BackendError, TurnResult } from '../../../runtime/agent-backend.ts';
import type { EventQueue } from '../event-queue.ts';
import type { AcpClient, AcpHandlers } from './client.ts';
import type { MakeExecutor } from './hosting.ts';
import type { Quirks } from './quirks.ts';
import type { SidecarTracker } from './sidecar-tracker.ts';

/** The part of a session that lives between handshake and end: turns, one at a time, and what happens around them. */
export type Conversation = {
  readonly handlers: AcpHandlers;
  /** The handshake is done; updates count from now on. */
  begin(o: {
    readonly sessionId: string;
    readonly agentVersion: string;
    readonly tracker: SidecarTracker | null;
    /** Sets the mode that was asked for last. */
    readonly setMode: () => Promise<BackendError | null>;
  }): void;
  prompt(prompt: string, signal: AbortSignal): Promise<TurnResult>;
  steer(text: string): Promise<'restarted' | 'idle'>;
  cancel(reason: string): Promise<void>;
  /** The process is gone or about to be: whatever runs ends with this. Idempotent. */
  end(error: BackendError): void;
  /** Commands that omk runs for the agent are over. Resolves with what survived. */
  endCommands(): Promise<readonly number[]>;
};

export type ConversationDeps = {
  readonly client: () => AcpClient;
  readonly quirks: Quirks;
  readonly host: AgentHost;
  readonly timeouts: AgentStart['timeouts'];
  readonly hostDeadlineMs: number;
  readonly queue: EventQueue;
  /** Makes usage ids of this process differ from those of every other. */
  readonly nonce: string;
  readonly now: () => number;
  /** Ends the process: the agent did not let go of a turn, or sent more than can be taken. */
  readonly abandon: (error: BackendError) => Promise<void>;
  readonly makeExecutor: MakeExecutor;
};
