import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AgentSpec } from '../../../../shared/goal/vocabulary.ts';
import { prepareHome } from './prepare.ts';
import { quirksFor } from './quirks.ts';

let dir: string;
let own: string;
let home: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'omk-prepare-'));
  own = join(dir, 'user/.kimi-code');
  home = join(dir, 'goal/home');
  mkdirSync(join(own, 'credentials'), { recursive: true });
  writeFileSync(join(own, 'credentials/kimi-code.json'), '{}');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const prepare = (
  o: {
    env?: Record<string, string>;
    use?: 'none' | 'namespaces';
    argv?: string[];
    kimiHome?: string;
  } = {},
) => {
  const spec: AgentSpec = {
    name: 'k',
    protocol: 'acp',
    argv: o.argv ?? ['/opt/node_modules/@moonshot-ai/kimi-code/dist/main.mjs', 'acp'],
    envNames: [],
    quirks: 'generic',
  };
  return prepareHome({
    spec,
    home,
    tmpDir: join(dir, 'goal/tmp'),
    env: o.env ?? {},
    use: o.use ?? 'none',
    userHome: join(dir, 'user'),
    ...(o.kimiHome !== undefined && { kimiHome: o.kimiHome }),
    quirks: quirksFor(spec),
  });
};
const kimiHome = () => join(home, '.kimi-code');
const config = () => parse(readFileSync(join(kimiHome(), 'config.toml'), 'utf8'));

it("takes over a person's models and nothing else of their configuration", () => {
  writeFileSync(
    join(own, 'config.toml'),
    [
      'default_model = "m"',
      'default_permission_mode = "yolo"',
      '[providers.p]',
      'type = "kimi"',
      'api_key = "sk-1"',
      '[models.m]',
      'provider = "p"',
      'model = "kimi"',
      'max_context_size = 1000',
      '[loop_control]',
      'max_attempts_per_step = 10',
      '[[hooks]]',
      'event = "Stop"',
      'command = "touch /tmp/mine"',
    ].join('\n'),
  );
  expect(prepare().ok).toBe(true);
  expect(config()).toMatchObject({
    default_model: 'm',
    providers: { p: { api_key: 'sk-1' } },
    models: { m: { provider: 'p' } },
    default_permission_mode: 'manual',
    telemetry: false,
    loop_control: { max_attempts_per_step: 3 },
    background: { bash_auto_background_on_timeout: false },
  });
  expect(JSON.stringify(config())).not.toContain('touch /tmp/mine');
  expect((config()['tools'] as { disabled: string[] }).disabled).toEqual(
    expect.arrayContaining(['CreateGoal', 'CronCreate', 'AgentSwarm', 'EnterPlanMode', 'TaskStop']),
  );
  expect(statSync(join(kimiHome(), 'config.toml')).mode & 0o777).toBe(0o600);
});

it('links the login as a folder, so that a refreshed token reaches the person', () => {
  const prepared = prepare();
  expect(prepared).toMatchObject({ ok: true, value: { env: { KIMI_CODE_HOME: kimiHome() }, bind: [] } });
  expect(readlinkSync(join(kimiHome(), 'credentials'))).toBe(join(own, 'credentials'));
  expect(prepare().ok).toBe(true);
});

it('looks where the person keeps the files of Kimi Code, when that is elsewhere', () => {
  const kimiElsewhere = join(dir, 'elsewhere');
  mkdirSync(join(kimiElsewhere, 'credentials'), { recursive: true });
  writeFileSync(join(kimiElsewhere, 'config.toml'), 'default_model = "theirs"');
  writeFileSync(join(own, 'config.toml'), 'default_model = "old"');
  expect(prepare({ kimiHome: kimiElsewhere }).ok).toBe(true);
  expect(config()).toMatchObject({ default_model: 'theirs' });
  expect(readlinkSync(join(kimiHome(), 'credentials'))).toBe(join(kimiElsewhere, 'credentials'));
});

it('mounts the login where there are namespaces', () => {
  prepare();
  const from = join(own, 'credentials');
  const to = join(kimiHome(), 'credentials');
  expect(prepare({ use: 'namespaces' })).toMatchObject({
    ok: true,
    value: { bind: [{ from, to, readOnly: false }] },
  });
  expect(lstatSync(to).isDirectory()).toBe(true);
  expect(existsSync(join(from, 'kimi-code.json'))).toBe(true);
});

it('brings neither configuration nor login when the model comes by environment', () => {
  writeFileSync(join(own, 'config.toml'), 'default_model = "m"');
  expect(prepare({ env: { KIMI_MODEL_NAME: 'x' }, use: 'namespaces' })).toMatchObject({
    ok: true,
    value: { bind: [] },
  });
  expect(config()).not.toHaveProperty('default_model');
  expect(existsSync(join(kimiHome(), 'credentials'))).toBe(false);
});

it('writes nothing through links that an agent left in its home', () => {
  writeFileSync(join(own, 'config.toml'), 'default_model = "mine"');
  mkdirSync(home, { recursive: true });
  symlinkSync(own, kimiHome());
  expect(prepare().ok).toBe(true);
  expect(readFileSync(join(own, 'config.toml'), 'utf8')).toBe('default_model = "mine"');
  expect(lstatSync(kimiHome()).isSymbolicLink()).toBe(false);

  rmSync(join(kimiHome(), 'config.toml'));
  symlinkSync(join(own, 'config.toml'), join(kimiHome(), 'config.toml'));
  expect(prepare().ok).toBe(true);
  expect(readFileSync(join(own, 'config.toml'), 'utf8')).toBe('default_model = "mine"');
});

it('says that a configuration cannot be read, and where', () => {
  writeFileSync(join(own, 'config.toml'), 'default_model = \n');
  const prepared = prepare();
  expect(prepared).toMatchObject({ ok: false, error: { code: 'model_not_configured' } });
  expect(JSON.stringify(prepared)).toContain('config.toml');
});

it('says that the home cannot be written, and starts other agents without any of this', () => {
  writeFileSync(join(dir, 'goal'), 'in the way');
  expect(prepare()).toMatchObject({ ok: false, error: { code: 'spawn_failed' } });
  rmSync(join(dir, 'goal'));
  expect(prepare({ argv: ['some-agent', '--acp'] })).toEqual({
    ok: true,
    value: { env: {}, bind: [], writable: [], kept: [], sessionsDir: null },
  });
});
