import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AgentSpec } from '../../../../shared/goal/vocabulary.ts';
import { prepareLaunch } from './launch.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-launch-')));
  mkdirSync(join(dir, 'user/.kimi/credentials'), { recursive: true });
  writeFileSync(join(dir, 'user/.kimi/config.toml'), 'default_model = "k2"\n');
  writeFileSync(join(dir, 'user/.kimi/credentials/kimi.json'), '{}');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const launch = (
  argv: string[],
  quirks: AgentSpec['quirks'],
  more: { mode?: 'ask' | 'yolo'; resume?: string; use?: 'namespaces' | 'none' } = {},
) =>
  prepareLaunch(
    {
      spec: { name: 'kimi', protocol: 'wire', argv, envNames: [], quirks },
      workDir: '/w',
      home: join(dir, 'home'),
      tmpDir: join(dir, 'tmp'),
      env: {},
      mode: more.mode ?? 'ask',
      resumeSessionId: more.resume ?? null,
    },
    { userHome: join(dir, 'user'), use: more.use ?? 'none' },
  );

it('runs a command of a person exactly as given, and brings it nothing', () => {
  expect(launch(['my-agent', '--x'], 'generic')).toEqual({
    argv: ['my-agent', '--x'],
    env: {},
    bind: [],
    writable: [],
    kept: [],
    sessionId: null,
  });
  expect(existsSync(join(dir, 'home/.kimi'))).toBe(false);
});

it('makes a detected kimi speak Wire in the worktree, in a session that can be named again', () => {
  const { argv, sessionId, env } = launch(['/bin/kimi'], 'kimi-cli');
  expect(argv).toEqual(['/bin/kimi', '--wire', '--work-dir', '/w', '--session', sessionId]);
  expect(env).toMatchObject({ KIMI_SHARE_DIR: join(dir, 'home/.kimi') });
  expect(launch(['/bin/kimi'], 'kimi-cli', { resume: 'abc', mode: 'yolo' }).argv.slice(-3)).toEqual([
    '--session',
    'abc',
    '--yolo',
  ]);
});

it('adds no option to a kimi that is told to speak Wire already, but brings its login', () => {
  expect(launch(['kimi', '--wire', '--yolo'], 'kimi-cli').argv).toEqual(['kimi', '--wire', '--yolo']);
  expect(readFileSync(join(dir, 'home/.kimi/config.toml'), 'utf8')).toContain('k2');
});

it('brings the login as the real folder: linked without a sandbox, bound within', () => {
  launch(['kimi'], 'kimi-cli');
  expect(readlinkSync(join(dir, 'home/.kimi/credentials'))).toBe(join(dir, 'user/.kimi/credentials'));
  const { bind } = launch(['kimi'], 'kimi-cli', { use: 'namespaces' });
  expect(bind).toEqual([
    { from: join(dir, 'user/.kimi/credentials'), to: join(dir, 'home/.kimi/credentials'), readOnly: false },
  ]);
  expect(lstatSync(join(dir, 'home/.kimi/credentials')).isDirectory()).toBe(true);
  expect(readFileSync(join(dir, 'user/.kimi/credentials/kimi.json'), 'utf8')).toBe('{}');
});

it('is not led astray by links an earlier attempt may have left in the home', () => {
  mkdirSync(join(dir, 'home'));
  mkdirSync(join(dir, 'victim'));
  writeFileSync(join(dir, 'victim/config.toml'), 'mine');
  symlinkSync(join(dir, 'victim'), join(dir, 'home/.kimi'));
  launch(['kimi'], 'kimi-cli');
  expect(readFileSync(join(dir, 'victim/config.toml'), 'utf8')).toBe('mine');
  rmSync(join(dir, 'home/.kimi/config.toml'));
  symlinkSync(join(dir, 'victim/config.toml'), join(dir, 'home/.kimi/config.toml'));
  launch(['kimi'], 'kimi-cli');
  expect(readFileSync(join(dir, 'victim/config.toml'), 'utf8')).toBe('mine');
});
