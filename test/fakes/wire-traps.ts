import { spawn } from 'node:child_process';
import { pause, step, tick } from './wire-plays.ts';
import type { Play } from './wire-plays.ts';
import type { Turn } from './wire-protocol.ts';

const shellApproval = (turn: Turn, command: string) =>
  turn
    .ask('ApprovalRequest', {
      tool_call_id: `call_${command}`,
      sender: 'Shell',
      action: 'run command',
      description: `Run command \`${command}\``,
      source_kind: 'foreground_turn',
      source_id: 'turn-1',
      agent_id: null,
      subagent_type: null,
      source_description: null,
      display: [
        { type: 'hologram', shape: 'cube' },
        { type: 'shell', language: 'bash', command },
      ],
    })
    .then(({ result }) => (result?.['response'] === 'approve' ? [command] : []));

/** What every protocol does to a client, in the words of this one. */
export const sharedTraps: Readonly<Record<string, Play>> = {
  'two-approvals': async (turn) => {
    step(turn, 1);
    const allowed = await Promise.all([shellApproval(turn, 'first'), shellApproval(turn, 'second')]);
    turn.say(`allowed: ${allowed.flat().join(' ') || 'none'}`);
  },
  // The real server sends it before, between and after the results of its step.
  'out-of-order': async (turn) => {
    step(turn, 1);
    turn.usage('chatcmpl-0', [100, 10, 0]);
    turn.call('call_x', 'Shell', { command: 'true' });
    turn.usage('chatcmpl-0', [100, 10, 0]);
    turn.result('call_x', { message: 'Command executed successfully.' });
    turn.usage('chatcmpl-0', [100, 10, 0]);
    step(turn, 2);
    turn.say('fine');
    turn.usage('chatcmpl-1', [50, 5, 0]);
  },
  'lost-prompt': async () => undefined,
  'foreign-shapes': async (turn) => {
    step(turn, 1);
    turn.call('call_odd', 'Levitate', { how: ['high'] });
    turn.event('ToolResult', {
      tool_call_id: 'call_odd',
      return_value: {
        is_error: false,
        output: { neither: 'text', nor: ['parts'] },
        message: null,
        display: [{ type: 'hologram', shape: 'cube' }, null, 'text', { type: 'todo', items: 'none' }],
        extras: { x: 1 },
      },
    });
    turn.event('ContentPart', { type: 'video_url', video_url: { url: 'x' } });
    turn.event('StatusUpdate', { context_usage: 'much', token_usage: 'some', mcp_status: [1] });
    turn.say('fine');
  },
  numbered: async (turn) => {
    step(turn, 1);
    await turn.raw('{"jsonrpc":"2.0","id":4711,"result":{"nobody":"asked"}}\n');
    await turn.ask('PermissionFromTheFuture', { id: 77 });
    turn.say('answered');
  },
  'reused-id': async (turn) => {
    step(turn, 1);
    for (const [command, isError] of [
      ['echo one', false],
      ['echo two', true],
    ] as const) {
      turn.call('call_same', 'Shell', { command });
      turn.result('call_same', {
        isError,
        message: isError ? 'Command failed with exit code: 3.' : 'Command executed successfully.',
      });
    }
    turn.say('done');
  },
  'long-retries': async (turn) => {
    step(turn, 1);
    for (let tries = 1; tries <= 20; tries += 1) {
      turn.event('StepRetry', {
        n: 1,
        next_attempt: tries + 1,
        max_attempts: 21,
        wait_s: 0.25,
        error_type: 'APIStatusError',
        status_code: 500,
      });
      await pause(250);
    }
    turn.say('done');
  },
  wrapper: tick,
};

/** A launcher that dies once a turn has begun; the server below it lives on and holds the pipes. */
export function wrap(script: string): void {
  const child = spawn(process.execPath, [script, 'slow'], {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', () => process.kill(process.pid, 'SIGKILL'));
}
