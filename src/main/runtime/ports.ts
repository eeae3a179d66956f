import type { CommandId, Digest, GoalId, Oid, AttemptId } from '../../shared/kernel/ids.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { GoalEvent, NewEvent, Payload } from '../../shared/goal/events.ts';
import type {
  Actor,
  AgentSpec,
  ChangedFile,
  Failure,
  GateSpec,
  GoalPolicy,
  IsolationLevel,
} from '../../shared/goal/vocabulary.ts';
import type { DetectedAgent } from '../../shared/api/agents.ts';
import type { Inspection, InspectionProblem } from '../../shared/api/projects.ts';

// ---- the log ------------------------------------------------------------------------------------------------------

export type Receipt = { readonly commandId: CommandId; readonly goalId: GoalId; readonly outcome: string };

/** Append-only, one stream per goal, one writer. Every method is synchronous because the writer is. */
export interface EventStore {
  /**
   * One transaction: checks the expected version, appends (hash-chained), writes the receipt and the list row. Rejected
   * commands store a receipt with no events. Throws only when the disk or the database fails (`StoreError`).
   */
  append(o: {
    readonly goalId: GoalId;
    readonly expectedVersion: number;
    readonly events: readonly NewEvent[];
    readonly at: number;
    readonly actor: Actor;
    readonly commandId: CommandId;
    readonly causationId: string | null;
    readonly receipt: string;
    readonly row: string | null;
  }): Result<readonly GoalEvent[], { readonly code: 'store.version_conflict' }>;
  receipt(commandId: CommandId): Receipt | null;
  /** In version order; validated by schema. `unreadable` names the first event that cannot be read or whose hash is wrong. */
  read(
    goalId: GoalId,
    afterVersion: number,
  ): {
    readonly events: readonly GoalEvent[];
    /** Each event as it was hashed, without what a later schema fills in; `hashes` are of these. */
    readonly hashed: readonly object[];
    readonly hashes: readonly string[];
    readonly unreadable: string | null;
  };
  /** Every goal that has events. `row` as it was last appended; `null` where the projection was dropped. */
  goals(): readonly { readonly goalId: GoalId; readonly row: string | null; readonly version: number }[];
  /** Recomputes the whole chain of a goal from stored bytes. */
  verifyChain(goalId: GoalId): {
    readonly ok: boolean;
    readonly checked: number;
    readonly problem: string | null;
    readonly head: string;
  };
  eventCount(): number;
  close(): void;
}

/** Bytes by SHA-256; written once, 0600, durable before the digest is returned. Text is redacted before it is stored. */
export interface Artifacts {
  put(bytes: Uint8Array | string): Promise<Result<Digest, Failure>>;
  /** Streams into the store with a quota; marks what was cut. */
  writer(quotaBytes: number): ArtifactWriter;
  read(
    digest: Digest,
    offset: number,
    length: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly size: number } | null>;
  has(digest: Digest): boolean;
  /** Re-hashes; `false` when missing or changed. */
  verify(digest: Digest): Promise<boolean>;
}
export interface ArtifactWriter {
  write(chunk: Uint8Array): void;
  close(): Promise<
    Result<{ readonly digest: Digest; readonly bytes: number; readonly dropped: number }, Failure>
  >;
}

// ---- places -------------------------------------------------------------------------------------------------------

export type TreeEntry = {
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000' | '160000' | '040000';
  readonly oid: Oid;
};

/** Reads one tree without a working copy and without executing anything. Paths are POSIX, relative, '' is the root. */
export interface TreeReader {
  list(dir: string): Promise<readonly TreeEntry[]>;
  /** Every non-folder entry. */
  all(): Promise<readonly TreeEntry[]>;
  /** `null`: not there, not a file, or longer than `maxBytes`, never a part of one. Throws nothing for odd bytes. */
  read(path: string, maxBytes: number): Promise<Uint8Array | null>;
}

/** Looks at a repository somebody dropped; nothing of it is executed and nothing is written. */
export interface Projects {
  inspect(
    path: string,
    detect: (tree: TreeReader) => Promise<Inspection['gates']>,
  ): Promise<Result<Inspection, InspectionProblem>>;
  dirty(path: string): Promise<{
    readonly count: number;
    readonly paths: readonly string[];
    readonly approximate: boolean;
  } | null>;
  /** Stat + index + refs + config + hooks digest, bounded in time; ignored files excluded. */
  fingerprint(path: string): Promise<Fingerprint>;
}
export type Fingerprint = {
  readonly digest: Digest;
  /** refs, HEAD, config, hooks: changed by no omk act is a breach. */
  readonly git: Readonly<Record<string, string>>;
  /** index and working files, each with a few words that change with it: a person may work on. */
  readonly checkout: ReadonlyMap<string, string>;
};

