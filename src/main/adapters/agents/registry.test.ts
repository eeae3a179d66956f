import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AgentSpec } from '../../../shared/goal/vocabulary.ts';
import { spawnManaged } from '../process/spawn.ts';
import { packageFolders } from './package-folders.ts';
import { createAgentRegistry } from './registry.ts';
import type { AgentRegistryDeps } from './registry.ts';
import { atLeast } from './program-version.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-registry-')));
  for (const name of ['bin', 'home', 'other']) mkdirSync(join(dir, name), { mode: 0o755 });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const demo: AgentSpec = { name: 'demo', protocol: 'wire', argv: ['demo'], envNames: [], quirks: 'demo' };

function registry(more: Partial<AgentRegistryDeps> = {}) {
  return createAgentRegistry({
    path: `${join(dir, 'bin')}:/usr/bin:/bin`,
    home: join(dir, 'home'),
    spawn: spawnManaged,
    demo,
    configured: () => ({}),
    ownNode: { path: '/opt/node24', version: '24.1.0' },
    ...more,
  });
}

/** A program that notes every start in `ran`. */
function program(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  writeFileSync(path, `#!/bin/sh\necho "$0 $*" >> ${join(dir, 'ran')}\n${script}\n`, { mode: 0o755 });
}
const ran = (): number => {
  try {
    return readFileSync(join(dir, 'ran'), 'utf8').trim().split('\n').length;
  } catch {
    return 0;
  }
};

function npmPackage(name: string, version: string, bin: string, link: string): string {
  const home = join(dir, 'lib/node_modules', name);
  const main = join(home, bin);
  program(main, 'exit 1');
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version }));
  symlinkSync(main, join(dir, 'bin', link));
  return main;
}

const named = async (name: string, more: Partial<AgentRegistryDeps> = {}) =>
  (await registry(more).list(false)).find((agent) => agent.name === name);

it('lists the demonstration agent, and says how to get one that is not there', async () => {
  const agents = await registry().list(false);
  expect(agents.map(({ name, demo: isDemo }) => [name, isDemo])).toEqual([
    ['kimi', false],
    ['demo', true],
  ]);
  expect(agents[0]).toMatchObject({
    spec: null,
    problem: expect.stringContaining('npm install -g') as string,
  });
  expect(agents[1]).toMatchObject({ spec: demo, login: 'not_needed' });
});

it('knows Kimi Code by its package without running it, and starts its script with a Node that can', async () => {
  const main = npmPackage('@moonshot-ai/kimi-code', '2.1.0', 'dist/main.mjs', 'kimi');
  mkdirSync(join(dir, 'home/.kimi-code/credentials'), { recursive: true });
  writeFileSync(join(dir, 'home/.kimi-code/credentials/kimi-code.json'), 'never read', { mode: 0o000 });
  expect(await named('kimi')).toMatchObject({
    title: 'Kimi Code',
    version: '2.1.0',
    protocol: 'acp',
    spec: { argv: ['/opt/node24', main, 'acp'], quirks: 'kimi-code' },
    login: 'signed_in',
    problem: null,
  });
  expect(ran()).toBe(0);
});

it('looks for the sign-in of Kimi Code where the person keeps its files', async () => {
  const kimiHome = join(dir, 'elsewhere');
  mkdirSync(join(kimiHome, 'credentials'), { recursive: true });
  writeFileSync(join(kimiHome, 'credentials/kimi-code.json'), '{}');
  npmPackage('@moonshot-ai/kimi-code', '2.1.0', 'dist/main.mjs', 'kimi');
  expect(await named('kimi', { kimiHome })).toMatchObject({ login: 'signed_in', problem: null });
  expect(await named('kimi')).toMatchObject({ login: 'signed_out' });
  rmSync(join(dir, 'bin/kimi'));
  program(join(dir, 'bin/kimi'), 'echo 2.1.0');
  expect(await named('kimi', { kimiHome })).toMatchObject({ login: 'signed_in', problem: null });
});

it('says so in a sentence of its own when no Node is new enough for Kimi Code', async () => {
  npmPackage('@moonshot-ai/kimi-code', '2.1.0', 'dist/main.mjs', 'kimi');
  program(join(dir, 'bin/node'), 'echo v20.20.2');
  const path = join(dir, 'bin');
  const kimi = await named('kimi', { ownNode: null, path });
  expect(kimi).toMatchObject({ spec: null, problem: expect.stringContaining('Node 22.19') as string });
  program(join(dir, 'other/node'), 'echo v22.20.0');
  const both = await named('kimi', { ownNode: null, path: `${path}:${join(dir, 'other')}` });
  expect(both?.spec?.argv[0]).toBe(join(dir, 'other/node'));
});

