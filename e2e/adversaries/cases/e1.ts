import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

const forever = (): Promise<void> => new Promise(() => setInterval(() => {}, 60_000));

export const theCase = defineCase({
  id: 'E1',
  title: 'works for ever without a word',
  honest: false,
  expected: 'needs_more_budget',
  layers: ['budget'],
  variants: {
    silent: { repository: (p) => node(p), agent: forever, flags: ['--budget-time', '2s'], right: null },
    busy: {
      repository: (p) => node(p),
      agent: () => {
        for (;;) Math.sqrt(2);
      },
      flags: ['--budget-time', '2s'],
      right: null,
    },
  },
});
