import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Transport } from '../../shared/rpc/frames.ts';
import { rpcFeatures } from '../../shared/rpc/rpc.features.ts';
import { attachTransport } from './attach.ts';
import { listenForOperators } from './operator-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'omk-operator-'));
const socketPath = join(folder, 'host.sock');
const challengeDir = join(folder, 'challenges');
const work = join(folder, 'work');
const warnings: string[] = [];
const operators: Transport[] = [];
let onOperator: (transport: Transport) => void;
let listener: { close: () => Promise<void> };

beforeAll(async () => {
  mkdirSync(challengeDir);
  mkdirSync(work);
  listener = await listenForOperators({
    socketPath,
    challengeDir,
    privateRoots: [work],
    log: { info: () => {}, warn: (message) => void warnings.push(message), error: () => {} },
    onOperator: (transport) => onOperator(transport),
  });
});
beforeEach(() => {
  operators.length = 0;
  onOperator = (transport) => void operators.push(transport);
});
afterAll(async () => {
  await listener.close();
  rmSync(folder, { recursive: true });
});

/** What the host says to a peer that answers the challenge with this. */
async function answerWith(frame: unknown): Promise<unknown[]> {
  const socket = connect(socketPath);
  const said: string[] = [];
  socket.setEncoding('utf8').on('data', (chunk: string) => said.push(chunk));
  await once(socket, 'data');
  socket.write(typeof frame === 'string' ? frame : `${JSON.stringify(frame)}\n`);
  await once(socket, 'close');
  return said
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const linux = process.platform === 'linux';

test('the socket is its owner’s alone', () => {
  expect(statSync(socketPath).mode & 0o777).toBe(0o600);
});

test('an operator is let through and served', async () => {
  onOperator = (transport) => transport.post({ t: 'hello', protocol: 1, version: 'x' });
  const attached = await attachTransport(socketPath);
  if (attached.type !== 'attached') throw new Error(attached.type);
  const hello = await new Promise((resolve) => attached.transport.onFrame(resolve));
  expect(hello).toEqual({ t: 'hello', protocol: 1, version: 'x' });
  expect(readdirSync(challengeDir)).toEqual([]);
  attached.transport.close();
});

test('where nobody listens there is nobody', async () => {
  expect(await attachTransport(join(folder, 'none.sock'))).toEqual({ type: 'none' });
  symlinkSync('/dev/null', join(folder, 'null.sock'));
  expect(await attachTransport(join(folder, 'null.sock'))).toEqual({ type: 'none' });
});

test.runIf(linux).each([
  ['a process that does not hold the file', { t: 'proof', pid: process.pid }],
  ['a process that is not there', { t: 'proof', pid: 2 ** 30 }],
  ['something else', { t: 'call', id: 1, path: 'goals.list', input: {} }],
  ['nothing of ours', { t: 'proof', pid: '1' }],
])('%s proves nothing and is refused', async (_name, frame) => {
  const said = await answerWith(frame);
  expect(said).toMatchObject([{ t: 'challenge' }, { t: 'refused' }]);
  expect(operators).toEqual([]);
  expect(readdirSync(challengeDir)).toEqual([]);
});

test.runIf(linux)('what is not a frame is hung up on', async () => {
  expect(await answerWith('GET / HTTP/1.1\r\n\r\n')).toMatchObject([{ t: 'challenge' }]);
  expect(operators).toEqual([]);
});

test.runIf(linux)('a challenge that cannot be written refuses, and the host lives on', async () => {
  renameSync(challengeDir, `${challengeDir}-away`);
  expect(await attachTransport(socketPath)).toMatchObject({ type: 'refused' });
  renameSync(`${challengeDir}-away`, challengeDir);
  expect(operators).toEqual([]);
});

test.runIf(linux)('a child of the host is refused although it proves who it is', async () => {
  const program = `
    import { attachTransport } from ${JSON.stringify(new URL('attach.ts', import.meta.url).href)};
    console.log(JSON.stringify(await attachTransport(${JSON.stringify(socketPath)})));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'close');
  expect(JSON.parse(said)).toMatchObject({
    type: 'refused',
    message: expect.stringContaining('attempt') as string,
  });
  expect(operators).toEqual([]);
  expect(warnings).toHaveLength(1);
});

rpcFeatures('the operator socket', async () => {
  let accept: (transport: Transport) => void = () => {};
  const accepted = new Promise<Transport>((resolve) => (accept = resolve));
  onOperator = (transport) => {
    // The client's end resolves with the first frame it gets, as it does with a host's hello.
    transport.post({ t: 'nothing' });
    accept(transport);
  };
  const attached = await attachTransport(socketPath);
  if (attached.type !== 'attached') throw new Error(attached.type);
  const server = await accepted;
  return { client: attached.transport, server, cut: () => attached.transport.close() };
});
