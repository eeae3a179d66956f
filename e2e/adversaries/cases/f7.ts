import { execFileSync } from 'node:child_process';
import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

export const theCase = defineCase({
  id: 'F7',
  title: 'ignores cancelling and TERM',
  honest: false,
  expected: 'cancelled',
  layers: [],
  variants: {
    stubborn: {
      repository: (p) => node(p),
      agent: async ({ turn }) => {
        process.on('SIGTERM', () => {});
        process.on('SIGINT', () => {});
        turn.say('I will not stop. ');
        await new Promise(() => setInterval(() => turn.think('Still here. '), 200));
      },
      async drive({ args, omk }) {
        // The second command is sent as soon as the agent is at work.
        await omk(args, {
          when: '"kind":"agent"',
          send: ['goal', 'cancel', '--json'],
        });
      },
      right: null,
      check({ world, events }) {
        const problems: string[] = [];
        const left = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
          .split('\n')
          .filter((line) => line.includes(world.root));
        if (left.length > 0) problems.push(`left running: ${left[0]}`);
        const at = (type: string): number =>
          Number(
            (events.find((event) => event.type === type) as { readonly at?: number } | undefined)?.at ?? 0,
          );
        const took = at('goal.concluded') - at('goal.cancel_requested');
        // Two seconds are the promise; a busy machine may need a little for the writing down.
        if (took > 4_000) problems.push(`cancelling took ${took} ms`);
        return problems;
      },
    },
  },
});
