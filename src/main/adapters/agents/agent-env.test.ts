import { expect, it } from 'vitest';
import { agentEnv } from './agent-env.ts';

const base = {
  PATH: '/bin',
  LANG: 'C',
  TERM: 'dumb',
  SSH_AUTH_SOCK: '/s',
  AWS_SECRET_ACCESS_KEY: 'k',
  HOME: '/home/me',
};
const build = (env: Record<string, string>, extra?: Record<string, string>) =>
  agentEnv({ base, home: '/g/home', tmpDir: '/g/tmp', env, ...(extra === undefined ? {} : { extra }) });

it('inherits nothing but PATH, LANG and TERM', () => {
  const env = build({});
  expect(env).toMatchObject({ PATH: '/bin', LANG: 'C', TERM: 'dumb', HOME: '/g/home', TMPDIR: '/g/tmp' });
  expect(env).not.toHaveProperty('SSH_AUTH_SOCK');
  expect(env).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
});

it('keeps every cache and configuration folder inside the private home', () => {
  const env = build({});
  const outside = Object.keys(env)
    .filter((name) => /^(XDG_|npm_config_cache|PIP_|CARGO_)/.test(name))
    .filter((name) => env[name]?.startsWith('/g/home/') !== true);
  expect(outside).toEqual([]);
});

it('lets variables through by name, except those that stand for the isolation', () => {
  const env = build({ SSH_AUTH_SOCK: '/mine', HOME: '/home/me', GIT_CONFIG_GLOBAL: '/home/me/.gitconfig' });
  expect(env).toMatchObject({ SSH_AUTH_SOCK: '/mine', HOME: '/g/home', GIT_CONFIG_GLOBAL: '/dev/null' });
});

it('gives git an identity of omk, and lets the adapter have the last word', () => {
  expect(build({})).toMatchObject({ GIT_AUTHOR_NAME: 'omk agent', GIT_COMMITTER_EMAIL: 'agent@omk.invalid' });
  expect(build({ KIMI_CODE_HOME: '/x' }, { KIMI_CODE_HOME: '/g/home/.kimi-code' })).toMatchObject({
    KIMI_CODE_HOME: '/g/home/.kimi-code',
  });
});
