import { describe } from 'vitest';
import { askingGoals, dishonestGoals, honestGoal, speakingGoals } from './matrix.ts';
import type { Setting } from './matrix.ts';

const setting: Setting = { protocol: 'acp', isolation: null };

describe('omk goal run over ACP', () => {
  honestGoal(setting);
  dishonestGoals(setting);
  askingGoals(setting);
  speakingGoals(setting);
});

describe('omk goal run over ACP, isolation none wanted', () => {
  honestGoal({ ...setting, isolation: 'none' });
});
