import { writeFileSync } from 'node:fs';
import type { Ending, Turn } from './wire-protocol.ts';

/** Pieces that several scenarios share. */
export type Play = (turn: Turn) => Promise<Ending | void>;

export const forever = (): Promise<never> => new Promise(() => undefined);
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const step = (turn: Turn, n: number): void => turn.event('StepBegin', { n });

export async function tick(turn: Turn): Promise<never> {
  while (!turn.cancelled.aborted) {
    turn.say('tick ');
    await pause(20);
  }
  return forever();
}

/** A model call that fails for good, as the real server reports it. */
export const modelError =
  (status: number, message: string, code = -32003): Play =>
  async (turn) => {
    step(turn, 1);
    turn.event('StepRetry', {
      n: 1,
      next_attempt: 2,
      max_attempts: 2,
      wait_s: 0.01,
      error_type: 'APIStatusError',
      status_code: status,
    });
    turn.event('StepInterrupted', {});
    return { code, message: `Error code: ${status} - {'error': {'message': '${message}'}}` };
  };

export const happy: Play = async (turn) => {
  const t = turn.number;
  step(turn, 1);
  turn.think('hmm ');
  turn.think('ok');
  turn.say('Hel');
  turn.say('lo ');
  turn.call(`call_write_${t}`, 'WriteFile', { path: 'made.txt', content: 'made\n' });
  turn.call(`call_shell_${t}`, 'Shell', { command: 'echo hi', timeout: 60 });
  writeFileSync('made.txt', 'made\n');
  turn.result(`call_write_${t}`, {
    message: 'File successfully written.',
    display: [
      {
        type: 'diff',
        path: `${process.cwd()}/made.txt`,
        old_text: '',
        new_text: 'made',
        old_start: 1,
        new_start: 1,
        is_summary: false,
      },
    ],
  });
  // Not ordered against the results of its step: the real server sends it before, between and after.
  turn.usage(`chatcmpl-${t}-0`, [200, 12, 1000]);
  turn.result(`call_shell_${t}`, { output: 'hi\n', message: 'Command executed successfully.' });
  step(turn, 2);
  turn.say('für 日本');
  turn.usage(`chatcmpl-${t}-1`, [50, 8, 0]);
};

type Approved = { readonly allowed: boolean; readonly feedback: string };

export const approval = (turn: Turn): Promise<Approved> =>
  mayI(turn, {
    tool_call_id: 'call_touch',
    sender: 'Shell',
    action: 'run command',
    description: 'Run command `touch approved.txt`',
    display: [{ type: 'shell', language: 'bash', command: 'touch approved.txt' }],
  });

export const mayI = (turn: Turn, what: Readonly<Record<string, unknown>>): Promise<Approved> =>
  turn
    .ask('ApprovalRequest', {
      source_kind: 'foreground_turn',
      source_id: 'turn-1',
      agent_id: null,
      subagent_type: null,
      source_description: null,
      ...what,
    })
    .then(({ result }) => ({
      allowed: result?.['response'] === 'approve' || result?.['response'] === 'approve_for_session',
      feedback: typeof result?.['feedback'] === 'string' ? result['feedback'] : '',
    }));
