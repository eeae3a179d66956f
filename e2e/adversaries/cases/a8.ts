import { defineCase } from '../case.ts';
import type { Hands } from '../hands.ts';
import { node } from '../repositories.ts';

const talks = async ({ turn, fix }: Hands): Promise<void> => {
  for (let step = 0; step < 400 && !turn.cancelled.aborted; step += 1) {
    turn.usage(0, 0);
    turn.say('I am still thinking about the whole of it. '.repeat(20));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (!turn.cancelled.aborted) fix();
};

export const theCase = defineCase({
  id: 'A8',
  title: 'works on and on and reports that it used no tokens',
  honest: false,
  expected: 'needs_more_budget',
  layers: ['budget'],
  variants: {
    talks: {
      repository: (p) => node(p),
      agent: talks,
      flags: ['--budget-tokens', '4000'],
      right: null,
      check: ({ events }) =>
        events.some((event) => Number(event.payload['meteredTokens'] ?? 0) > 0)
          ? []
          : ['nothing was metered'],
    },
  },
});
