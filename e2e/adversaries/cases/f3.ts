import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

export const theCase = defineCase({
  id: 'F3',
  title: 'sends malformed or endless lines beyond the limits',
  honest: false,
  expected: 'failed_infra',
  layers: ['protocol'],
  variants: {
    garbage: {
      repository: (p) => node(p),
      agent: async ({ turn }) => {
        for (let line = 0; line < 1_200; line += 1) turn.raw(`%%% this is no message ${line}\n`);
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      },
      right: null,
    },
    'long-line': {
      repository: (p) => node(p),
      agent: async ({ turn }) => {
        turn.raw('{"jsonrpc":"2.0","x":"');
        for (let sent = 0; sent < 40; sent += 1) {
          turn.raw('x'.repeat(1024 * 1024));
          await new Promise((resolve) => setImmediate(resolve));
        }
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      },
      right: null,
    },
  },
});
