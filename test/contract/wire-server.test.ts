import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// The fake server is worth what it has in common with the real one: framing, errors and order as agents.md §5.3 has them.

type Frame = Readonly<Record<string, unknown>>;

let child: ChildProcess | null = null;
/** Where the server works: some of what it plays writes. */
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'omk-wire-server-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
  rmSync(dir, { recursive: true, force: true });
});

function start(scenario: string) {
  const script = join(import.meta.dirname, '../fakes/wire-server.ts');
  const server = spawn(process.execPath, [script, scenario], { cwd: dir, stdio: ['pipe', 'pipe', 'pipe'] });
  child = server;
  const heard: Frame[] = [];
  let words = '';
  let wake: () => void = () => undefined;
  server.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  createInterface({ input: server.stdout }).on('line', (line) => {
    heard.push(JSON.parse(line) as Frame);
    wake();
  });
  const until = async (fits: (frame: Frame) => boolean): Promise<Frame> => {
    for (;;) {
      const found = heard.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const send = (message: Frame | string): void =>
    void server.stdin.write(
      `${typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message })}\n`,
    );
  const answer = (id: unknown): Promise<Frame> =>
    until((frame) => frame['method'] === undefined && frame['id'] === id);
  const ended = new Promise<number | null>((resolve) => server.once('exit', (code) => resolve(code)));
  /** Kinds of frames from here on: the type of an event or request, or what was answered to whom. */
  const order = (): readonly string[] =>
    heard.map((frame) => {
      const { type } = (frame['params'] ?? {}) as { readonly type?: string };
      return type ?? `answer ${String(frame['id'])}`;
    });
  return { send, until, answer, order, ended, words: () => words, close: () => server.stdin.end() };
}

const failure = (id: string | null, code: number, message: string): Frame => ({
  jsonrpc: '2.0',
  id,
  error: { code, message, data: null },
});

describe('the fake Wire server', () => {
  it('refuses what is no message, no method or no text, with the words of the real one', async () => {
    const { send, answer, until, close, ended, words } = start('happy');
    send('{"jsonrpc": garbage');
    expect(await answer(null)).toEqual(failure(null, -32700, 'Invalid JSON format'));
    send({ id: 7, method: 'initialize' });
    const isInvalid = (frame: Frame): boolean => JSON.stringify(frame).includes('-32600');
    expect(await until(isInvalid)).toEqual(failure(null, -32600, 'Invalid request'));
    send({ id: 'a', method: 'nope' });
    expect(await answer('a')).toMatchObject({ error: { code: -32601, data: null } });
    send({ id: 'b', method: 'prompt', params: {} });
    expect(await answer('b')).toEqual(failure('b', -32602, 'Invalid parameters for method `prompt`'));
    for (const method of ['cancel', 'steer']) {
      send({ id: method, method });
      expect(await answer(method)).toEqual(failure(method, -32000, 'No agent turn is in progress'));
    }
    close();
    expect(await ended).toBe(0);
    expect(words()).toContain('To resume this session: kimi -r ');
  });

  it('ends a turn before it answers the prompt, and needs no handshake for one', async () => {
    const { send, answer, order } = start('happy');
    send({ id: 'p', method: 'prompt', params: { user_input: 'go' } });
    expect(await answer('p')).toMatchObject({ result: { status: 'finished' } });
    expect(order()[0]).toBe('TurnBegin');
    expect(order().slice(-2)).toEqual(['TurnEnd', 'answer p']);
  });

  it('hears neither a prompt nor a replay during a turn, and says what a cancel cut off in the right order', async () => {
    const { send, answer, until, order } = start('approval');
    send({ id: 'p', method: 'prompt', params: { user_input: 'go' } });
    const asked = await until((frame) => frame['method'] === 'request');
    expect((asked['params'] as { payload: Frame }).payload['id']).toBe(asked['id']);
    for (const method of ['prompt', 'replay', 'initialize']) {
      send({ id: method, method, params: { user_input: 'x' } });
      expect(await answer(method)).toEqual(failure(method, -32000, 'An agent turn is already in progress'));
    }
    send({ id: 'c', method: 'cancel' });
    expect(await answer('p')).toMatchObject({ result: { status: 'cancelled' } });
    expect(order().slice(-4)).toEqual(['answer c', 'TurnEnd', 'ApprovalResponse', 'answer p']);
    // The late answer is heard by nobody.
    send({ id: String(asked['id']), result: { request_id: asked['id'], response: 'approve' } });
    send({ id: 'q', method: 'replay' });
    expect(await answer('q')).toMatchObject({ result: { status: 'finished', requests: 0 } });
    expect(order()).not.toContain('ToolResult');
  });
});
