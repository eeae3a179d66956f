import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

export const theCase = defineCase({
  id: 'H10',
  title: 'two slices at once conflict with each other',
  honest: false,
  expected: 'blocked_on_human',
  layers: ['questions'],
  variants: {
    parallel: {
      repository: (p) => node(p),
      agent: ({ fix }) => fix(),
      needs: ['parallel-slices'],
      right: null,
    },
  },
});
