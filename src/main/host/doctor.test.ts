import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doctorChecks, isHealthy, lookAround } from './doctor.ts';
import type { DoctorFacts } from './doctor.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'omk-doctor-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const facts = (o: Partial<DoctorFacts> = {}, info: Partial<DoctorFacts['info']> = {}): DoctorFacts => ({
  info: {
    git: '2.39.5',
    node: '24.1.0',
    isolation: { level: 'L2', note: 'Namespaces.' },
    platform: 'linux',
    stateDir: '/s',
    ...info,
  },
  agents: [],
  disk: { free: 50 * 1024 ** 3 },
  state: [],
  configFile: '/c/config.toml',
  configMode: null,
  electron: 'there',
  ...o,
});
const one = (id: string, o: Partial<DoctorFacts> = {}, info: Partial<DoctorFacts['info']> = {}) =>
  doctorChecks(facts(o, info)).find((check) => check.id === id);

test('a machine that has everything but an agent is healthy', () => {
  const checks = doctorChecks(facts());
  expect(isHealthy(checks)).toBe(true);
  expect(checks.filter(({ state }) => state !== 'ok').map(({ id }) => id)).toEqual(['agents']);
});

test.each<[string, Partial<DoctorFacts>, Partial<DoctorFacts['info']>, 'failed' | 'warning']>([
  ['git', {}, { git: null }, 'failed'],
  ['git', {}, { git: '2.30.9' }, 'failed'],
  ['node', {}, { node: '20.11.0' }, 'failed'],
  ['isolation', {}, { isolation: { level: 'L0', note: 'No.' } }, 'warning'],
  ['isolation', {}, { isolation: { level: 'L0', note: 'No.' }, platform: 'darwin' }, 'warning'],
  ['disk', { disk: { free: 1_000 } }, {}, 'failed'],
  ['disk', { disk: { free: 1024 ** 3 } }, {}, 'warning'],
  ['disk', { disk: null }, {}, 'warning'],
  ['state', { state: [{ type: 'link' }] }, {}, 'failed'],
  ['state', { state: [{ type: 'not_ours' }] }, {}, 'failed'],
  ['state', { state: [{ type: 'not_writable', code: 'EROFS' }] }, {}, 'failed'],
  ['state', { state: [{ type: 'open_to_others', mode: '0755' }] }, {}, 'warning'],
  ['config', { configMode: 0o100666 }, {}, 'warning'],
  ['electron', { electron: 'not_fetched' }, {}, 'warning'],
  ['electron', { electron: 'no_display' }, {}, 'warning'],
])('%s, case %#, is said with its fix', (id, o, info, state) => {
  const check = one(id, o, info);
  expect(check?.state).toBe(state);
  expect(check?.fix).toMatch(/\.$/);
  expect(isHealthy(doctorChecks(facts(o, info)))).toBe(state !== 'failed');
});

test('an agent that cannot work is shown with what to run, and counts as none', () => {
  const agent = {
    name: 'kimi',
    title: 'Kimi Code',
    version: '2.1.0',
    protocol: 'acp',
    spec: { name: 'kimi', protocol: 'acp', argv: ['kimi'], envNames: [], quirks: 'kimi-code' },
    login: 'signed_out',
    problem: 'Kimi Code is not signed in.',
    fixCommand: 'kimi login',
    source: 'path',
    abilities: null,
    demo: false,
  } as const;
  const agents = [{ ...agent, spec: { ...agent.spec, argv: ['kimi'], envNames: [] } }];
  expect(one('agents', { agents })?.state).toBe('warning');
  expect(one('agent:kimi', { agents })).toMatchObject({ state: 'warning', command: 'kimi login' });
  const signedIn = agents.map((found) => ({
    ...found,
    login: 'signed_in' as const,
    problem: null,
    fixCommand: null,
  }));
  expect(one('agents', { agents: signedIn })).toMatchObject({ state: 'ok' });
  const exposed = signedIn.map((found) => ({ ...found, spec: { ...found.spec, home: 'user' as const } }));
  expect(one('agent:kimi', { agents: exposed })).toMatchObject({
    state: 'warning',
    found: expect.stringMatching(/uses your home folder/) as string,
  });
});

test('what only the file system knows is looked at', () => {
  const look = (stateDir: string) => lookAround({ stateDir, configFile: join(dir, 'c.toml'), env: {} });
  chmodSync(dir, 0o755);
  expect(look(dir)).toMatchObject({ state: [{ type: 'open_to_others', mode: '0755' }], configMode: null });
  chmodSync(dir, 0o700);
  writeFileSync(join(dir, 'c.toml'), '');
  expect(look(dir).state).toEqual([]);
  expect(look(dir).disk?.free).toBeGreaterThan(0);
  symlinkSync(dir, join(dir, 'link'));
  expect(look(join(dir, 'link')).state[0]).toEqual({ type: 'link' });
  expect(look(join(dir, 'gone')).state).toEqual([{ type: 'not_writable', code: 'ENOENT' }]);
});
