import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAcpBackend } from '../../src/main/adapters/agents/acp/backend.ts';
import { createAgentRegistry } from '../../src/main/adapters/agents/registry.ts';
import { createWireBackend } from '../../src/main/adapters/agents/wire/backend.ts';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import { createTrials } from '../../src/main/host/try-agent.ts';
import type { TryItem } from '../../src/shared/api/agents.ts';
import type { AgentEntry } from '../../src/shared/agent-entry.ts';
import { kimiCommand } from '../fakes/kimi-env.ts';
import { startModelServer } from '../fakes/model-server.ts';
import { namespaces, never, running } from './agent-rig.ts';

const fakes = join(import.meta.dirname, '../fakes');
const demo = join(import.meta.dirname, '../../src/main/demo-agent/main.ts');

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-try-')));
  for (const name of ['user', 'trials']) mkdirSync(join(dir, name));
});
afterEach(() => {
  expect(readdirSync(join(dir, 'trials'))).toEqual([]);
  rmSync(dir, { recursive: true, force: true });
});

function trials(
  o: {
    readonly handshakeMs?: number;
    readonly turnMs?: number;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
) {
  const deps = {
    spawn: spawnManaged,
    baseEnv: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TERM: 'dumb' },
    userHome: join(dir, 'user'),
    version: '0',
  };
  return createTrials({
    backends: { acp: createAcpBackend(deps), wire: createWireBackend(deps) },
    registry: createAgentRegistry({
      path: '/usr/bin:/bin',
      home: join(dir, 'user'),
      spawn: spawnManaged,
      demo: { name: 'demo', protocol: 'wire', argv: ['demo'], envNames: [], quirks: 'demo' },
      configured: () => ({}),
    }),
    root: join(dir, 'trials'),
    hide: () => [],
    isolation: async () => (await isolationAvailable()).use,
    env: (names) =>
      Object.fromEntries(names.flatMap((name) => (o.env?.[name] === undefined ? [] : [[name, o.env[name]]]))),
    handshakeMs: o.handshakeMs ?? 20_000,
    ...(o.turnMs === undefined ? {} : { turnMs: o.turnMs }),
  });
}

const entry = (protocol: AgentEntry['protocol'], command: string, env: string[] = []): AgentEntry => ({
  name: '',
  protocol,
  command,
  env,
});
const fake = (protocol: AgentEntry['protocol'], scenario: string): AgentEntry =>
  entry(
    protocol,
    `${process.execPath} ${join(fakes, protocol === 'wire' ? 'wire-server.ts' : 'acp-agent.ts')} ${scenario}`,
  );

async function tried(
  one: AgentEntry,
  o: Parameters<typeof trials>[0] = {},
  signal = never(),
): Promise<readonly TryItem[]> {
  const items: TryItem[] = [];
  for await (const item of trials(o)(one, signal)) items.push(item);
  return items;
}
const last = (items: readonly TryItem[], stage: string) =>
  items.findLast((item) => item.type === 'stage' && item.stage === stage);

