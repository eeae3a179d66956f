import type { Payload } from '../../../shared/goal/events.ts';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import type { AgentPlaces, GateContext, Gates } from '../ports.ts';

type Verified = Omit<Payload<'candidate.verified'>, 'attemptId'>;

/**
 * Judges a result where it finds nothing that its agents left beside it: gates mask their folders in namespaces, and where there
 * are none the folders are moved away meanwhile. What was reached is said in the verification.
 */
export async function outOfSight(
  deps: {
    readonly gates: Pick<Gates, 'isolation'>;
    readonly agentPlaces: Pick<AgentPlaces, 'whileAway'>;
  },
  { goalId, isolation }: Pick<GateContext, 'goalId' | 'isolation'>,
  verify: () => Promise<Result<Verified, Failure>>,
): Promise<Result<Verified, Failure>> {
  const { level } = await deps.gates.isolation(isolation);
  if (level === 'L2' || level === 'L3') return verify();
  const { done, places } = await deps.agentPlaces.whileAway(goalId, verify);
  if (!done.ok) return done;
  if (places === 'disturbed') return err(disturbed);
  const note = `${words[places]} ${done.value.isolationNote}`;
  return ok({ ...done.value, isolationNote: note.slice(0, 500) });
}

const words = {
  away: 'Agents’ folders were moved away while verifying.',
  there: 'Agents’ folders could not be moved away and were not hidden while verifying.',
};

/** No result of omk's makes these paths, and what was read from them could be anything. */
const disturbed: Failure = {
  code: 'verification.disturbed',
  message:
    'While the result was judged, something made the agents’ folders again, which omk had moved away. Nothing may be left running that writes there.',
  retry: 'never',
  blame: 'agent',
};
