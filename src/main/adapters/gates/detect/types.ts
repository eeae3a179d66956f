import type { GateSpec } from '../../../../shared/goal/vocabulary.ts';
import type { TreeEntry } from '../../../runtime/ports.ts';

/** What a detector may look at. Nothing is executed. */
export type Surroundings = {
  readonly entries: readonly TreeEntry[];
  readonly has: (path: string) => boolean;
  /** Text of a file of the tree; `null` when it is not there, too large, or not text. */
  text(path: string): Promise<string | null>;
  /** Is there such a program on the clean PATH? */
  tool(name: string): Promise<boolean>;
};

export type Detected = { readonly gates: readonly GateSpec[]; readonly notes: readonly string[] };