export type Standing = {
  /** The project is still where it was. */
  readonly project: boolean;
  /** What `goal/<goal-id>/result` names in it; `null`: there is no such branch. */
  readonly landedAt: Oid | null;
  /** Commits that base's branch gained since; `null` when that cannot be known. */
  readonly baseMovedBy: number | null;
};

export interface Workspaces {
  /** Private clone + vault, no hard links, no alternates, pinned to base. Idempotent: looks before it acts. */
  create(o: {
    readonly goalId: GoalId;
    readonly projectPath: string;
    readonly from: GoalPolicy['from'];
    /** Forgets what was pinned and pins what the project has now: only before any agent has worked. */
    readonly anew?: boolean;
    readonly signal: AbortSignal;
  }): Promise<Result<Omit<Payload<'base.pinned'>, 'fingerprint'>, Failure>>;
  /** A clean worktree for one attempt at `commit`, on branch `goal/<goal-id>/slice/<task-id>`; earlier bytes are in custody first. */
  openSlice(o: {
    readonly goalId: GoalId;
    readonly taskId: string;
    readonly attemptId: AttemptId;
    readonly commit: Oid;
    /** What setup will put there, relative to the tree: never taken for work of an agent. */
    readonly prepared?: readonly string[];
    /** Put it into the folder in which this earlier attempt worked, whose bytes are moved aside after they are in custody. */
    readonly inPlaceOf?: AttemptId;
  }): Promise<Result<{ readonly dir: string }, Failure>>;
  /**
   * Takes the worktree's final bytes, makes one commit of omk's own on `base` from what is inside the write set, fetches it into the
   * vault by object id with fsck, moves the custody ref. Agent commits stay reachable. Works after a crash of anything.
   */
  commitSlice(o: {
    readonly goalId: GoalId;
    readonly taskId: string;
    readonly attemptId: AttemptId;
    readonly base: Oid;
    readonly message: string;
    readonly inWriteSet: (path: string) => boolean;
  }): Promise<
    Result<
      Pick<
        Payload<'slice.committed'>,
        'commit' | 'tree' | 'base' | 'files' | 'outside' | 'ignored' | 'custodyRef'
      >,
      Failure
    >
  >;
  /** Reader over a tree in the vault. */
  tree(goalId: GoalId, tree: Oid): TreeReader;
  /** Writes a tree object by object (attributes, filters, EOL rules ignored) into an empty folder and proves its hash. */
  writeTree(o: {
    readonly goalId: GoalId;
    readonly tree: Oid;
    readonly dir: string;
    readonly signal: AbortSignal;
  }): Promise<Result<{ readonly files: number; readonly bytes: number }, Failure>>;
  /** From the vault, computed from the two trees only. */
  diff(o: {
    readonly goalId: GoalId;
    readonly from: Oid;
    readonly to: Oid;
    /** Only these files, by their names to the letter; all when left out. */
    readonly paths?: readonly string[];
    readonly maxPatchBytes: number;
  }): Promise<
    Result<
      {
        readonly files: readonly Omit<ChangedFile, 'locked'>[];
        readonly patch: string;
        readonly truncated: boolean;
      },
      Failure
    >
  >;
  /** `update-ref <new> <old>` of `goal/<goal-id>/result` in the project; never touches HEAD, index or files. */
  land(o: {
    readonly goalId: GoalId;
    readonly projectPath: string;
    readonly commit: Oid;
    readonly base: Oid;
    readonly branch: string | null;
  }): Promise<Result<Payload<'result.landed'>, Failure>>;
  /** Where the project stands now against what a proof speaks about. Reads only. */
  standing(o: {
    readonly goalId: GoalId;
    readonly projectPath: string;
    readonly base: Oid;
    readonly branch: string | null;
  }): Promise<Standing>;
  /**
   * Removes the worktrees of a goal that is over and its copy of the repository for agents, once their bytes are in custody.
   * When one cannot be kept (`unkept`), nothing is removed. Idempotent.
   */
  archive(goalId: GoalId): Promise<Result<{ readonly unkept: readonly string[] }, Failure>>;
  /** Folders that agents of this goal know: hidden while verifying. */
  agentDirs(goalId: GoalId): readonly string[];
  diskUse(): Promise<number>;
}