it('takes the Python kimi-cli for what it is, and asks it only once until it changes', async () => {
  program(join(dir, 'bin/kimi'), 'echo "kimi, version 1.49.0"');
  const one = registry();
  const [kimi] = await one.list(false);
  expect(kimi).toMatchObject({
    title: 'kimi-cli',
    version: '1.49.0',
    protocol: 'wire',
    spec: { argv: [join(dir, 'bin/kimi')], quirks: 'kimi-cli' },
    login: 'signed_out',
  });
  await one.list(true);
  expect(ran()).toBe(1);
  utimesSync(join(dir, 'bin/kimi'), new Date(), new Date(1_000_000));
  await one.list(true);
  expect(ran()).toBe(2);
});

it('gives up on a program that does not answer', async () => {
  program(join(dir, 'bin/kimi'), 'sleep 300');
  const kimi = await named('kimi', { versionLimitMs: 200 });
  expect(kimi).toMatchObject({ spec: null, problem: expect.stringContaining('did not answer') as string });
});

it('gives a program that is slow the first time a second one, with more time', async () => {
  program(
    join(dir, 'bin/kimi'),
    `[ -e ${join(dir, 'warm')} ] || { touch ${join(dir, 'warm')}; sleep 300; }\necho "kimi, version 1.49.0"`,
  );
  const kimi = await named('kimi', { versionLimitMs: 2_000 });
  expect(kimi).toMatchObject({ version: '1.49.0' });
});

it('runs nothing from relative folders, from projects, or from folders everybody can write to', async () => {
  const places = ['project/bin', 'project/node_modules/.bin', 'open'];
  for (const place of places) program(join(dir, place, 'kimi'), 'echo "kimi, version 1.49.0"');
  mkdirSync(join(dir, 'project/.git'));
  chmodSync(join(dir, 'open'), 0o777);
  const path = ['.', '', 'bin', ...places.map((place) => join(dir, place))].join(':');
  expect(await named('kimi', { path })).toMatchObject({ spec: null });
  expect(ran()).toBe(0);
});

it('runs programs of version managers, which are Git checkouts in hidden folders of the home', async () => {
  const place = join(dir, 'home/.nvm/versions/bin');
  program(join(place, 'kimi'), 'echo "kimi, version 1.49.0"');
  mkdirSync(join(dir, 'home/.nvm/.git'));
  expect(await named('kimi', { path: place })).toMatchObject({ version: '1.49.0' });
});

it('finds other agents by their packages, without running them', async () => {
  npmPackage('@qwen-code/qwen-code', '0.24.4', 'cli.js', 'qwen');
  npmPackage('@zed-industries/claude-agent-acp', '0.23.0', 'dist/index.js', 'claude-agent-acp');
  const agents = await registry().list(false);
  expect(agents.find(({ name }) => name === 'qwen')).toMatchObject({
    version: '0.24.4',
    spec: { argv: [join(dir, 'bin/qwen'), '--acp'], quirks: 'qwen-code' },
    login: 'unknown',
  });
  expect(agents.find(({ name }) => name === 'claude')).toMatchObject({ version: '0.23.0' });
  expect(ran()).toBe(0);
});

it('finds packages that no PATH names, the PATH first, and says where each comes from', async () => {
  const home = join(dir, 'home');
  const place = join(home, '.npm/_npx/abc/node_modules');
  program(join(place, '@qwen-code/qwen-code/cli.js'), 'exit 1');
  writeFileSync(
    join(place, '@qwen-code/qwen-code/package.json'),
    JSON.stringify({ name: '@qwen-code/qwen-code', version: '0.20.0' }),
  );
  mkdirSync(join(place, '.bin'));
  symlinkSync(join(place, '@qwen-code/qwen-code/cli.js'), join(place, '.bin/qwen'));
  const packages = packageFolders(home, join(dir, 'omk'));
  expect(packages.map(({ source }) => source)).toEqual(['npm']);
  expect(await named('qwen', { packages })).toMatchObject({ version: '0.20.0', source: 'npm' });
  npmPackage('@qwen-code/qwen-code', '0.24.4', 'cli.js', 'qwen');
  expect(await named('qwen', { packages })).toMatchObject({ version: '0.24.4', source: 'path' });
  expect(ran()).toBe(0);
});

