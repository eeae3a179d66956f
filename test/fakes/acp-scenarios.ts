import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memory } from './acp-memory.ts';
import { sharedTraps } from './acp-shared-traps.ts';
import type { Agent, Ending, Turn } from './acp-protocol.ts';
import { openMcp } from '../../src/main/demo-agent/mcp-client.ts';
import type { Scenario } from '../contract/scenarios.ts';

export type Play = Agent['play'];

const forever = (): Promise<never> => new Promise(() => undefined);
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function tick(turn: Turn): Promise<never> {
  while (!turn.cancelled.aborted) {
    turn.say('tick ');
    await pause(20);
  }
  return forever();
}

/** Over this protocol a failed model call looks like success; only the session file tells. */
const hidden = (code: string, message: string, retryable = false): Ending => ({
  stopReason: 'end_turn',
  failed: { code, message, retryable, name: 'APIStatusError' },
});

export const options = [
  { optionId: 'approve_once', name: 'Approve once', kind: 'allow_once' },
  { optionId: 'approve_always', name: 'Approve for this session', kind: 'allow_always' },
  { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
];

export const text = (words: string) => [{ type: 'content', content: { type: 'text', text: words } }];

const happy: Play = async (turn) => {
  turn.think('hmm ');
  turn.think('ok');
  turn.say('Hel');
  turn.say('lo ');
  turn.usage([200, 12, 1000]);
  const write = turn.call('call_write_0', 'Write', 'edit', { path: 'made.txt', content: 'made\n' });
  const shell = turn.call('call_shell_0', 'Bash', 'execute', { command: 'echo hi', description: 'say hi' });
  writeFileSync('made.txt', 'made\n');
  turn.result(write, 'Wrote 5 bytes to made.txt', { path: join(process.cwd(), 'made.txt') });
  turn.result(shell, 'hi\n');
  turn.usage([50, 8, 0]);
  turn.say('für 日本');
};

async function mayTouch(turn: Turn): Promise<'allowed' | 'refused' | 'cancelled'> {
  const command = 'touch approved.txt';
  const id = turn.call('call_touch', 'Bash', 'execute', { command });
  const { result } = await turn.ask('session/request_permission', {
    options,
    toolCall: { toolCallId: id, title: 'Bash', content: text(`Requesting approval to Running: ${command}`) },
  });
  const outcome = (result?.['outcome'] ?? {}) as { outcome?: string; optionId?: string };
  if (outcome.outcome === 'cancelled') return 'cancelled';
  return outcome.optionId?.startsWith('approve') === true ? 'allowed' : 'refused';
}

const deaf: Play = async (turn) => {
  turn.say('hm');
  return forever();
};

/** Everything the suite of all agents asks for; what each does is said in test/contract/scenarios.ts. */
export const shared: Readonly<Record<Scenario, Agent>> = {
  happy: { play: happy },
  'no-usage': {
    play: async (turn) => {
      turn.usage(null);
      turn.say('done');
    },
  },
  'split-bytes': {
    play: async (turn) => {
      const update = {
        sessionUpdate: 'agent_message_chunk',
        content: { type: 'text', text: 'für 日本 👩‍💻 ok' },
      };
      const params = { sessionId: turn.sessionId, update };
      const line = Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params })}\n`);
      for (const byte of line) await turn.raw(Uint8Array.of(byte));
    },
  },
  garbage: {
    play: async (turn) => {
      for (let i = 0; i < 10; i += 1) await turn.raw(`{"jsonrpc": garbage ${i}\n[${i}]\n`);
      turn.say('fi');
      await turn.raw('\u0000\u0001\u0002\n\n   \n');
      turn.say('ne');
    },
  },
  'too-much-garbage': {
    play: async (turn) => {
      await turn.raw('no message\n'.repeat(1_100));
      return forever();
    },
  },
  'long-line': { play: async (turn) => turn.say('x'.repeat(10_000_000)) },
  'endless-line': {
    play: async (turn) => {
      for (let i = 0; i < 100; i += 1) await turn.raw('x'.repeat(1_000_000));
      return forever();
    },
  },
  flood: {
    play: async (turn) => {
      for (let i = 0; i < 50_000; i += 1) {
        turn.say('word ');
        if (i % 1_000 === 0) await turn.raw('');
      }
    },
  },
  crash: {
    play: async (turn) => {
      turn.say('half');
      await turn.raw('');
      process.kill(process.pid, 'SIGKILL');
      return forever();
    },
  },
  'exits-zero': {
    play: async (turn) => {
      turn.say('half');
      await turn.raw('');
      return process.exit(0);
    },
  },
  'dies-at-start': { play: forever },
  'hung-start': { play: forever, handshake: { initialize: null } },
  silent: { play: deaf },
  deaf: { play: deaf, listens: false },
  slow: { play: tick },
  'late-updates': {
    play: async (turn) => (turn.number === 1 ? tick(turn) : turn.say('second')),
    afterCancel: (turn) => {
      for (const ms of [5, 15, 25]) setTimeout(() => turn.say('late '), ms);
    },
  },
  'empty-turn': { play: async () => undefined },
  'rate-limited': { play: async () => hidden('provider.rate_limit', '429 slow down', true) },
  'signed-out': {
    play: async () => ({
      code: -32000,
      message: 'Authentication required: 401 Invalid Authentication',
      failed: { code: 'provider.auth_error', message: '401 Invalid Authentication', retryable: false },
    }),
  },
  'model-error': { play: async () => hidden('provider.api_error', '500 fake 500') },
  'max-steps': {
    play: async (turn) => {
      turn.say('enough');
      return hidden('loop.max_steps_exceeded', 'too many steps');
    },
  },
  question: {
    play: async (turn) => {
      const { result } = await turn.ask('elicitation/create', {
        toolCallId: `${turn.id}:call_question`,
        mode: 'form',
        message: 'Which language?',
        requestedSchema: {
          type: 'object',
          properties: {
            q0: {
              type: 'string',
              title: 'Lang',
              oneOf: [
                { const: 'TypeScript', title: 'TypeScript', description: 't' },
                { const: 'Python', title: 'Python', description: 'p' },
              ],
            },
          },
          required: ['q0'],
        },
      });
      const content = (result?.['content'] ?? {}) as { q0?: string };
      turn.say(`answer: ${content.q0 ?? 'none'}`);
    },
  },
  approval: {
    play: async (turn) => {
      const answer = await mayTouch(turn);
      if (answer === 'allowed') writeFileSync('approved.txt', '');
      turn.say(answer);
    },
  },
  'approval-then-crash': {
    play: async (turn) => {
      void mayTouch(turn);
      await turn.raw('');
      await pause(100);
      return process.exit(3);
    },
  },
  unknown: {
    play: async (turn) => {
      turn.update({ sessionUpdate: 'hologram_update', shape: 'cube' });
      await turn.raw('{"jsonrpc":"2.0","method":"session/telepathy","params":{}}\n');
      const { error } = await turn.ask('session/read_mind', { thought: 1 });
      turn.say(error === undefined ? 'answered with a result' : 'answered');
    },
  },
  children: {
    play: async (turn) => {
      const seconds = process.env['OMK_TEST_SLEEP'] ?? '30';
      for (const detached of [false, true]) spawn('sleep', [seconds], { detached, stdio: 'ignore' }).unref();
      turn.say('started');
      return tick(turn);
    },
  },
  noisy: {
    play: async (turn) => {
      for (let i = 0; i < 30; i += 1) process.stderr.write(`${'n'.repeat(99_999)}\n`);
      return happy(turn);
    },
  },
  environment: {
    play: async (turn) => turn.say(JSON.stringify({ cwd: process.cwd(), env: process.env })),
  },
  secret: { play: async (turn) => turn.say(process.env['OMK_TEST_TOKEN'] ?? 'none') },
  subagent: {
    play: async (turn) => {
      const id = turn.call('call_agent', 'Agent', 'other', { prompt: 'sub', description: 'sub task' });
      turn.usage([100, 10, 0]);
      turn.record(
        { type: 'turn.prompt', turnId: 0, input: [], origin: { kind: 'system_trigger' } },
        'agent-0',
      );
      const event = { toolCallId: 'call_sub', turnId: '0' };
      const loop = (body: Record<string, unknown>) =>
        turn.record({ type: 'context.append_loop_event', event: { ...event, ...body } }, 'agent-0');
      loop({ type: 'tool.call', name: 'Bash', args: { command: 'echo sub' } });
      loop({ type: 'tool.result', result: { output: 'sub\n' } });
      turn.usage([300, 30, 0], 'agent-0');
      turn.record({ type: 'turn.ended', turnId: 0, reason: 'completed' }, 'agent-0');
      turn.result(id, 'agent_id: agent-0\nstatus: completed');
      turn.say('done');
    },
  },
  ...memory,
  ...sharedTraps,
  wrapper: { play: tick },
  plan: {
    play: async (turn) => {
      turn.update({
        sessionUpdate: 'plan',
        entries: [
          { content: 'First', priority: 'medium', status: 'completed' },
          { content: 'Second', priority: 'medium', status: 'in_progress' },
        ],
      });
      turn.say('planned');
    },
  },
  tools: {
    play: async (turn) => {
      const [server] = turn.mcpServers;
      if (server === undefined) return turn.say('no tools');
      const mcp = await openMcp(server);
      const own = async (name: string, args: Readonly<Record<string, unknown>>): Promise<string> => {
        const id = turn.call(`call_${name}`, `mcp__${server.name}__${name}`, 'other', args);
        const { result } = await turn.ask('session/request_permission', {
          options,
          toolCall: {
            toolCallId: id,
            title: `mcp__${server.name}__${name}`,
            content: text('Requesting approval'),
          },
        });
        const outcome = (result?.['outcome'] ?? {}) as { optionId?: string };
        if (outcome.optionId?.startsWith('approve') !== true && name !== 'nonsense') return 'not allowed';
        const told = await mcp.call(name, args);
        turn.result(id, told.text, { failed: told.isError });
        return told.text;
      };
      turn.say(`told: ${await own('report_evidence', { claim: 'it works' })}`);
      turn.say(`; refused: ${await own('nonsense', {})}`);
      mcp.close();
      return undefined;
    },
  },
  retry: {
    play: async (turn) => {
      turn.record({
        type: 'turn.step.retrying',
        turnId: turn.id,
        step: 1,
        failedAttempt: 1,
        nextAttempt: 2,
        maxAttempts: 3,
        delayMs: 1,
        errorName: 'APIStatusError',
        errorMessage: '500 fake 500',
        statusCode: 500,
      });
      turn.say('done');
    },
  },
};
