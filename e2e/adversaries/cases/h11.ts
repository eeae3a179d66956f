import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

/** The same moments for the same seed. */
const moments = (seed: number): (() => number) => {
  let state = seed * 7_919 + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
};

export const theCase = defineCase({
  id: 'H11',
  title: 'omk is killed at random moments of an honest run, and goes on',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    killed: {
      repository: (p) => node(p),
      agent: async ({ fix, turn }) => {
        turn.usage(500, 20);
        await new Promise((resolve) => setTimeout(resolve, 300));
        fix();
      },
      async drive({ args, omk, seed, ended }) {
        const next = moments(seed);
        await omk(args, { killAfterMs: next() * 2_500 });
        for (let again = 0; again < 3 && !ended(); again += 1)
          await omk(
            ['goal', 'resume', 'latest', '--until-ready', '--json'],
            again < 2 ? { killAfterMs: next() * 2_500 } : {},
          );
      },
    },
  },
});
