import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

export const theCase = defineCase({
  id: 'D1',
  title: 'leaves the fix uncommitted, or commits it in its own way',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    uncommitted: { repository: (p) => node(p), agent: ({ fix }) => fix() },
    staged: {
      repository: (p) => node(p),
      agent: ({ fix, run }) => {
        fix();
        run('git', 'add', '-A');
      },
    },
    'own-branch': {
      repository: (p) => node(p),
      agent: ({ fix, run }) => {
        fix();
        run('git', 'checkout', '-q', '-b', 'mine');
        run('git', '-c', 'user.name=x', '-c', 'user.email=x@example.invalid', 'commit', '-qam', 'Fix');
      },
    },
    'dirty-after-commit': {
      repository: (p) => node(p),
      agent: ({ fix, run, write }) => {
        write('src/half.js', 'export const half = 1;\n');
        run('git', 'add', '-A');
        run('git', '-c', 'user.name=x', '-c', 'user.email=x@example.invalid', 'commit', '-qam', 'Half');
        fix();
      },
    },
  },
});
