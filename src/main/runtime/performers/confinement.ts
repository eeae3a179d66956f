import type { GoalPolicy } from '../../../shared/goal/vocabulary.ts';
import type { Gates } from '../ports.ts';

/**
 * How an agent is started: in namespaces where the goal wants them and the system gives them. Where it gives none the agent works
 * all the same, and everything it leaves says so; not so where the person wants no less than a sandbox: then its start fails.
 */
export async function confinement(
  gates: Pick<Gates, 'isolation'>,
  { isolation, minIsolation }: Pick<GoalPolicy, 'isolation' | 'minIsolation'>,
): Promise<GoalPolicy['isolation']> {
  if (isolation === 'none' || minIsolation === 'L2' || minIsolation === 'L3') return isolation;
  const { level } = await gates.isolation(isolation);
  return level === 'L0' ? 'none' : isolation;
}