/** The folders of a goal that its agents know (worktrees, homes, temporary folders), for systems where nothing can mask them. */
export interface AgentPlaces {
  /** Work that needs the folders where agents know them; waits while they are away. */
  inPlace<T>(goalId: GoalId, work: () => Promise<T>): Promise<T>;
  /**
   * Waits until no such work of this goal goes on, then works while the paths that agents know lead nowhere, and brings
   * everything back. `there`: they could not be moved, and lay open. `disturbed`: somebody made such a path again, or
   * brought it back, meanwhile. Rejects while they cannot be brought back.
   */
  whileAway<T>(
    goalId: GoalId,
    work: () => Promise<T>,
  ): Promise<{ readonly done: T; readonly places: 'away' | 'there' | 'disturbed' }>;
}

// ---- gates --------------------------------------------------------------------------------------------------------

export type OracleFound =
  | {
      readonly type: 'found';
      readonly source: 'gates.toml' | 'detected';
      readonly gates: readonly GateSpec[];
      readonly digest: Digest;
      readonly lockedFiles: number;
      readonly notes: readonly string[];
    }
  | { readonly type: 'none'; readonly notes: readonly string[]; readonly digest: Digest }
  | { readonly type: 'unreadable'; readonly message: string; readonly digest: Digest };

export type Progress = (label: string, done: number | null, total: number | null) => void;

/** What a gate run needs to know of its goal; the tree comes from the vault. */
export type GateContext = {
  readonly goalId: GoalId;
  readonly gates: readonly GateSpec[];
  readonly baseTree: Oid;
  readonly oracleDigest: Digest;
  readonly isolation: GoalPolicy['isolation'];
  /** Values of the variables that gates name in `env`. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
};

export interface Gates {
  /** Reads `.omk/gates.toml`, else detects; only scripts and tools that exist. Executes nothing. */
  find(tree: TreeReader): Promise<OracleFound>;
  /** Digest of gates plus the locked configuration bytes of the tree they run on; what trust binds to. */
  digest(tree: TreeReader, gates: readonly GateSpec[]): Promise<Digest>;
  /** What a goal that asks for `wanted` gets here. */
  isolation(
    wanted: GoalPolicy['isolation'],
  ): Promise<{ readonly level: IsolationLevel; readonly note: string }>;
  /** Runs setup gates on base at the goal's fixed verification path and seals their outputs. */
  setup(o: GateContext): Promise<Result<Payload<'setup.sealed'>, Failure>>;
  /** Runs every selected gate on base twice (per `repeat`); expected tests are what both runs reported. */
  checkBase(
    o: GateContext & { readonly sealed: Payload<'setup.sealed'> | null },
  ): Promise<Result<Payload<'base.checked'>, Failure>>;
  /** The deciding run on the candidate with the base oracle, plus analysers over the diff. */
  verify(
    o: GateContext & {
      readonly sealed: Payload<'setup.sealed'> | null;
      readonly base: Payload<'base.checked'>;
      readonly candidate: { readonly commit: Oid; readonly tree: Oid };
      readonly policy: GoalPolicy;
      /** Oracle trees a person approved, by digest. */
      readonly approvedOracles: readonly Digest[];
      readonly hideDirs: readonly string[];
      /** Paths that the agent left and that are in no commit. */
      readonly outside: readonly string[];
    },
  ): Promise<Result<Omit<Payload<'candidate.verified'>, 'attemptId'>, Failure>>;
  /** Copies of the sealed setup outputs for an agent's worktree (reflink or copy, never a link). */
  installSetup(o: {
    readonly goalId: GoalId;
    readonly sealed: Payload<'setup.sealed'>;
    readonly dir: string;
  }): Promise<Result<null, Failure>>;
}

// ---- the rest -----------------------------------------------------------------------------------------------------

export interface AgentRegistry {
  list(refresh: boolean): Promise<readonly DetectedAgent[]>;
  /** `wire:CMD` or `acp:CMD`, split as a shell splits words; or the name of a detected agent. */
  resolve(
    text: string,
  ): Promise<
    Result<AgentSpec, { readonly code: 'agent.unknown' | 'agent.unusable'; readonly message: string }>
  >;
}

export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Monotonic ms; for budgets and leases. */
  monotonic(): number;
}

/** One-shot timers, passed in so that the runtime itself has none. */
export interface Timers {
  after(ms: number, run: () => void): () => void;
}

/** Space on the disk of the log, kept so that the outcome of what filled the disk can still be written. */
export interface Reserve {
  /** Sets it aside unless it is; where there is no space for it, nothing is. */
  hold(): void;
  /** Gives it up. `false`: there was none. */
  release(): boolean;
}

export interface Ids {
  /** 8 random hex digits. */
  hex8(): string;
  uuid(): string;
}

export interface Log {
  info(message: string, data?: Readonly<Record<string, unknown>>): void;
  warn(message: string, data?: Readonly<Record<string, unknown>>): void;
  error(message: string, data?: Readonly<Record<string, unknown>>): void;
}
