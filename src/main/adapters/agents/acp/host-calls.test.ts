import { expect, it } from 'vitest';
import type { AgentEvent, AgentHost } from '../../../runtime/agent-backend.ts';
import { createHostCalls } from './host-calls.ts';
import { quirksFor } from './quirks.ts';

const never = new AbortController().signal;
const options = [
  { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
  { optionId: 'no', name: 'No', kind: 'reject_once' },
];
const ask = (toolCallId: string, sessionId = 's') => ({
  sessionId,
  options,
  toolCall: { toolCallId, title: 'Run', kind: 'execute', rawInput: { command: `cmd ${toolCallId}` } },
});

function calls(approve: AgentHost['approve'], deadlineMs = 10_000) {
  const events: AgentEvent[] = [];
  let asking: string | null = 's';
  const hostCalls = createHostCalls({
    host: { approve, ask: async () => null },
    quirks: quirksFor({ name: 'x', protocol: 'acp', argv: ['x'], envNames: [], quirks: 'generic' }),
    book: new Map(),
    deadlineMs,
    askingSession: () => asking,
    fuller: async () => null,
    refusedLater: () => false,
    served: () => null,
    realPath: (path) => path,
    preview: async () => null,
    tell: () => undefined,
    emit: (event) => events.push(event),
    onSettled: () => undefined,
  });
  return { hostCalls, events, endTurn: () => (asking = null) };
}
const chosen = (outcome: { outcome: { outcome: string; optionId?: string } }): string =>
  outcome.outcome.optionId ?? outcome.outcome.outcome;

it('asks about many calls at once, each under its own id', async () => {
  const answers: (() => void)[] = [];
  const { hostCalls } = calls(
    (request) =>
      new Promise((resolve) => {
        answers.push(() =>
          resolve({ decision: request.command === 'cmd b' ? 'reject' : 'allow_once', feedback: null }),
        );
      }),
  );
  const results = ['a', 'b', 'c'].map((id) => hostCalls.permission(ask(id), never));
  while (answers.length < 3) await Promise.resolve();
  for (const answer of answers.toReversed()) answer();
  expect((await Promise.all(results)).map(chosen)).toEqual(['yes', 'no', 'yes']);
  expect(hostCalls.pending).toBe(0);
});

it('refuses a flood instead of asking a person all of it', async () => {
  let asked = 0;
  const { hostCalls } = calls(() => {
    asked += 1;
    return new Promise(() => undefined);
  });
  const results = Array.from({ length: 2_000 }, (_, i) => hostCalls.permission(ask(String(i)), never));
  const settled = await Promise.race(results);
  expect(chosen(settled)).toBe('no');
  expect(asked).toBeLessThanOrEqual(1_000);
  hostCalls.cancelAll();
  expect((await Promise.all(results)).every((one) => chosen(one) === 'no')).toBe(true);
});

it('refuses requests of a session that is not ours', async () => {
  const { hostCalls } = calls(async () => ({ decision: 'allow_once', feedback: null }));
  expect(chosen(await hostCalls.permission(ask('a', 'another'), never))).toBe('no');
});

it('has its own word for what is cancelled with the turn', async () => {
  const { hostCalls, endTurn } = calls(() => new Promise(() => undefined));
  const open = hostCalls.permission(ask('a'), never);
  endTurn();
  hostCalls.cancelAll();
  expect(chosen(await open)).toBe('cancelled');
  expect(chosen(await hostCalls.permission(ask('b'), never))).toBe('cancelled');
  expect(
    await hostCalls.elicitation(
      { mode: 'form', requestedSchema: { properties: { q: { type: 'string' } } } },
      never,
    ),
  ).toEqual({
    action: 'cancel',
  });
});

it('refuses when the request itself is withdrawn, and when the deadline passes', async () => {
  const { hostCalls } = calls(() => new Promise(() => undefined), 20);
  const withdrawn = new AbortController();
  const first = hostCalls.permission(ask('a'), withdrawn.signal);
  withdrawn.abort();
  expect(chosen(await first)).toBe('no');
  expect(chosen(await hostCalls.permission(ask('b'), never))).toBe('no');
});