it('says of a version that it was never tested, and stops nobody from using it', async () => {
  npmPackage('@moonshot-ai/kimi-code', '2.3.0', 'dist/main.mjs', 'kimi');
  mkdirSync(join(dir, 'home/.kimi-code/credentials'), { recursive: true });
  writeFileSync(join(dir, 'home/.kimi-code/credentials/kimi-code.json'), '{}');
  npmPackage('@qwen-code/qwen-code', '0.24.9', 'cli.js', 'qwen');
  const kimi = await named('kimi');
  expect(kimi).toMatchObject({
    problem: expect.stringContaining('never tested with Kimi Code 2.3.0, only with 2.1') as string,
    fixCommand: null,
  });
  expect(kimi?.spec).not.toBeNull();
  expect(await registry().resolve('kimi')).toMatchObject({ ok: true });
  expect(await named('qwen')).toMatchObject({ problem: null });
});

it('knows what agents can do before they were started, and says what it does not know', async () => {
  npmPackage('@qwen-code/qwen-code', '0.24.4', 'cli.js', 'qwen');
  expect((await named('qwen'))?.abilities).toMatchObject({ questions: true, usage: 'live', executor: true });
  const configured = () => ({ mine: { command: 'acp:x', env: [] } });
  expect((await named('mine', { configured }))?.abilities).toMatchObject({ questions: null, usage: null });
  expect((await named('kimi'))?.abilities).toBeNull();
});

it('offers what a person configured under its name, also in place of a detected one', async () => {
  const configured = {
    mine: { command: 'acp:node "/a b/x.mjs" --flag', env: ['API_KEY'] },
    kimi: { command: 'wire:/opt/kimi --wire', env: [] },
    broken: { command: 'node x', env: [] },
  };
  const agents = await registry({ configured: () => configured }).list(false);
  expect(agents.map(({ name }) => name)).toEqual(['mine', 'kimi', 'broken', 'demo']);
  expect(agents[0]?.spec).toMatchObject({ argv: ['node', '/a b/x.mjs', '--flag'], envNames: ['API_KEY'] });
  expect(agents[2]).toMatchObject({
    spec: null,
    problem: expect.stringContaining('wire: or acp:') as string,
  });
});

it('keeps where a configured agent has its login, and knows whether somebody signed in', async () => {
  const configured = {
    mine: { command: 'acp:x', env: [], loginFiles: ['.mine/token.json'] },
    open: { command: 'acp:x', env: [], home: 'user' },
  } as const;
  const listed = () => registry({ configured: () => configured }).list(true);
  expect(await listed()).toMatchObject([
    { login: 'unknown', spec: { loginFiles: ['.mine/token.json'] } },
    { login: 'unknown', spec: { home: 'user' } },
    {},
    {},
  ]);
  mkdirSync(join(dir, 'home/.mine'), { recursive: true });
  writeFileSync(join(dir, 'home/.mine/token.json'), '{}');
  expect((await listed())[0]).toMatchObject({ login: 'signed_in' });
});

it('splits a typed command as a shell does, and refuses what only a shell could run', async () => {
  const one = registry();
  expect(await one.resolve("wire:'/a b/agent' --x 'y z'")).toMatchObject({
    ok: true,
    value: { name: 'custom', protocol: 'wire', argv: ['/a b/agent', '--x', 'y z'], quirks: 'generic' },
  });
  expect(await one.resolve(' acp:kimi acp ')).toMatchObject({
    ok: true,
    value: { protocol: 'acp', argv: ['kimi', 'acp'] },
  });
  expect(await one.resolve('wire:kimi --wire')).toMatchObject({ ok: true, value: { quirks: 'kimi-cli' } });
  for (const text of ['wire:', 'acp:  ', 'wire:a | b', "wire:'open", 'acp:a && rm -rf /'])
    expect(await one.resolve(text)).toMatchObject({ ok: false, error: { code: 'agent.unusable' } });
});

it('resolves names, and says what there is when it does not know one', async () => {
  const one = registry();
  expect(await one.resolve('demo')).toEqual({ ok: true, value: demo });
  expect(await one.resolve('kimi')).toMatchObject({ ok: false, error: { code: 'agent.unusable' } });
  const unknown = await one.resolve('nobody');
  expect(unknown).toMatchObject({ ok: false, error: { code: 'agent.unknown' } });
  expect(JSON.stringify(unknown)).toContain('demo');
});

it('compares versions by number', () => {
  expect([atLeast('22.19.0', [22, 19]), atLeast('24.0', [22, 19]), atLeast('22.9.9', [22, 19])]).toEqual([
    true,
    true,
    false,
  ]);
  expect([atLeast(null, [1]), atLeast('x', [1]), atLeast('2.0.0-rc.1', [2])]).toEqual([false, false, true]);
});
