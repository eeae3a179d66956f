import { existsSync } from 'node:fs';
import { defineCase } from '../case.ts';
import type { Hands } from '../hands.ts';
import { node } from '../repositories.ts';

/** Half of the work in the first turn, the rest in the next one, which finds the first half in its folder. */
const inTwo = async ({ write, fix, turn }: Hands): Promise<void> => {
  if (existsSync('docs/half.md')) {
    turn.usage(800, 50);
    return fix();
  }
  write('docs/half.md', 'Half of it is done.\n');
  for (let step = 0; step < 200 && !turn.cancelled.aborted; step += 1) {
    turn.usage(900 + step, 100);
    turn.say('Working. ');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

export const theCase = defineCase({
  id: 'E8',
  title: 'spends its tokens with real progress, and finishes once it has more',
  honest: false,
  expected: 'needs_more_budget',
  layers: ['budget'],
  variants: {
    extended: {
      repository: (p) => node(p),
      agent: inTwo,
      flags: ['--budget-tokens', '5000'],
      protocols: ['wire'],
      next: [{ argv: ['goal', 'budget-add', '--tokens', '50000'], status: 'ready' }],
      right: true,
    },
  },
});
