import { spawn } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { approval, forever, happy, mayI, modelError, pause, step, tick } from './wire-plays.ts';
import type { Play } from './wire-plays.ts';
import { goalPlays } from './wire-goal.ts';
import { sharedTraps } from './wire-traps.ts';
import type { Server, Turn } from './wire-protocol.ts';

const plays: Readonly<Record<string, Play>> = {
  ...sharedTraps,
  ...goalPlays,
  happy,
  noisy: async (turn) => {
    process.stderr.write('x'.repeat(3_000_000));
    return happy(turn);
  },
  'no-usage': async (turn) => {
    step(turn, 1);
    turn.say('done');
    turn.usage(null, null);
  },
  'split-bytes': async (turn) => {
    step(turn, 1);
    const frame = {
      jsonrpc: '2.0',
      method: 'event',
      params: { type: 'ContentPart', payload: { type: 'text', text: 'für 日本 👩‍💻 ok' } },
    };
    for (const byte of Buffer.from(`${JSON.stringify(frame)}\n`)) await turn.raw(Buffer.of(byte));
  },
  garbage: async (turn) => {
    for (let i = 0; i < 10; i += 1) await turn.raw(`Warning: line ${i}\n`);
    step(turn, 1);
    turn.say('fine');
    await turn.raw(
      '{"jsonrpc":"2.0","method":"event","params":\n[1,2]\n"text"\n\u0000\n42\n{}x\n<html>\n}\nnull\ntrue\n',
    );
  },
  'too-much-garbage': async (turn) => {
    await turn.raw('this is no message\n'.repeat(1_100));
    return forever();
  },
  'long-line': async (turn) => {
    step(turn, 1);
    turn.say('x'.repeat(10_000_000));
  },
  'endless-line': async (turn) => {
    for (let i = 0; i < 100; i += 1) await turn.raw('x'.repeat(1_000_000));
    return forever();
  },
  flood: async (turn) => {
    step(turn, 1);
    for (let i = 0; i < 50_000; i += 1) turn.say('word ');
  },
  crash: async (turn) => {
    step(turn, 1);
    turn.say('half');
    await turn.raw('');
    process.kill(process.pid, 'SIGKILL');
    return forever();
  },
  'exits-zero': async (turn) => {
    step(turn, 1);
    turn.say('half');
    await turn.raw('');
    process.exit(0);
  },
  silent: async (turn) => {
    step(turn, 1);
    turn.say('hm');
    return forever();
  },
  deaf: async (turn) => {
    turn.say('hm');
    return forever();
  },
  slow: async (turn) => {
    step(turn, 1);
    return tick(turn);
  },
  'late-updates': async (turn) => {
    step(turn, 1);
    if (turn.number === 1) return tick(turn);
    turn.say('second');
    return undefined;
  },
  'empty-turn': async () => undefined,
  'rate-limited': modelError(429, 'slow down'),
  'signed-out': modelError(401, 'bad key', -32004),
  'model-error': modelError(500, 'fake 500'),
  'max-steps': async (turn) => {
    step(turn, 1);
    turn.say('enough');
    return { status: 'max_steps_reached', steps: 1 };
  },
  question: async (turn) => {
    step(turn, 1);
    turn.call('call_ask', 'AskUserQuestion', { questions: [] });
    const { result } = await turn.ask('QuestionRequest', {
      tool_call_id: 'call_ask',
      questions: [
        {
          question: 'Which language?',
          header: 'Lang',
          options: [
            { label: 'TypeScript', description: 't' },
            { label: 'Python', description: 'p' },
          ],
          multi_select: false,
          body: '',
          other_label: '',
          other_description: '',
        },
      ],
    });
    const answers = (result?.['answers'] ?? {}) as Record<string, string>;
    turn.result('call_ask', { output: JSON.stringify({ answers }) });
    turn.say(`answer: ${answers['Which language?'] ?? 'none'}`);
  },
  approval: async (turn) => {
    step(turn, 1);
    turn.call('call_touch', 'Shell', { command: 'touch approved.txt' });
    const { allowed, feedback } = await approval(turn);
    if (allowed) {
      writeFileSync('approved.txt', '');
      turn.result('call_touch', { message: 'Command executed successfully.' });
      turn.say('allowed');
      return;
    }
    turn.result('call_touch', {
      isError: true,
      message: `The tool call is rejected by the user. ${feedback}`,
    });
    // Without feedback the real server ends the turn right here, with no further step.
    if (feedback !== '') turn.say('refused');
  },
  'writes-through-link': async (turn) => {
    step(turn, 1);
    symlinkSync('../user', 'docs');
    const path = join(process.cwd(), 'docs/made.txt');
    turn.call('call_write', 'WriteFile', { path, content: 'made' });
    const { allowed } = await mayI(turn, {
      tool_call_id: 'call_write',
      sender: 'WriteFile',
      action: 'edit file',
      description: `Write file \`${path}\``,
      display: [
        { type: 'diff', path, old_text: '', new_text: 'made', old_start: 1, new_start: 1, is_summary: false },
      ],
    });
    turn.say(allowed ? 'allowed' : 'refused');
  },
  'approval-then-crash': async (turn) => {
    step(turn, 1);
    setTimeout(() => process.exit(3), 100);
    await approval(turn);
    return forever();
  },
  unknown: async (turn) => {
    step(turn, 1);
    turn.event('TelemetryFromTheFuture', { anything: [1, 2, 3] });
    turn.event('ContentPart', { type: 'hologram', data: 'x' });
    await turn.ask('PermissionFromTheFuture', { what: 'everything' });
    turn.say('answered');
  },
  children: async (turn) => {
    step(turn, 1);
    const seconds = process.env['OMK_TEST_SLEEP'] ?? '1000';
    spawn('sleep', [seconds], { stdio: 'ignore' });
    spawn('setsid', ['sh', '-c', `sleep ${seconds} & exit 0`], { stdio: 'ignore', detached: true }).unref();
    await pause(150);
    turn.say('started');
    return tick(turn);
  },
  environment: async (turn) => {
    step(turn, 1);
    turn.say(JSON.stringify({ cwd: process.cwd(), env: process.env }));
  },
  secret: async (turn) => {
    step(turn, 1);
    turn.say(process.env['OMK_TEST_TOKEN'] ?? 'none');
  },
  subagent: async (turn) => {
    step(turn, 1);
    turn.call('call_agent', 'Agent', { description: 'sub', prompt: 'do it', subagent_type: 'coder' });
    turn.usage('chatcmpl-agent-0', [100, 10, 0]);
    const inside = (type: string, payload: Readonly<Record<string, unknown>>): void =>
      turn.event('SubagentEvent', {
        parent_tool_call_id: 'call_agent',
        agent_id: 'af1d580b6',
        subagent_type: 'coder',
        event: { type, payload },
      });
    inside('TurnBegin', { user_input: 'do it' });
    inside('StepBegin', { n: 1 });
    inside('ContentPart', { type: 'text', text: 'inner words' });
    inside('ToolCall', {
      type: 'function',
      id: 'call_sub',
      function: { name: 'Shell', arguments: '{"command":"echo sub"}' },
      extras: null,
    });
    inside('StatusUpdate', {
      context_usage: 0.1,
      context_tokens: 300,
      max_context_tokens: 131_072,
      token_usage: { input_other: 300, output: 30, input_cache_read: 0, input_cache_creation: 0 },
      message_id: null,
      plan_mode: false,
      mcp_status: null,
    });
    inside('ToolResult', {
      tool_call_id: 'call_sub',
      return_value: { is_error: false, output: 'sub\n', message: '', display: [], extras: null },
    });
    inside('TurnEnd', {});
    turn.result('call_agent', { output: 'status: completed' });
    step(turn, 2);
    turn.say('done');
  },
  remembers: async (turn) => {
    step(turn, 1);
    turn.say(`prompt ${turn.before + 1}: ${turn.userInput}`);
    if (!turn.userInput.includes('die')) return;
    await turn.raw('');
    process.kill(process.pid, 'SIGKILL');
    return forever();
  },
  'hung-resume': async (turn) => turn.say(`prompt ${turn.before + 1}`),
  steered: async (turn) => {
    step(turn, 1);
    turn.say('begun ');
    const text = await turn.steered;
    turn.event('SteerInput', { user_input: text });
    step(turn, 2);
    turn.say(`heard: ${text}`);
  },
  mode: async (turn) => {
    step(turn, 1);
    turn.say(turn.planMode() ? 'plan' : 'ask');
  },
  plan: async (turn) => {
    step(turn, 1);
    turn.call('call_todo', 'SetTodoList', { todos: [] });
    turn.result('call_todo', {
      display: [
        {
          type: 'todo',
          items: [
            { title: 'First', status: 'done' },
            { title: 'Second', status: 'in_progress' },
          ],
        },
      ],
    });
    turn.say('planned');
  },
  tools: async (turn) => {
    step(turn, 1);
    if (!turn.tools.includes('report_evidence')) return turn.say('no tools');
    const own = async (id: string, name: string, args: Readonly<Record<string, unknown>>) => {
      turn.call(id, name, args);
      const { result } = await turn.ask('ToolCallRequest', { id, name, arguments: JSON.stringify(args) });
      const value = result?.['return_value'] as { is_error: boolean; output: string };
      turn.result(id, { output: value.output, isError: value.is_error });
      return value.output;
    };
    turn.say(`told: ${await own('call_report', 'report_evidence', { claim: 'it works' })}`);
    turn.say(`; refused: ${await own('call_nonsense', 'nonsense', {})}`);
    return undefined;
  },
  retry: async (turn) => {
    step(turn, 1);
    turn.event('StepRetry', {
      n: 1,
      next_attempt: 2,
      max_attempts: 3,
      wait_s: 0.01,
      error_type: 'APIConnectionError',
      status_code: null,
    });
    turn.say('done');
  },
};

export function serverFor(scenario: string): Server {
  const play = plays[scenario] ?? (async () => forever());
  return {
    version: scenario === 'hung-start' ? null : '1.10',
    listens: scenario !== 'deaf',
    begins: scenario !== 'lost-prompt',
    replays: scenario !== 'hung-resume',
    play,
    ...(scenario === 'late-updates' && {
      afterCancel: (turn: Turn) => {
        for (let i = 0; i < 3; i += 1) turn.say('late ');
      },
    }),
  };
}
