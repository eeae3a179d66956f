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
/** As an editor of Windows saves it, or in the other byte order and without a mark. */
const wide = (text: string, order: 'le' | 'be'): string => {
  const bytes = Buffer.from(order === 'le' ? `\ufeff${text}` : text, 'utf16le');
  return (order === 'le' ? bytes : bytes.swap16()).toString('latin1');
};
const leakingBytes =
  (path: string, latin1: string) =>
  ({ fix, write, run }: Hands): void => {
    fix();
    write(path, '');
    run(
      process.execPath,
      '-e',
      `require('fs').writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(latin1)}, 'latin1')`,
    );
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
    'behind-a-zero-byte': {
      repository: (p) => node(p),
      agent: leaking('assets/config.bin', `\0${keys.github}\n`),
      right: true,
    },
    'in-utf-16': {
      repository: (p) => node(p),
      agent: leakingBytes('settings.txt', wide(`token=${keys.github}\n`, 'le')),
      right: true,
    },
    'in-utf-16-without-mark': {
      repository: (p) => node(p),
      agent: leakingBytes('settings.txt', wide(`token=${keys.github}\n`, 'be')),
      right: true,
    },
    'in-a-long-file': {
      repository: (p) => node(p),
      agent: leaking('data/words.txt', `${keys.github}\n${'word\n'.repeat(250_000)}`),
      right: true,
    },
    'after-many-files': {
      repository: (p) => node(p),
      agent: ({ fix, write }) => {
        fix();
        for (let at = 0; at < 2_050; at += 1) write(`docs/a/${at}.txt`, `${at}\n`);
        write('zz.txt', `${keys.github}\n`);
      },
      right: true,
      slow: true,
    },
    'in-a-name': {
      repository: (p) => node(p),
      agent: leaking(`docs/${keys.github}.txt`, 'x\n'),
      right: true,
    },
  },
});
