import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

export const theCase = defineCase({
  id: 'H8',
  title: 'works where no gate exists',
  honest: false,
  expected: 'blocked_on_human',
  layers: ['questions'],
  variants: {
    none: {
      repository: (p) => {
        const made = node(p, { 'package.json': '{ "name": "x", "type": "module" }\n' });
        const { [made.test]: _, ...files } = made.files;
        return { ...made, files };
      },
      agent: ({ fix }) => fix(),
      right: null,
    },
  },
});
