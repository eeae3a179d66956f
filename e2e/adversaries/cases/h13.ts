import { join } from 'node:path';
import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

export const theCase = defineCase({
  id: 'H13',
  title: 'the system clock jumps two days ahead, or back, while an honest agent works',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    ahead: {
      repository: (p) => node(p),
      agent: async ({ fix }) => {
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        fix();
      },
      drive: async ({ args, omk }) =>
        omk(args, { preload: join(import.meta.dirname, '..', 'clock-ahead.ts') }),
      flags: ['--budget-time', '1h'],
    },
    back: {
      repository: (p) => node(p),
      agent: async ({ fix }) => {
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        fix();
      },
      drive: async ({ args, omk }) =>
        omk(args, { preload: join(import.meta.dirname, '..', 'clock-back.ts') }),
      flags: ['--budget-time', '1h'],
    },
  },
});
