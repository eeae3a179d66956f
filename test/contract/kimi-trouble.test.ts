import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kimiCommand } from '../fakes/kimi-env.ts';
import { startModelServer } from '../fakes/model-server.ts';
import type { ModelServer } from '../fakes/model-server.ts';
import { never, nobody, said, tools } from './agent-rig.ts';
import { programs } from './kimi-programs.ts';
import { makeRooms, openReal } from './real-agent.ts';
import type { RealAgent } from './real-agent.ts';

const found = kimiCommand('http://127.0.0.1:1/v1');
if (!found.ok) console.log(`the real Kimi Code is not troubled: ${found.reason}`);

describe.skipIf(!found.ok)('the real Kimi Code, troubled', () => {
  let dir: string;
  let server: ModelServer;
  let agent: RealAgent;

  beforeAll(async () => {
    server = await startModelServer({ programs });
    const command = kimiCommand(server.baseUrl);
    if (!command.ok) throw new Error(command.reason);
    dir = makeRooms();
    agent = await openReal(dir, command.value, {
      host: { ...nobody, approve: async () => ({ decision: 'allow_once', feedback: null }) },
      timeouts: { handshakeMs: 20_000, stallMs: 2_500, cancelMs: 5_000, stopMs: 5_000 },
    });
  }, 60_000);
  afterAll(async () => {
    expect((await agent.session.stop()).survivors).toEqual([]);
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const prompt = (words: string) => agent.session.prompt(words, never());

  it('edits a file it has read', async () => {
    writeFileSync(join(dir, 'work/made.txt'), 'made\n');
    expect(await prompt('[[edit]]')).toMatchObject({ outcome: 'completed', confirmed: true });
    expect(readFileSync(join(dir, 'work/made.txt'), 'utf8')).toBe('edited\n');
    await agent.until(() => tools(agent.events).at(-1)?.state === 'ok');
    expect(tools(agent.events).at(-1)).toMatchObject({
      name: 'Edit',
      kind: 'edit',
      paths: [join(dir, 'work/made.txt')],
    });
  });

  it('tells its plan, and how full its context is', async () => {
    await prompt('[[todo]]');
    await agent.until(() => agent.events.some((event) => event.type === 'context'));
    expect(agent.events.findLast((event) => event.type === 'plan')?.items).toEqual([
      { title: 'First', status: 'done' },
      { title: 'Second', status: 'in_progress' },
    ]);
    expect(agent.session.caps.contextUsage).toBe(true);
  });

  it('writes nothing in its plan mode, and again when it has left it', async () => {
    expect(await agent.session.setMode('plan')).toMatchObject({ ok: true });
    expect(await prompt('[[plan-write]]')).toMatchObject({ outcome: 'completed', finalText: 'I may not.' });
    expect(existsSync(join(dir, 'work/forbidden.txt'))).toBe(false);
    expect(await agent.session.setMode('ask')).toMatchObject({ ok: true });
    await prompt('again [[plan-write]]');
    expect(existsSync(join(dir, 'work/forbidden.txt'))).toBe(true);
  });

  it('cannot go into its plan mode by itself', async () => {
    expect(await prompt('[[enter-plan]]')).toMatchObject({ outcome: 'completed', finalText: 'I will plan.' });
    expect(await prompt('[[write-other]]')).toMatchObject({ outcome: 'completed', finalText: 'Written.' });
    expect(existsSync(join(dir, 'work/other.txt'))).toBe(true);
  });

  it('is told something more in the middle of an answer, and it is one turn with one price', async () => {
    const result = prompt('[[hang]]');
    await agent.until(() => said(agent.events).endsWith('partial'));
    expect(await agent.session.steer('say hello [[hello]]')).toBe('restarted');
    expect(await result).toMatchObject({
      outcome: 'completed',
      confirmed: true,
      finalText: 'partialHello wörld',
      usage: { input: 1_000, output: 7, cacheRead: 500, cacheWrite: 0 },
    });
    const told = server.requests.at(-1)?.messages.map(({ text }) => text) ?? [];
    expect(told.some((text) => text.includes('and also: say hello'))).toBe(true);
  });

  for (const [name, words] of [
    ['before the first word', 'hang-before'],
    ['in the middle of an answer', 'hang'],
  ] as const) {
    it(`is given up when its model falls silent ${name}, and goes on afterwards`, async () => {
      expect(await prompt(`silence [[${words}]]`)).toMatchObject({
        outcome: 'stalled',
        error: { code: 'stalled', retryable: true },
      });
      expect(await prompt('[[hello]]')).toMatchObject({ outcome: 'completed', finalText: 'Hello wörld' });
    });
  }

  for (const [words, code] of [
    ['cut-before', 'connection_error'],
    ['cut-mid', 'connection_error'],
    ['e429', 'rate_limited'],
  ] as const) {
    it(`fails as ${code} when the model answers with ${words}, though it says that all is well`, async () => {
      expect(await prompt(`[[${words}]]`)).toMatchObject({
        outcome: 'failed',
        confirmed: true,
        error: { code, retryable: true },
      });
    });
  }
});
