import { spawn } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent, Turn } from './acp-protocol.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Requests of agents other than Kimi Code carry the call itself, and name their options as they like. */
export const foreignOptions = [
  { optionId: 'proceed_always', name: 'Always', kind: 'allow_always' },
  { optionId: 'proceed_once', name: 'Allow', kind: 'allow_once' },
  { optionId: 'cancel', name: 'Reject', kind: 'reject_once' },
];

export const outcomeOf = (answer: { readonly result?: Readonly<Record<string, unknown>> }): string => {
  const outcome = (answer.result?.['outcome'] ?? {}) as { outcome?: string; optionId?: string };
  return outcome.optionId ?? outcome.outcome ?? 'error';
};

const request = (turn: Turn, id: string | number, command: string) =>
  turn.ask(
    'session/request_permission',
    {
      options: foreignOptions,
      toolCall: {
        toolCallId: `call_${id}`,
        title: 'Bash',
        kind: 'execute',
        rawInput: { command },
        content: [],
      },
    },
    id,
  );

/** What every protocol does to a client, in the words of this one. */
export const sharedTraps = {
  'two-approvals': {
    play: async (turn) => {
      const [a, b] = await Promise.all([request(turn, 'text-id', 'first'), request(turn, 77, 'second')]);
      const allowed = [
        ...(outcomeOf(a) === 'proceed_once' ? ['first'] : []),
        ...(outcomeOf(b) === 'proceed_once' ? ['second'] : []),
      ];
      turn.say(`allowed: ${allowed.join(' ') || 'none'}`);
    },
  },
  'writes-through-link': {
    play: async (turn) => {
      symlinkSync('../user', 'docs');
      const path = join(process.cwd(), 'docs/made.txt');
      const answer = await turn.ask('session/request_permission', {
        options: foreignOptions,
        toolCall: {
          toolCallId: 'call_write',
          title: 'Edit',
          kind: 'edit',
          locations: [{ path }],
          content: [{ type: 'diff', path, oldText: '', newText: 'made' }],
        },
      });
      turn.say(outcomeOf(answer) === 'proceed_once' ? 'allowed' : 'refused');
    },
  },
  'out-of-order': {
    play: async (turn) => {
      turn.usage([100, 10, 0]);
      turn.result(turn.call('call_x', 'Bash', 'execute', { command: 'true' }), '');
      turn.say('fine');
      turn.usage([50, 5, 0]);
    },
  },
  'lost-prompt': {
    queues: () => true,
    play: async () => ({ stopReason: 'end_turn', unrecorded: true }),
  },
  'foreign-shapes': {
    play: async (turn) => {
      turn.update({
        sessionUpdate: 'tool_call',
        toolCallId: 'call_odd',
        title: 'Odd',
        kind: 'levitate',
        status: 'sleeping',
        rawInput: ['no', 'object'],
        locations: 'nowhere',
        content: [{ type: 'hologram', shape: 'cube' }, null, 'text'],
      });
      turn.update({
        sessionUpdate: 'tool_call_update',
        toolCallId: 'call_odd',
        status: 'completed',
        rawOutput: 42,
      });
      turn.update({ sessionUpdate: 'agent_message_chunk', content: { type: 'video', data: 'x' } });
      turn.update({ sessionUpdate: 'plan', entries: 'none' });
      turn.say('fine');
    },
  },
  'reused-id': {
    play: async (turn) => {
      turn.result(turn.call('call_same', 'Bash', 'execute', { command: 'echo one' }), 'one\n');
      turn.result(
        turn.call('call_same', 'Bash', 'execute', { command: 'echo two' }),
        'two\nCommand failed with exit code: 3.',
        { failed: true },
      );
      turn.say('done');
    },
  },
  'long-retries': {
    play: async (turn) => {
      for (let tries = 1; tries <= 20; tries += 1) {
        turn.record({
          type: 'turn.step.retrying',
          turnId: turn.id,
          step: 1,
          failedAttempt: tries,
          nextAttempt: tries + 1,
          maxAttempts: 21,
          delayMs: 250,
          errorName: 'APIStatusError',
          errorMessage: '500 fake 500',
          statusCode: 500,
        });
        await pause(250);
      }
      turn.say('done');
    },
  },
  numbered: {
    play: async (turn) => {
      await turn.raw('{"jsonrpc":"2.0","id":4711,"result":{"nobody":"asked"}}\n');
      await turn.ask('session/read_mind', { thought: 1 }, 77);
      turn.say('answered');
    },
  },
} satisfies Readonly<Record<string, Agent>>;

/** A launcher that dies once a turn has begun; the agent below it lives on and holds the pipes. */
export function wrap(script: string, scenario: string): void {
  const child = spawn(process.execPath, [script, scenario], {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', () => process.kill(process.pid, 'SIGKILL'));
}
