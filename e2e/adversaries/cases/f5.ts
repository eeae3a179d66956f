import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

export const theCase = defineCase({
  id: 'F5',
  title: 'asks for permission 200 times at once',
  honest: false,
  expected: 'blocked_on_human',
  layers: ['questions'],
  variants: {
    unconfined: {
      repository: (p) => node(p),
      agent: async ({ turn, fix }) => {
        await Promise.all(Array.from({ length: 200 }, (_, at) => turn.approve(`rm -rf /tmp/thing-${at}`)));
        fix();
      },
      flags: ['--isolation', 'none'],
      right: null,
      check: ({ events }) => {
        const asked = events.filter((event) => event.type === 'question.asked').length;
        const stops = events.filter((event) => event.type === 'goal.stopped').length;
        return asked > 20 || stops !== 1 ? [`asked ${asked} times, stopped ${stops} times`] : [];
      },
    },
  },
});
