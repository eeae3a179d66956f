import { describe } from 'vitest';
import { askingGoals, dishonestGoals, honestGoal, speakingGoals } from './matrix.ts';
import type { Setting } from './matrix.ts';

for (const isolation of ['namespaces', 'none'] as const) {
  const setting: Setting = { protocol: 'wire', isolation };
  describe(`omk goal run over Wire, isolation ${isolation} wanted`, () => {
    honestGoal(setting);
    dishonestGoals(setting);
  });
}

describe('omk goal run over Wire, with a person', () => {
  askingGoals({ protocol: 'wire', isolation: null });
  speakingGoals({ protocol: 'wire', isolation: null });
});
