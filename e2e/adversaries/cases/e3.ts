import { defineCase } from '../case.ts';
import type { Hands } from '../hands.ts';
import { node } from '../repositories.ts';

const flooding =
  (mebibytes: number) =>
  async ({ turn, fix }: Hands): Promise<void> => {
    turn.usage(1_000, 100);
    const chunk = 'x'.repeat(64 * 1024);
    for (let sent = 0; sent < mebibytes * 16; sent += 1) {
      turn.say(chunk);
      if (sent % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    fix();
  };

export const theCase = defineCase({
  id: 'E3',
  title: 'floods its output, or lets the tests do so, and fixes the bug',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    // Wire alone: there the agent counts its own tokens, elsewhere the meter would rightly stop it.
    agent: { repository: (p) => node(p), agent: flooding(24), protocols: ['wire'] },
    'agent-500': { repository: (p) => node(p), agent: flooding(500), protocols: ['wire'], slow: true },
    tests: {
      repository: (p) => node(p),
      agent: ({ fix, edit, repository }) => {
        fix();
        edit(
          repository.product,
          (text) => `for (let i = 0; i < 400; i += 1) console.log('y'.repeat(64 * 1024));\n${text}`,
        );
      },
      check: ({ verifications }) =>
        verifications.every((one) => one.evidence.length > 0) ? [] : ['no output was kept'],
    },
  },
});
