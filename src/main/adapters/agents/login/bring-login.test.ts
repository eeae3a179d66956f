import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bringLogin } from './bring-login.ts';
import { loginOf } from './logins.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-login-')));
  mkdirSync(join(dir, 'home'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const user = (path: string): string => join(dir, 'user', path);
const home = (path: string): string => join(dir, 'home', path);
const read = (path: string): string => readFileSync(path, 'utf8');
const json = (path: string): unknown => JSON.parse(read(path));
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
const bring = (
  argv: string[],
  o: { env?: Record<string, string>; use?: 'none' | 'namespaces'; loginFiles?: string[] } = {},
) =>
  bringLogin({
    login: loginOf({ argv, quirks: 'generic', ...(o.loginFiles && { loginFiles: o.loginFiles }) }),
    userHome: join(dir, 'user'),
    home: join(dir, 'home'),
    env: o.env ?? {},
    use: o.use ?? 'none',
  });

it('takes over how somebody signs in and the model, and nothing that runs or allows anything', () => {
  write(user('.qwen/oauth_creds.json'), '{"access_token":"a"}');
  write(
    user('.qwen/settings.json'),
    `{ // mine
      "security": { "auth": { "selectedType": "qwen-oauth" }, "folderTrust": {"enabled": true} },
      "model": {"name": "coder"}, "hooks": {"Stop": "touch /tmp/mine"}, "mcpServers": {"x": {"command": "y"}},
      "tools": {"approvalMode": "yolo"}, "env": {"A_URL": "http://127.0.0.1//x"} }`,
  );
  bring(['/usr/bin/qwen', '--acp']);
  expect(json(home('.qwen/settings.json'))).toEqual({
    security: { auth: { selectedType: 'qwen-oauth' } },
    model: { name: 'coder' },
    env: { A_URL: 'http://127.0.0.1//x' },
  });
  expect(readlinkSync(home('.qwen/oauth_creds.json'))).toBe(user('.qwen/oauth_creds.json'));

  write(user('.codex/auth.json'), '{}');
  write(
    user('.codex/config.toml'),
    'model = "m"\napproval_policy = "never"\n[mcp_servers.x]\ncommand = "y"\n',
  );
  bring(['npx', '-y', '@zed-industries/codex-acp@1.0.0']);
  expect(parse(read(home('.codex/config.toml')))).toEqual({ model: 'm' });
});

it('makes a configuration that the agent keeps more in only where there is none', () => {
  write(user('.claude/.credentials.json'), '{}');
  write(
    user('.claude.json'),
    '{"oauthAccount":{"emailAddress":"a@b"},"hasCompletedOnboarding":true,"projects":{"/p":{}}}',
  );
  bring(['claude-agent-acp']);
  expect(json(home('.claude.json'))).toEqual({
    oauthAccount: { emailAddress: 'a@b' },
    hasCompletedOnboarding: true,
  });
  write(home('.claude.json'), '{"its":"own"}');
  bring(['claude-agent-acp']);
  expect(json(home('.claude.json'))).toEqual({ its: 'own' });
});

it('lets an agent in namespaces write to its login file and to nothing else of the person', () => {
  write(user('real/auth.json'), '{}');
  mkdirSync(user('.codex'));
  symlinkSync(user('real/auth.json'), user('.codex/auth.json'));
  expect(bring(['codex-acp'], { use: 'namespaces' })).toMatchObject({
    env: {},
    bind: [],
    writable: [user('real/auth.json')],
  });
  expect(lstatSync(home('.codex/auth.json')).isSymbolicLink()).toBe(true);
});

it('finds a login where a variable that was let through says, and leads the agent home', () => {
  write(user('.codex/auth.json'), '{"token":"wrong"}');
  write(join(dir, 'elsewhere/auth.json'), '{"token":"right"}');
  const brought = bring(['codex-acp'], { env: { CODEX_HOME: join(dir, 'elsewhere') } });
  expect(brought.env).toEqual({ CODEX_HOME: home('.codex') });
  expect(json(home('.codex/auth.json'))).toEqual({ token: 'right' });
});

it('carries over what an attempt renewed whose host died, unless the person has a newer one', () => {
  const [theirs, goals] = [user('.codex/auth.json'), home('.codex/auth.json')];
  const at = (path: string, seconds: number): void => utimesSync(path, seconds, seconds);
  write(theirs, '{"token":1}');
  bring(['codex-acp']);
  write(`${goals}.tmp`, '{"token":2}');
  renameSync(`${goals}.tmp`, goals);
  bring(['codex-acp']);
  expect(json(theirs)).toEqual({ token: 2 });

  write(`${goals}.tmp`, '{"token":3}');
  renameSync(`${goals}.tmp`, goals);
  at(goals, 1_000);
  at(theirs, 2_000);
  bring(['codex-acp']);
  expect(json(theirs)).toEqual({ token: 2 });
  expect(readlinkSync(goals)).toBe(theirs);
});

it('carries nothing over that is no whole login', () => {
  const [theirs, goals] = [user('.codex/auth.json'), home('.codex/auth.json')];
  for (const text of ['', '{"token":', `"${'x'.repeat(1024 ** 2)}"`]) {
    write(theirs, '{"token":1}');
    bring(['codex-acp']);
    rmSync(goals);
    write(goals, text);
    bring(['codex-acp']);
    expect(json(theirs)).toEqual({ token: 1 });
  }
});

it('is not led astray by links an earlier attempt may have left', () => {
  write(user('.codex/auth.json'), '{"token":1}');
  write(join(dir, 'secret/auth.json'), '{"token":"secret"}');
  symlinkSync(join(dir, 'secret'), home('.codex'));
  bring(['codex-acp']);
  expect(json(user('.codex/auth.json'))).toEqual({ token: 1 });
  expect(json(join(dir, 'secret/auth.json'))).toEqual({ token: 'secret' });
  expect(lstatSync(home('.codex')).isSymbolicLink()).toBe(false);
});

it('brings nothing of somebody who signed out, and nothing to an agent it does not know', () => {
  write(user('.codex/auth.json'), '{}');
  bring(['codex-acp']);
  rmSync(user('.codex/auth.json'));
  expect(bring(['codex-acp']).kept).toEqual([]);
  expect(lstatSync(home('.codex/auth.json'), { throwIfNoEntry: false })).toBeUndefined();
  expect(bring(['some-agent', '--acp', 'codex-acp'])).toEqual({ env: {}, bind: [], writable: [], kept: [] });
  expect(existsSync(user('.codex/auth.json'))).toBe(false);
});

it('brings a folder the person named as the real folder', () => {
  write(user('.mine/tokens/a.json'), '{}');
  const o = { loginFiles: ['.mine/tokens'] };
  bring(['mine'], o);
  expect(readlinkSync(home('.mine/tokens'))).toBe(user('.mine/tokens'));
  expect(bring(['mine'], { ...o, use: 'namespaces' }).bind).toEqual([
    { from: user('.mine/tokens'), to: home('.mine/tokens'), readOnly: false },
  ]);
});
