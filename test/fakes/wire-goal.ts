import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forever, mayI, step } from './wire-plays.ts';
import type { Play } from './wire-plays.ts';
import type { Turn } from './wire-protocol.ts';

const file = 'src/money.js';
const halves = [
  ["toLocaleString('en-US')}.${rest}`", "toLocaleString('en-US')}.${String(rest).padStart(2, '0')}`"],
  ['Number(rest))', "Number(rest.padEnd(2, '0')))"],
] as const;

/** One edit as kimi-cli makes it: arguments, the question, the result. `false`: it was refused. */
async function edit(turn: Turn, [before, after]: (typeof halves)[number], id: string): Promise<boolean> {
  const path = join(process.cwd(), file);
  const display = [
    { type: 'diff', path, old_text: before, new_text: after, old_start: 1, new_start: 1, is_summary: false },
  ];
  turn.call(id, 'StrReplaceFile', { path: file, edit: { old: before, new: after } });
  const { allowed, feedback } = await mayI(turn, {
    tool_call_id: id,
    sender: 'StrReplaceFile',
    action: 'edit file',
    description: `Edit file \`${path}\``,
    display,
  });
  if (allowed) writeFileSync(path, readFileSync(path, 'utf8').replace(before, after));
  turn.result(id, { isError: !allowed, message: allowed ? 'File edited.' : feedback, display });
  return allowed;
}

async function test(turn: Turn, id: string): Promise<void> {
  const command = 'node --test';
  turn.call(id, 'Shell', { command });
  const { allowed, feedback } = await mayI(turn, {
    tool_call_id: id,
    sender: 'Shell',
    action: 'run command',
    description: `Run command \`${command}\``,
    display: [{ type: 'shell', language: 'bash', command }],
  });
  const ran = allowed ? spawnSync('node', ['--test'], { encoding: 'utf8' }) : null;
  const message = ran?.status === 0 ? 'Command executed successfully.' : 'Command failed with exit code: 1.';
  turn.result(id, {
    isError: ran?.status !== 0,
    output: ran?.stdout ?? '',
    message: allowed ? message : feedback,
  });
}

/** The sample's two bugs, fixed and tested, at a price of 3,000 in, 300 out and 2,000 read again. */
const honest: Play = async (turn) => {
  step(turn, 1);
  for (const [index, half] of halves.entries()) await edit(turn, half, `call_edit_${turn.before}_${index}`);
  turn.usage(`chatcmpl-${turn.before}-0`, [2_000, 200, 0]);
  await test(turn, `call_test_${turn.before}`);
  step(turn, 2);
  turn.say('Both functions pad the cents now.');
  turn.usage(`chatcmpl-${turn.before}-1`, [1_000, 100, 2_000]);
};

export const goalPlays: Readonly<Record<string, Play>> = {
  'goal-honest': honest,
  /** Its first process dies when half of the work is done; what it reported by then is owed. */
  'goal-killed': async (turn) => {
    if (turn.before > 0) return honest(turn);
    step(turn, 1);
    await edit(turn, halves[0], 'call_edit_first');
    turn.usage('chatcmpl-first', [500, 50, 0]);
    await turn.raw('');
    process.kill(process.pid, 'SIGKILL');
    return forever();
  },
};
