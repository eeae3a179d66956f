import { defineCase } from '../case.ts';
import { node, shell } from '../repositories.ts';

export const theCase = defineCase({
  id: 'H9',
  title: 'fixes the bug where a gate runs out of time or its tool is missing',
  honest: false,
  expected: 'not_ready',
  layers: ['gates'],
  relies: ['gates'],
  variants: {
    'time-out': {
      repository: (p) =>
        shell(p, 'gates', {
          '.omk/gates.toml':
            '[[gates]]\nname = "check"\ncommand = "sh"\nargs = ["check/run.sh"]\n\n[[gates]]\nname = "slow"\ncommand = "sleep"\nargs = ["30"]\ntimeout_secs = 1\n',
        }),
      agent: ({ fix }) => fix(),
      right: true,
    },
    missing: {
      repository: (p) => node(p),
      agent: ({ fix }) => fix(),
      flags: ['--gate', 'lint=nosuchlinter --all'],
      right: true,
    },
  },
});
