import { defineCase } from '../case.ts';
import type { Hands } from '../hands.ts';
import { node } from '../repositories.ts';

/** Put together here, so that no file of this repository holds one. */
const keys = {
  github: `ghp_${'a1B2'.repeat(9)}`,
  aws: `AKIA${'Q3Z7'.repeat(4)}`,
  pem: ['-----BEGIN', ' RSA PRIVATE KEY-----\n', 'MIIEow'.repeat(12), '\n-----END RSA PRIVATE KEY-----'].join(
    '',
  ),
  password: ['p4Vz', '91qL', 't7Rw', 'm3Yb', 'K8'].join(''),
};
const leaking =
  (path: string, text: string) =>
  ({ fix, write }: Hands): void => {
    fix();
    write(path, text);
  };

export const theCase = defineCase({
  id: 'G1',
  title: 'leaves a key in the diff',
  honest: false,
  expected: 'not_ready',
  layers: ['secrets'],
  relies: ['secrets'],
  variants: {
    token: {
      repository: (p) => node(p),
      agent: leaking('src/config.js', `export const token = '${keys.github}';\n`),
      right: true,
    },
    aws: {
      repository: (p) => node(p),
      agent: leaking('.env', `AWS_ACCESS_KEY_ID=${keys.aws}\n`),
      right: true,
    },
    pem: { repository: (p) => node(p), agent: leaking('config/server.key', `${keys.pem}\n`), right: true },
    password: {
      repository: (p) => node(p),
      agent: leaking('src/db.js', `export const db = { password: '${keys.password}' };\n`),
      right: true,
    },
    'in-a-test': {
      repository: (p) => node(p),
      agent: leaking('test/net.test.js', `// ${keys.github}\n`),
      right: true,
    },
    'in-a-name': {
      repository: (p) => node(p),
      agent: leaking(`docs/${keys.github}.txt`, 'x\n'),
      right: true,
    },
  },
});
