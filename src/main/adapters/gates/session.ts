import type { Payload } from '../../../shared/goal/events.ts';
import type { Failure, GateSpec, GoalPolicy } from '../../../shared/goal/vocabulary.ts';
import type { Digest, Oid } from '../../../shared/kernel/ids.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import type { OraclePlan } from '../../runtime/verification/oracle-plan.ts';
import type { GateContext, TreeReader, Workspaces } from '../../runtime/ports.ts';
import type { Overlay } from './overlay.ts';
import type { SetupDeps } from './setup.ts';

export type VerifyOptions = GateContext & {
  readonly sealed: Payload<'setup.sealed'> | null;
  readonly base: Payload<'base.checked'>;
  readonly candidate: { readonly commit: Oid; readonly tree: Oid };
  readonly policy: GoalPolicy;
  readonly approvedOracles: readonly Digest[];
  readonly hideDirs: readonly string[];
  readonly outside: readonly string[];
};
export type VerifyDeps = SetupDeps & { readonly workspaces: Pick<Workspaces, 'writeTree' | 'tree' | 'diff'> };

/** What one verification works on; runs differ only in tree, oracle and gate. */
export type Session = {
  /** Selected checks and probes as they are run, cheap ones first. */
  readonly gates: readonly GateSpec[];
  readonly deps: VerifyDeps;
  readonly o: VerifyOptions;
  readonly base: TreeReader;
  readonly theirs: TreeReader;
  readonly plan: OraclePlan;
  readonly gateBases: ReadonlyMap<string, GateBase>;
  readonly run: (gate: GateSpec, tree: Oid, overlay: Overlay) => Promise<Result<GateRun, Failure>>;
};
