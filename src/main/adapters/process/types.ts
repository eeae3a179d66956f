import type { Readable, Writable } from 'node:stream';

/** What a child may see and reach. Levels that a system cannot give are reported, never imitated. */
export type Sandbox = {
  /** `namespaces`: own PID, mount and user namespace (ends every descendant with it). `none`: process group only. */
  readonly use: 'namespaces' | 'none';
  /** `false`: own empty network namespace with loopback only. Ignored without namespaces. */
  readonly network: boolean;
  /** The whole root becomes read-only except `writable`. */
  readonly readOnlyRoot: boolean;
  readonly writable: readonly string[];
  /** Masked by an empty read-only folder (or file); must exist. Children of `writable` may be masked too. */
  readonly hide: readonly string[];
  /** Mounted read-only, wherever they are. */
  readonly readOnly: readonly string[];
  /** Bind mounts, e.g. a login file into the goal's home, or a verification tree at its neutral path. */
  readonly bind: readonly { readonly from: string; readonly to: string; readonly readOnly: boolean }[];
};

export const noSandbox: Sandbox = {
  use: 'none',
  network: true,
  readOnlyRoot: false,
  writable: [],
  hide: [],
  readOnly: [],
  bind: [],
};

export type SpawnOptions = {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The complete environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  /** Bytes written to stdin, then closed. `null`: stdin stays open for the caller. */
  readonly stdin: string | Uint8Array | null;
  readonly signal?: AbortSignal;
  /** Read end of an extra pipe at this descriptor number (3..9) in the child, for reports that must not pass the tree. */
  readonly extraPipe?: number;
};

export type ExitInfo = {
  readonly code: number | null;
  readonly signal: string | null;
  /** The program could not be started at all. */
  readonly spawnError: { readonly code: string; readonly message: string } | null;
};

export type StopReport = {
  readonly exit: ExitInfo;
  /** Process ids of this run still alive after KILL; empty is the promise. */
  readonly survivors: readonly number[];
  readonly tookMs: number;
};

export interface ManagedProcess {
  readonly pid: number | null;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly extra: Readable | null;
  /** Isolation that was really reached. */
  readonly isolated: 'namespaces' | 'none';
  /** Settles on every kind of death, also when the program never started. Never rejects. */
  readonly exited: Promise<ExitInfo>;
  /**
   * Ends the whole run: closes stdin, waits `graceMs`, TERM to the group (unless `term` is false), waits, KILL, then looks
   * for anything of this run that survived. Idempotent. Within 2 s after the grace.
   */
  stop(o: { readonly graceMs: number; readonly term: boolean }): Promise<StopReport>;
}
