import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AgentHost, ApprovalRequest } from '../../src/main/runtime/agent-backend.ts';
import { never, nobody, said, tools } from './agent-rig.ts';
import { createRecordings, recordedHost } from './wire-recordings.ts';

// Recordings in which somebody says something in the middle: a person, a signal, or another process that goes on.

const { rig, open } = createRecordings();
const words = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `w${from + i} `).join('');

it('cancelling ends words, commands, questions and silence, and the next prompt works', async () => {
  let asked: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const waiting: AbortSignal[] = [];
  const seen: ApprovalRequest[] = [];
  const host: AgentHost = {
    ...nobody,
    approve: async (request, signal) => {
      seen.push(request);
      if (request.tool === 'Shell') return { decision: 'allow_once', feedback: null };
      waiting.push(signal);
      asked();
      return new Promise(() => undefined);
    },
  };
  const { session, events, until, reading } = await open('cancel', { extra: { host } });
  const cancelled = { outcome: 'cancelled', confirmed: true, error: null };

  const slow = session.prompt('[[slow]]', never());
  await until(() => said(events).endsWith('w10 '));
  await session.cancel('enough');
  expect(await slow).toMatchObject({ ...cancelled, finalText: words(0, 10), usage: null });

  const shell = session.prompt('[[sleepsh]]', never());
  await until(() => events.some((event) => event.type === 'usage'));
  await session.cancel('enough');
  expect(await shell).toMatchObject({ ...cancelled, usage: { input: 1_000, output: 20 } });

  const write = session.prompt('[[write]]', never());
  await isAsked;
  await session.cancel('enough');
  expect(await write).toMatchObject(cancelled);
  expect(waiting).toMatchObject([{ aborted: true }]);

  expect(await session.prompt('[[hello]]', never())).toMatchObject({
    outcome: 'completed',
    finalText: 'Hello there friend',
  });

  const hang = session.prompt('[[hang]]', never());
  await session.cancel('enough');
  expect(await hang).toMatchObject(cancelled);
  await session.stop();
  await reading;
  expect(seen.map(({ command, paths }) => command ?? paths[0])).toEqual([
    'for i in 1 2 3 4 5 6 7 8; do echo t$i; sleep 1; done',
    '/ws/a.txt',
  ]);
  // The server says nothing more of what it cut off.
  expect(tools(events).map(({ name, state }) => [name, state])).toEqual([
    ['Shell', 'failed'],
    ['WriteFile', 'failed'],
  ]);
});

it('what is said to a running turn reaches it, whether it waits for a person or speaks', async () => {
  const told: string[] = [];
  const host: AgentHost = {
    ...nobody,
    approve: async () => {
      told.push(await session.steer('also do this'));
      return { decision: 'allow_once', feedback: null };
    },
  };
  const { session, events, until, reading } = await open('steer', { extra: { host } });
  expect(await session.steer('x')).toBe('idle');
  expect(await session.prompt('[[shell]]', never())).toMatchObject({
    outcome: 'completed',
    finalText: 'Shell done.',
    usage: { input: 2_010, output: 40 },
  });
  expect(told).toEqual(['steered']);
  const speaking = session.prompt('[[slow]]', never());
  await until(() => said(events).endsWith('w8 '));
  expect(await session.steer('late steer [[hello]]')).toBe('steered');
  expect(await speaking).toMatchObject({
    outcome: 'completed',
    finalText: `${words(0, 58)}w59Hello there friend`,
    usage: { input: 1_200, output: 32, cacheRead: 1_000 },
  });
  await session.stop();
  await reading;
  expect(tools(events)).toMatchObject([{ state: 'failed', exitCode: 3, output: 'out\nerr\n' }]);
});

