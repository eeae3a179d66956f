import type { GoalState } from '../../shared/goal/state.ts';
import { CommandId } from '../../shared/kernel/ids.ts';
import { canonicalJson } from '../../shared/kernel/json.ts';
import { verifiedPart } from '../../shared/proof/build.ts';
import { sha256 } from '../adapters/system/clock.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Ids, Log } from '../runtime/ports.ts';
import type { Exporter } from './exporter.ts';

/**
 * After each verification the log gets the digest of what it showed, so that a proof changed later disagrees with the log. The
 * digest is of state alone: a host that died in between issues the same one with its next commit.
 */
export function issueProofs(deps: {
  readonly engine: Engine;
  readonly exporter: Exporter;
  readonly ids: Ids;
  readonly log: Log;
}): () => void {
  const isDue = (state: GoalState): boolean => {
    if (!state.exists || state.concluded) return false;
    return (state.verifications.at(-1)?.version ?? 0) > (state.proof?.version ?? 0);
  };
  return deps.engine.onCommit((goalId, _events, committed) => {
    if (!isDue(committed)) return;
    // Not inside the commit that is being published, but before any timer: nothing may be landed without its proof in the log.
    queueMicrotask(() => {
      const state = deps.engine.state(goalId);
      const verification = state.exists ? state.verifications.at(-1) : undefined;
      if (!isDue(state) || !state.exists || !verification) return;
      const { commit, tree } = verification;
      const digest = sha256(canonicalJson(verifiedPart(state, verification)));
      const issued = deps.engine.execute(
        goalId,
        { type: 'proof.issue', proof: { commit, tree, digest, path: deps.exporter.proofPath(goalId) } },
        { actor: 'host', commandId: CommandId.parse(deps.ids.uuid()) },
      );
      if (!issued.ok) deps.log.warn('A proof was not issued.', { goalId, code: issued.error.code });
    });
  });
}
