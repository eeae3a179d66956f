import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';
import { refusing } from '../refusing.ts';

export const theCase = defineCase({
  id: 'H1',
  title: 'has a provider that answers 429 or 500 beyond policy',
  honest: false,
  expected: 'blocked_on_external',
  layers: ['protocol'],
  variants: {
    rate: {
      repository: (p) => node(p),
      agent: () => {},
      process: refusing({
        wire: [-32003, 'Error code: 429 - rate limit reached'],
        acp: [-32603, '429 rate limit reached'],
      }),
      right: null,
    },
    quota: {
      repository: (p) => node(p),
      agent: () => {},
      process: refusing({
        wire: [-32003, 'Error code: 403 - insufficient balance'],
        acp: [-32603, 'insufficient balance'],
      }),
      right: null,
    },
    fault: {
      repository: (p) => node(p),
      agent: () => {},
      process: refusing({ wire: [-32003, 'Error code: 500 - internal'], acp: [-32603, '500 internal'] }),
      right: null,
    },
  },
});
