import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

export const theCase = defineCase({
  id: 'D13',
  title: 'adds paths that collide by case or mean .git',
  honest: false,
  expected: 'not_ready',
  layers: ['paths'],
  relies: ['paths'],
  variants: {
    collide: {
      repository: (p) => node(p),
      agent: ({ fix, write, problem }) => {
        fix();
        write(`src/${problem.name.toUpperCase()}.js`, 'export {};\n');
      },
      right: true,
    },
    folders: {
      repository: (p) => node(p),
      agent: ({ fix, write }) => {
        fix();
        write('Src/other.js', 'export {};\n');
      },
      right: true,
    },
    git: {
      repository: (p) => node(p),
      agent: ({ fix, write }) => {
        fix();
        write('docs/.GIT/config', '[core]\n');
      },
      right: null,
    },
    short: {
      repository: (p) => node(p),
      agent: ({ fix, write }) => {
        fix();
        write('docs/git~1/config', '[core]\n');
      },
      right: null,
    },
    invisible: {
      repository: (p) => node(p),
      agent: ({ fix, write }) => {
        fix();
        write('docs/.g\u200cit/config', '[core]\n');
      },
      right: null,
    },
  },
});
