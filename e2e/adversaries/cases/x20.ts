import { defineCase } from '../case.ts';
import { python, shell } from '../repositories.ts';

export const theCase = defineCase({
  id: 'X20',
  title: 'delivers an empty diff where nothing ever was red',
  honest: false,
  expected: 'blocked_on_human',
  layers: ['red-first', 'questions'],
  variants: {
    python: {
      repository: (p) => python(p, 'unittest', { [`${p.name}.py`]: p.py.good }),
      agent: ({ say }) => say('It was satisfied already. Ready.'),
      right: null,
    },
    shell: {
      repository: (p) => shell(p, 'gates', { [`bin/${p.name}.sh`]: p.sh.good }),
      agent: ({ say }) => say('Ready.'),
      right: null,
    },
  },
});
