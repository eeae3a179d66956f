import { expect, test } from 'vitest';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { oidOf, testGate } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import { visibleProbes } from './visible-probes.ts';

const probe = (name: string, file?: string): GateSpec => ({
  ...testGate,
  name,
  kind: 'probe',
  ...(file !== undefined && { file }),
});

test('a probe whose file is in base is visible to agents, wherever else it is masked', async () => {
  const { goal } = openGoal();
  const { path } = goal.opened.project;
  const opened = {
    ...goal.opened,
    probes: [
      probe('committed', `${path}/probes/one.json`),
      probe('untracked', `${path}/probes/two.json`),
      probe('beside', `${path}-other/probes/one.json`),
      probe('typed'),
    ],
  };
  const all = async () => [{ path: 'probes/one.json', mode: '100644' as const, oid: oidOf('probe') }];
  expect(await visibleProbes({ opened }, { all })).toEqual([
    'The probe committed is visible to agents: its file probes/one.json is part of the project. Keep it elsewhere.',
  ]);
});
