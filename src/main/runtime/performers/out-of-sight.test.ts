import { expect, test } from 'vitest';
import type { IsolationLevel } from '../../../shared/goal/vocabulary.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { AgentPlaces } from '../ports.ts';
import { goalId, verified } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import { outOfSight } from './out-of-sight.ts';

async function judged(level: IsolationLevel, places: 'away' | 'there' | 'disturbed' | null) {
  const { verification } = verified(openGoal().driveTo('verify').goal, { isolationNote: 'n'.repeat(500) });
  const agentPlaces: Pick<AgentPlaces, 'whileAway'> = {
    async whileAway(_, work) {
      if (places === null) throw new Error('Nothing has to be moved.');
      return { done: await work(), places };
    },
  };
  const gates = { isolation: async () => ({ level, note: '' }) };
  const done = await outOfSight({ gates, agentPlaces }, { goalId, isolation: 'none' }, async () =>
    ok(verification),
  );
  return done.ok ? done.value.isolationNote : done.error;
}

test('in namespaces nothing is moved', async () => {
  expect(await judged('L2', null)).toBe('n'.repeat(500));
});

test('the verification says whether the folders of agents were away', async () => {
  expect(await judged('L0', 'away')).toMatch(/^Agents’ folders were moved away while verifying\. n+$/);
  expect(await judged('L0', 'there')).toMatch(/ were not hidden while verifying\. n+$/);
  expect(await judged('L1', 'away')).toHaveLength(500);
});

test('folders that were made again meanwhile void the run, and the result with it', async () => {
  expect(await judged('L0', 'disturbed')).toMatchObject({ code: 'verification.disturbed', blame: 'agent' });
});
