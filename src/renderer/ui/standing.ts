import { useEffect } from 'react';
import type { GoalId } from '../../shared/kernel/ids.ts';
import { useRemote } from './hooks.ts';

const none: ReadonlyMap<string, readonly string[]> = new Map();

/**
 * Goals whose proof no longer speaks about what their project is now, with the sentences that say why. Looked at when this is opened,
 * when something about the goal changes and when the window gets the focus; nothing is polled.
 */
export function useStanding(goalId: GoalId | null, version = 0): ReadonlyMap<string, readonly string[]> {
  const { value, reload } = useRemote(`standing ${goalId ?? ''} ${version}`, async (client, signal) => {
    const stale = await client.proofs.standing({ goalId }, { signal });
    return new Map(stale.map((one) => [String(one.goalId), one.notes]));
  });
  useEffect(() => {
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, [reload]);
  return value ?? none;
}
