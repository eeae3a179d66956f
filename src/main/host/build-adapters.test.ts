import { expect, test } from 'vitest';
import { kimiHomeOf, named } from './build-adapters.ts';

const config = { env: { TOKEN: 'x', EMPTY: '', PATH: '/usr/bin' } };

test('a child gets the variables that were named, and no others', () => {
  expect(named(config, ['TOKEN', 'EMPTY', 'MISSING'])).toEqual({ TOKEN: 'x', EMPTY: '' });
  expect(named(config, [])).toEqual({});
});

test('Electron is told to be Node for whoever asks, whatever the environment says', () => {
  expect(named(config, ['ELECTRON_RUN_AS_NODE'])).toEqual({ ELECTRON_RUN_AS_NODE: '1' });
});

test('the files of Kimi Code are where the environment of the person says, and else in their home', () => {
  const home = '/home/user';
  expect(kimiHomeOf({ home, env: { KIMI_CODE_HOME: '/srv/kimi' } })).toBe('/srv/kimi');
  for (const env of [{}, { KIMI_CODE_HOME: '' }, { KIMI_CODE_HOME: 'here' }])
    expect(kimiHomeOf({ home, env })).toBe('/home/user/.kimi-code');
});
