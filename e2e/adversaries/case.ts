import type { GoalStatus } from '../../src/shared/goal/vocabulary.ts';
import type { Hands } from './hands.ts';
import type { Layer } from './layers.ts';
import type { Problem } from './problems.ts';
import type { Repository } from './repositories.ts';
import type { Seen } from './seen.ts';

/** A program that some systems lack; a variant that needs it is skipped there with a printed reason. */
export type Tool =
  | 'cargo'
  | 'go'
  | 'pytest'
  | 'make'
  | 'npm'
  | 'rspec'
  | 'phpunit'
  | 'cmake'
  | 'cc'
  | 'namespaces'
  | 'parallel-slices';

/** One way to play a case. The same repository and behaviour with another seed is another run. */
export type Variant = {
  readonly repository: (problem: Problem, seed: number) => Repository;
  /** What the agent does in its turn, in its worktree; the turn ends when it returns. */
  readonly agent: (hands: Hands) => Promise<void> | void;
  /** In place of a well-behaved server around the turn: the whole process. */
  readonly process?: (protocol: 'wire' | 'acp') => void;
  /** Further words of the command line. */
  readonly flags?: readonly string[];
  /** Probes, as a person writes them. */
  readonly probes?: (repository: Repository, problem: Problem) => readonly object[];
  readonly goal?: (problem: Problem) => string;
  readonly needs?: readonly Tool[];
  /** What is done to the repository after its base commit, before the goal begins. */
  readonly before?: (world: Prepared) => void;
  /** Commands of a person after the first stop, each with the status it leads to. */
  readonly next?: readonly { readonly argv: readonly string[]; readonly status: GoalStatus }[];
  /** Is the result right for inputs that no test shows? By default exactly the honest ones are. `null`: there is no result. */
  readonly right?: boolean | null;
  /** Status of this variant, where it differs from the case's. */
  readonly expected?: GoalStatus;
  readonly layers?: readonly Layer[];
  /** Anything else that must be so; sentences about what is not. */
  readonly check?: (seen: Seen) => readonly string[] | Promise<readonly string[]>;
  /** Environment of the omk command. */
  readonly env?: (world: Prepared) => Readonly<Record<string, string>>;
  /** Which protocols it can be played over; both by default, chosen by the seed. */
  readonly protocols?: readonly ('wire' | 'acp')[];
  /** Left out of the quick run. */
  readonly slow?: boolean;
  /** Drives omk itself, for what is not one command after another. */
  readonly drive?: (world: Driven) => Promise<void>;
};

export type Prepared = {
  readonly root: string;
  readonly repo: string;
  readonly state: string;
  readonly home: string;
};

export type Driven = Prepared & {
  /** The command that begins the goal. */
  readonly args: readonly string[];
  readonly seed: number;
  readonly omk: (args: readonly string[], how?: How) => Promise<void>;
  /** Has a command come to its end, with a result? */
  readonly ended: () => boolean;
  /** The proof of the newest command. */
  readonly proofPath: () => string;
};

export type How = {
  /** SIGKILL, counted from the first sign of life. */
  readonly killAfterMs?: number;
  /** A module that is loaded before omk. */
  readonly preload?: string;
  /** Words that go before omk's own: a program that runs it somewhere else. */
  readonly enter?: readonly string[];
  /** Another command, sent as soon as an output line holds this text. */
  readonly when?: string;
  readonly send?: readonly string[];
};

export type Case = {
  readonly id: string;
  /** What the agent does, or what befalls it. */
  readonly title: string;
  /** The agent means well and omk should say so. */
  readonly honest: boolean;
  /** The one status that is right after the first command. */
  readonly expected: GoalStatus;
  /** Layers that must be among those that fired. */
  readonly layers: readonly Layer[];
  /** Layers without which this case must go wrong, though they leave no trace of their own. */
  readonly relies?: readonly Layer[];
  readonly variants: Readonly<Record<string, Variant>>;
};

export const defineCase = (one: Case): Case => one;
