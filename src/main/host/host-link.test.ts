import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '../../shared/api/index.ts';
import { connect } from '../../shared/rpc/connect.ts';
import { memoryPair } from '../../shared/rpc/memory.ts';
import { systemTimers } from '../adapters/system/clock.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { createHostLink } from './host-link.ts';
import type { HostLink } from './host-link.ts';
import { watchAttention } from './watch-attention.ts';
import type { Summary } from './attention.ts';

let folder: string;
let config: Config;
const links: HostLink[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omk-link-'));
  const read = readConfig(env());
  if (!read.ok) throw new Error(read.error.message);
  config = read.value;
});
afterEach(async () => {
  await Promise.all(links.splice(0).map((link) => link.stop()));
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const env = (): Record<string, string> => ({
  OMK_HOME: join(folder, 'state'),
  HOME: join(folder, 'home'),
  PATH: process.env['PATH'] ?? '',
});

const newLink = (): HostLink => {
  const link = createHostLink(config);
  links.push(link);
  return link;
};

async function client(link: HostLink) {
  const [near, far] = memoryPair();
  const connection = connect(api, near);
  const connected = await link.connect(far);
  if (!connected.ok) throw new Error(connected.error.message);
  await connection.ready;
  return connection;
}

/** The headless host as a process of its own; `line` is what it printed first. */
async function startHost(): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    env: env(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, line: chunk.toString() };
}

describe('the link to a host', () => {
  test('makes a host where none lives, one for everybody who asks at once', async () => {
    const link = newLink();
    const connections = await Promise.all([client(link), client(link), client(link)]);
    const infos = await Promise.all(connections.map((one) => one.client.app.info({})));
    expect(infos.map((info) => info.stateDir)).toEqual(Array.from({ length: 3 }, () => config.root));
  });

  test('stands: has a host before anybody asks, and makes one when that of another process ends', async () => {
    const { child } = await startHost();
    const link = newLink();
    expect(await link.stand()).toMatchObject({ ok: true });
    expect(link.isOurs()).toBe(false);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(link.isOurs()).toBe(true), { timeout: 20_000, interval: 50 });
  });

  test('tells whoever looks where our host is served, also when that was said before it was made', async () => {
    const link = newLink();
    link.listening('http://127.0.0.1:1');
    const { client: omk } = await client(link);
    expect((await omk.app.info({})).listening).toBe('http://127.0.0.1:1');
    link.listening(null);
    expect((await omk.app.info({})).listening).toBeNull();
  });

  test('attaches to a host that lives already, and outlives it', async () => {
    const { child, line } = await startHost();
    expect(JSON.parse(line)).toEqual({ ready: true, pid: child.pid });
    const link = newLink();
    const first = await client(link);
    expect(await first.client.goals.list({})).toEqual([]);
    const closed = new Promise<void>((resolve) => first.onClose(resolve));
    child.kill('SIGKILL');
    await closed;
    const second = await client(link);
    expect(await second.client.goals.list({})).toEqual([]);
    expect(JSON.parse(readFileSync(join(config.root, 'host.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
  });

  test('gives the state directory back when it stops, and connects nobody afterwards', async () => {
    const link = newLink();
    const connection = await client(link);
    await link.stop();
    await link.stop();
    const [, far] = memoryPair();
    expect(await link.connect(far)).toMatchObject({ ok: false });
    await client(newLink());
    connection.close();
  });

  test('says what is wrong with a state directory that cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    const read = readConfig({ ...env(), OMK_HOME: join(folder, 'file', 'state') });
    if (!read.ok) throw new Error(read.error.message);
    const link = createHostLink(read.value);
    const [, far] = memoryPair();
    const connected = await link.connect(far);
    expect(connected).toMatchObject({ ok: false });
    expect(connected.ok ? '' : connected.error.message).toContain(join(folder, 'file', 'state'));
  });
});

describe('attention through the link', () => {
  test('is told of no goals, and told again by the next host', async () => {
    const { child } = await startHost();
    const summaries: Summary[] = [];
    const watch = watchAttention({
      link: newLink(),
      memory: { get: () => undefined, set: () => {} },
      timers: { after: (_ms, run) => systemTimers.after(10, run) },
      onNotice: (notice) => expect(notice).toBe('nothing'),
      onSummary: (summary) => summaries.push(summary),
    });
    await expect.poll(() => summaries.length).toBe(1);
    child.kill('SIGKILL');
    await expect
      .poll(() => summaries, { timeout: 10_000 })
      .toEqual([
        { running: 0, waiting: [] },
        { running: 0, waiting: [] },
      ]);
    watch.stop();
  });
});

describe('the headless host', () => {
  test('ends on SIGTERM with 0 and leaves nothing to attach to', async () => {
    const { child } = await startHost();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const { child: next } = await startHost();
    next.kill('SIGINT');
    expect(await once(next, 'exit')).toEqual([0, null]);
  });

  test('refuses a state directory that another host owns', async () => {
    const { child } = await startHost();
    const second = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
      env: env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(second);
    let said = '';
    second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await once(second, 'exit')).toEqual([1, null]);
    expect(said).toMatch(new RegExp(`already runs on .*process ${child.pid}`));
  });

  test.runIf(existsSync('/proc/net/tcp'))('listens on no TCP port', async () => {
    const { child } = await startHost();
    await client(newLink());
    expect(listeningInodes().filter((inode) => socketsOf(child.pid ?? 0).has(inode))).toEqual([]);
    // The check sees a listener where there is one: this very test.
    expect(socketsOf(child.pid ?? 0).size).toBeGreaterThan(0);
  });
});

/** Inodes of TCP sockets that listen, in this network namespace. */
function listeningInodes(): string[] {
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .filter((path) => existsSync(path))
    .flatMap((path) => readFileSync(path, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => fields[9] ?? '');
}

function socketsOf(pid: number): Set<string> {
  const inodes = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? ''];
    } catch {
      return []; // closed meanwhile
    }
  });
  return new Set(inodes.filter((inode) => inode !== ''));
}