describe('trying an agent', () => {
  it.each(['wire', 'acp'] as const)('shows each stage of one that works over %s', async (protocol) => {
    const items = await tried(entry(protocol, `${process.execPath} ${demo} --protocol ${protocol}`));
    expect(
      items.filter((item) => item.type === 'stage').map((item) => `${item.stage} ${item.state}`),
    ).toEqual([
      'command running',
      'command ok',
      'folder ok',
      'handshake running',
      'handshake ok',
      'turn running',
      'turn ok',
      'stop running',
      'stop ok',
    ]);
    expect(items.find((item) => item.type === 'agent')).toMatchObject({
      name: 'omk demonstration agent',
      version: '1',
      isolated: namespaces ? 'namespaces' : 'none',
    });
    expect(items.at(-1)).toMatchObject({ type: 'ended', ok: true });
  });

  it.each<[string, AgentEntry, string, RegExp, RegExp]>([
    [
      'is not there',
      entry('acp', 'no-such-agent acp'),
      'handshake',
      /no program “no-such-agent”/,
      /Install it/,
    ],
    ['ends at once', fake('wire', 'dies-at-start'), 'handshake', /cannot find module/, /terminal/],
    [
      'speaks the other protocol',
      { ...fake('acp', 'happy'), protocol: 'wire' },
      'turn',
      /does not speak Wire/,
      /Agent Client Protocol|terminal/,
    ],
    [
      'says nothing that is a message',
      entry('acp', '/bin/echo hello'),
      'handshake',
      /ended at once|does not speak/,
      /./,
    ],
    [
      'runs on a Node that is too old',
      entry('acp', `${process.execPath} -e 'throw new Error("zlib does not provide an export named x")'`),
      'handshake',
      /does not run on the Node/,
      /newer Node/,
    ],
    ['cannot be split', entry('acp', 'a | b'), 'command', /shell/i, /Change it/],
    [
      'is not signed in, and whose login omk does not know',
      fake('wire', 'signed-out'),
      'turn',
      /not signed in/,
      /name its login files.*or let it use your home folder/,
    ],
    [
      'is not signed in in your home either',
      { ...fake('wire', 'signed-out'), home: 'user' },
      'turn',
      /not signed in/,
      /^Run .* and sign in/,
    ],
    ['dies in its turn', fake('wire', 'crash'), 'turn', /in the middle of its turn/, /terminal/],
  ])('gives one that %s a sentence of its own', async (_, one, stage, text, fix) => {
    const items = await tried(one);
    expect(items.at(-1)).toMatchObject({ type: 'ended', ok: false });
    const said = last(items, stage);
    expect(said).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(text) as string,
      fix: expect.stringMatching(fix) as string,
    });
  });

  it('waits no longer than it says, for the handshake and for the turn', async () => {
    const hung = await tried(fake('acp', 'hung-start'), { handshakeMs: 1_000 });
    expect(last(hung, 'handshake')).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(/started and did not answer/) as string,
    });
    const silent = await tried(fake('wire', 'silent'), { turnMs: 500 });
    expect(last(silent, 'turn')).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(/did not finish/) as string,
    });
    expect(last(silent, 'stop')).toMatchObject({ state: 'ok' });
  });

  it('says so when the agent changed files although it was asked not to, or answered something else', async () => {
    expect(last(await tried(fake('wire', 'happy')), 'turn')).toMatchObject({
      state: 'warning',
      text: expect.stringMatching(/changed a file/) as string,
    });
    expect(last(await tried(fake('wire', 'no-usage')), 'turn')).toMatchObject({
      state: 'warning',
      text: 'It answered “done”.',
    });
  });

  it('ends with whoever watches it, and leaves no process', async () => {
    const ending = new AbortController();
    const marker = `omk-trial-${process.pid}`;
    const items: TryItem[] = [];
    const one = {
      ...fake('wire', 'slow'),
      command: `${process.execPath} ${join(fakes, 'wire-server.ts')} ${marker} slow`,
    };
    for await (const item of trials()(one, ending.signal)) {
      items.push(item);
      if (item.type === 'stage' && item.stage === 'turn') ending.abort();
    }
    await expect.poll(() => running(marker), { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => readdirSync(join(dir, 'trials')), { timeout: 10_000 }).toEqual([]);
  });

  it('brings the login files that are named, and says what it means to use a home', async () => {
    mkdirSync(join(dir, 'user/.mine'));
    const login = join(dir, 'user/.mine/token.json');
    writeFileSync(login, '{"token":1}');
    const one = entry(
      'acp',
      `/usr/bin/env FAKE_LOGIN_FILE=.mine/token.json ${process.execPath} ${join(fakes, 'acp-agent.ts')} renews-by-rename`,
    );
    expect(last(await tried(one), 'turn')).toMatchObject({ state: 'failed', text: 'It is not signed in.' });
    const brought = await tried({ ...one, loginFiles: ['.mine/token.json'] });
    expect(last(brought, 'turn')).toMatchObject({ state: 'warning', text: 'It answered “1 2”.' });
    expect(readFileSync(login, 'utf8')).toBe('{"token":2}');
    const exposed = await tried({ ...one, home: 'user' });
    expect(last(exposed, 'folder')).toMatchObject({
      state: 'warning',
      text: expect.stringMatching(/uses your home folder/) as string,
    });
    expect(last(exposed, 'turn')).toMatchObject({ text: 'It answered “2 3”.' });
  });

  it('ends with whoever watches it also during the handshake, and gives its place back', async () => {
    const tryOut = trials();
    const seconds = `9${process.pid}`;
    const ending = new AbortController();
    for await (const item of tryOut(entry('acp', `/bin/sleep ${seconds}`), ending.signal)) {
      if (item.type !== 'stage' || item.stage !== 'handshake') continue;
      await expect.poll(() => running(`sleep\0${seconds}`)).not.toEqual([]);
      ending.abort();
    }
    await expect.poll(() => running(`sleep\0${seconds}`), { timeout: 5_000 }).toEqual([]);
    await expect.poll(() => readdirSync(join(dir, 'trials')), { timeout: 5_000 }).toEqual([]);
  });

  it('names variables that are not set, and lets the others through', async () => {
    const items = await tried({ ...fake('wire', 'secret'), env: ['OMK_TEST_TOKEN'] });
    expect(last(items, 'command')).toMatchObject({ state: 'failed' }); // omk's own
    const missing = await tried(entry('wire', `${process.execPath} ${demo}`, ['SOME_KEY']));
    expect(last(missing, 'command')).toMatchObject({
      state: 'warning',
      text: expect.stringMatching(/SOME_KEY/) as string,
    });
  });
});

const found = kimiCommand('http://127.0.0.1:1/v1');
describe.skipIf(!found.ok)('trying the real Kimi Code', () => {
  it('works with a model, and says that it is not signed in without', async () => {
    const server = await startModelServer({ programs: { ready: [{ text: 'ready' }] }, default: 'ready' });
    const kimi = kimiCommand(server.baseUrl);
    if (!kimi.ok) throw new Error(kimi.reason);
    const one = entry('acp', kimi.value.argv.join(' '), Object.keys(kimi.value.env));
    const items = await tried(one, { env: kimi.value.env });
    expect(last(items, 'turn')).toMatchObject({ state: 'ok', text: 'It answered “ready”.' });
    expect(items.find((item) => item.type === 'agent')).toMatchObject({
      name: 'Kimi Code CLI',
      version: '2.1.0',
    });
    await server.close();
    const out = await tried({ ...one, env: [] });
    expect(last(out, 'handshake')).toMatchObject({
      state: 'failed',
      text: 'It is not signed in.',
      fix: expect.stringMatching(/sign in/) as string,
    });
  }, 60_000);
});