it('a process that goes on tells what was before to nobody, and counts it nowhere', async () => {
  const seen: ApprovalRequest[] = [];
  const first = await open('resume', { extra: { host: recordedHost('resume', seen) } });
  expect(await first.session.prompt('[[write]]', never())).toMatchObject({
    outcome: 'completed',
    finalText: 'Writing.Written.',
  });
  expect(seen).toMatchObject([{ tool: 'WriteFile', paths: ['/ws/a.txt'], command: null }]);
  expect(await first.session.prompt('[[slow]]', never())).toMatchObject({
    outcome: 'crashed',
    finalText: words(0, 11),
    usage: null,
  });
  await first.reading;
  const second = await open('resume', {
    process: 1,
    quirks: 'kimi-cli',
    extra: { resumeSessionId: 'cdac93ac-702b-4936-832e-a8fad792180f' },
  });
  expect(second.session.resumed).toBe(true);
  expect(await second.session.prompt('go on [[hello]]', never())).toMatchObject({
    outcome: 'completed',
    finalText: 'Hello there friend',
    usage: { input: 200, output: 12, cacheRead: 1_000, cacheWrite: 0 },
  });
  await second.session.stop();
  await second.reading;
  expect(said(second.events)).toBe('Hello there friend');
  expect(tools(second.events)).toEqual([]);
});

it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  '%s in the middle of a command is a crash that costs what was reported',
  async (signal) => {
    const { session, events, reading } = await open(`life-${signal.toLowerCase()}`, { signal });
    expect(await session.prompt('[[orph]]', never())).toMatchObject({
      outcome: 'crashed',
      error: { code: 'process_exit', detail: { signal } },
      usage: { input: 1_000, output: 20 },
    });
    await reading;
    expect(tools(events)).toMatchObject([
      { kind: 'execute', command: expect.stringMatching(/^sleep \d+$/), state: 'failed' },
    ]);
  },
);

it('a tool of omk’s own is called and answered, and a hook is let pass', async () => {
  const called: unknown[] = [];
  const host: AgentHost = {
    ...nobody,
    tools: {
      list: [{ name: 'ext_tool', description: 'e', parameters: { type: 'object' } }],
      call: async (name, args) => {
        called.push([name, args]);
        return { ok: true, output: 'Opened' };
      },
    },
  };
  const { session, events, reading } = await open('ext-hooks', { extra: { host } });
  expect((await session.prompt('[[ext]]', never())).finalText).toBe('ext done');
  expect((await session.prompt('[[write]]', never())).finalText).toBe('Writing.Written.');
  await session.stop();
  await reading;
  expect(called).toEqual([['ext_tool', { path: 'README.md' }]]);
  expect(tools(events).map(({ name, state, output }) => [name, state, output])).toEqual([
    ['ext_tool', 'ok', 'Opened'],
    ['WriteFile', 'failed', 'out of scope'],
  ]);
  const sent = readFileSync(join(rig.dir, 'transcript.jsonl'), 'utf8');
  expect(sent.match(/"dir":"out".*"action":"allow"/g)).toHaveLength(3);
});

it('plan mode is set, its plan is shown, and a person who chooses nothing has approved nothing', async () => {
  const asked: string[] = [];
  const host: AgentHost = {
    ...nobody,
    ask: async ({ questions }) => {
      asked.push(...questions.flatMap(({ options }) => options.map(({ label }) => label)));
      return null;
    },
  };
  const { session, events, reading } = await open('plan', { extra: { host, mode: 'plan' } });
  expect(session.caps.planMode).toBe(true);
  expect((await session.prompt('plan it [[plan]]', never())).finalText).toBe('plan handled');
  expect(await session.setMode('ask')).toMatchObject({ ok: true });
  await session.stop();
  await reading;
  expect(asked).toEqual(expect.arrayContaining(['Approve', 'Reject', 'Reject and Exit']));
  expect(events.filter((event) => event.type === 'notice')).toEqual([
    { type: 'notice', text: '# Plan\n\n1. do\n' },
  ]);
  expect(tools(events).map(({ name, state }) => [name, state])).toEqual([
    ['WriteFile', 'ok'],
    ['ExitPlanMode', 'ok'],
  ]);
});
