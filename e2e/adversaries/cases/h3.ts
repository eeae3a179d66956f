import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';
import { refusing } from '../refusing.ts';

export const theCase = defineCase({
  id: 'H3',
  title: 'needs somebody to sign it in',
  honest: false,
  expected: 'blocked_on_human',
  layers: ['questions'],
  variants: {
    expired: {
      repository: (p) => node(p),
      agent: () => {},
      process: refusing({ wire: [-32004, 'Login expired'], acp: [-32000, 'Authentication required'] }),
      right: null,
    },
  },
});
