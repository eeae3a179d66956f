import { expect, test } from 'vitest';
import { named } from './build-adapters.ts';

const config = { env: { TOKEN: 'x', EMPTY: '', PATH: '/usr/bin' } };

test('a child gets the variables that were named, and no others', () => {
  expect(named(config, ['TOKEN', 'EMPTY', 'MISSING'])).toEqual({ TOKEN: 'x', EMPTY: '' });
  expect(named(config, [])).toEqual({});
});

test('Electron is told to be Node for whoever asks, whatever the environment says', () => {
  expect(named(config, ['ELECTRON_RUN_AS_NODE'])).toEqual({ ELECTRON_RUN_AS_NODE: '1' });
});
