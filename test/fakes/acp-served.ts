import { symlinkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Agent, Answer, Message, Turn } from './acp-protocol.ts';
import { pause, text, tick } from './acp-scenarios.ts';

/** What an agent has its client do: files and commands. Each says the answers, one JSON text a line. */

const say = (turn: Turn, answer: Answer): void =>
  turn.say(`${JSON.stringify(answer.error ?? answer.result ?? {})}\n`);

const read = (turn: Turn, path: string, more: Message = {}) =>
  turn.ask('fs/read_text_file', { path, ...more });
const write = (turn: Turn, path: string, content: string) =>
  turn.ask('fs/write_text_file', { path, content });
const terminal = (turn: Turn, method: string, terminalId: string) =>
  turn.ask(`terminal/${method}`, { terminalId });

async function start(turn: Turn, line: string, more: Message = {}): Promise<string> {
  const answer = await turn.ask('terminal/create', {
    command: '/bin/sh',
    args: ['-c', `cd '${process.cwd()}' && ${line}`],
    env: [{ name: 'NO_COLOR', value: '1' }],
    cwd: process.cwd(),
    outputByteLimit: 1_000,
    ...more,
  });
  if (answer.error !== undefined) say(turn, answer);
  const id = answer.result?.['terminalId'];
  return typeof id === 'string' ? id : '';
}

/** As Kimi Code runs a command: the call, its terminal, its end. */
async function run(turn: Turn, id: string, line: string): Promise<void> {
  const call = turn.call(id, 'Bash', 'execute', { command: line });
  const terminalId = await start(turn, line);
  const content = [{ type: 'terminal', terminalId }];
  turn.update({ sessionUpdate: 'tool_call_update', toolCallId: call, content });
  const ended = await terminal(turn, 'wait_for_exit', terminalId);
  say(turn, await terminal(turn, 'output', terminalId));
  await terminal(turn, 'release', terminalId);
  const status = ended.result?.['exitCode'] === 0 ? 'completed' : 'failed';
  turn.update({ sessionUpdate: 'tool_call_update', toolCallId: call, status, content });
}

/** Asks permission as Kimi Code does: the call first, then a sentence about it. */
async function mayDo(turn: Turn, call: string, title: string, words: string): Promise<void> {
  const asked = await turn.ask('session/request_permission', {
    options: [
      { optionId: 'approve_once', name: 'Approve once', kind: 'allow_once' },
      { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
    ],
    toolCall: { toolCallId: call, title, content: text(`Requesting approval to ${words}`) },
  });
  say(turn, asked);
}

const mayWrite = (turn: Turn, id: string, args: { readonly path: string; readonly content?: string }) =>
  mayDo(turn, turn.call(id, 'Write', 'edit', args), 'Write', `Writing ${args.path}`);

const plays: Readonly<Record<string, Agent['play']>> = {
  'serves-files': async (turn) => {
    say(turn, await write(turn, 'deep/new/a.txt', 'one\r\ntwo\nthree'));
    say(turn, await read(turn, `${process.cwd()}/deep/../deep/new/a.txt`));
    say(turn, await read(turn, 'deep/new/a.txt', { line: 2, limit: 1 }));
    say(turn, await read(turn, 'deep/new/a.txt', { line: 9 }));
    say(turn, await read(turn, 'nowhere.txt'));
    say(turn, await read(turn, 'deep'));
    writeFileSync('latin.txt', Buffer.from([0x66, 0xfc, 0x72]));
    say(turn, await read(turn, 'latin.txt'));
  },
  climbs: async (turn) => {
    say(turn, await read(turn, '../user/secret.txt'));
    say(turn, await write(turn, '../user/made.txt', 'x'));
    say(turn, await write(turn, `${process.cwd()}/../user/made.txt`, 'x'));
  },
  'symlink-escape': async (turn) => {
    symlinkSync('../user', 'folder');
    symlinkSync('../user/secret.txt', 'file.txt');
    symlinkSync('../user/none.txt', 'dangling.txt');
    for (const path of ['folder/secret.txt', 'file.txt']) say(turn, await read(turn, path));
    for (const path of ['folder/made.txt', 'file.txt', 'dangling.txt'])
      say(turn, await write(turn, path, 'x'));
  },
  'git-internals': async (turn) => {
    for (const path of ['.git/hooks/pre-commit', '.GIT/config', 'sub/.git/config'])
      say(turn, await write(turn, path, 'x'));
  },
  'writes-outside': async (turn) =>
    say(turn, await write(turn, `${process.cwd()}/../user/made.txt`, 'new\n')),
  runs: async (turn) => {
    await run(turn, 'call_a', 'echo out; echo err >&2; echo more; exit 3');
    await run(turn, 'call_b', 'kill -KILL $$');
    say(turn, await terminal(turn, 'output', 'term-99'));
  },
  'terminal-quota': async (turn) => {
    await run(turn, 'call_a', `yes '日本' | head -c 300006; printf 'the end'`);
  },
  'polls-long-output': async (turn) => {
    const id = await start(turn, 'head -c 200000 /dev/zero | tr "\\0" x; sleep 1000', {
      outputByteLimit: 1_000_000,
    });
    const output = async () => String((await terminal(turn, 'output', id)).result?.['output']);
    while ((await output()).length < 200_000) await pause(20);
    let times = 0;
    for (; times < 50; times += 1) await output();
    turn.say(`${(await output()).length} characters, ${times} times`);
  },
  'says-slowly': async (turn) => {
    const line = 'echo one; sleep 1000';
    const call = turn.call('call_a', 'Bash', 'execute', { command: line });
    const content = [{ type: 'terminal', terminalId: await start(turn, line) }];
    turn.update({ sessionUpdate: 'tool_call_update', toolCallId: call, content });
    return new Promise(() => undefined);
  },
  'many-commands': async (turn) => {
    const ids = await Promise.all(
      Array.from({ length: 200 }, (_, part) =>
        turn.ask('terminal/create', { command: 'true', args: [`part-${part}`] }),
      ),
    );
    const ran = ids.map((one) => one.result?.['terminalId']).filter((id) => typeof id === 'string');
    await Promise.all(ran.map((id) => terminal(turn, 'wait_for_exit', id)));
    turn.say(`${ran.length} ran, ${ids.filter((one) => one.error?.['code'] === -32010).length} refused`);
  },
  'terminal-kill': async (turn) => {
    const id = await start(turn, 'echo begun; exec sleep 1000');
    while (((await terminal(turn, 'output', id)).result?.['output'] ?? '') === '') await pause(20);
    say(turn, await terminal(turn, 'kill', id));
    say(turn, await terminal(turn, 'wait_for_exit', id));
    say(turn, await terminal(turn, 'output', id));
    say(turn, await terminal(turn, 'release', id));
    say(turn, await terminal(turn, 'output', id));
  },
  /** A command that never ends, one that leaves something behind, and an end of the turn that waits for neither. */
  'leaves-running': async (turn) => {
    const left = await start(turn, 'sleep 1000 & setsid sleep 1000 & echo left');
    await terminal(turn, 'wait_for_exit', left);
    await start(turn, 'trap "" TERM; sleep 1000; sleep 1000');
    turn.say('done');
  },
  'runs-until-cancelled': async (turn) => {
    await start(turn, 'sleep 1000');
    return tick(turn);
  },
  /** Asks for permission first and has it done then, as Kimi Code does; then has something else done. */
  'asks-then-runs': async (turn) => {
    const command = 'touch made-by-command.txt';
    const id = turn.call('call_shell_0', 'Bash', 'execute', { command });
    await mayDo(turn, id, 'Bash', `Running: ${command}`);
    await terminal(turn, 'wait_for_exit', await start(turn, command));
    await start(turn, `${command} another.txt`);
  },
  /** Asks permission for a file outside and has it written then; asks for the same again and has something else written. */
  'asks-then-writes': async (turn) => {
    const path = '../user/made.txt';
    for (const [index, content] of ['harmless\n', 'something else\n'].entries()) {
      await mayWrite(turn, `call_write_${index}`, { path, content: 'harmless\n' });
      say(turn, await write(turn, path, content));
    }
  },
  /** Names a file outside when it asks for permission, and only later what it wants written there. */
  'asks-for-a-path': async (turn) => {
    const path = '../user/made.txt';
    await mayWrite(turn, 'call_write_0', { path });
    say(turn, await write(turn, path, 'something else\n'));
  },
  /** 200 requests at once, with option ids and an order of its own. */
  'many-permissions': async (turn) => {
    const asked = Array.from({ length: 200 }, (_, index) =>
      turn.ask('session/request_permission', {
        options: [
          { optionId: `no-${index}`, name: 'No', kind: 'reject_once' },
          { optionId: `yes-${index}`, name: 'Yes', kind: 'allow_once' },
        ],
        toolCall: {
          toolCallId: `foreign_${index}`,
          title: 'run_shell',
          kind: 'execute',
          rawInput: { command: `make part-${index % 50}` },
        },
      }),
    );
    const answers = await Promise.all(asked);
    const chosen = answers.map(
      (one) => (one.result?.['outcome'] as { optionId?: string } | undefined)?.optionId,
    );
    const right = chosen.filter((id, index) => id === `yes-${index}` || id === `no-${index}`).length;
    turn.say(`${right} answers, ${chosen.filter((id) => id?.startsWith('yes')).length} allowed`);
  },
  /** Has a file written by a command that swaps the folder for a link again and again meanwhile. */
  'races-links': async (turn) => {
    mkdirSync('real');
    const id = await start(
      turn,
      'i=0; while [ $i -lt 400 ]; do mv real kept; ln -s ../user real; rm real; mv kept real; i=$((i+1)); done',
    );
    let written = 0;
    for (let n = 0; n < 200; n += 1) {
      const answer = await write(turn, `real/made-${n}.txt`, 'x');
      if (answer.error === undefined) written += 1;
    }
    await terminal(turn, 'wait_for_exit', id);
    turn.say(`${written} written`);
  },
};

export const served: Readonly<Record<string, Agent>> = {
  ...Object.fromEntries(Object.entries(plays).map(([name, play]) => [name, { play }])),
  /** Has something done when nobody has asked it for anything. */
  'runs-late': {
    play: async (turn) => turn.say('done'),
    afterTurn: (turn) => {
      rmSync('late.txt', { force: true });
      void (async () => {
        say(turn, await write(turn, 'late.txt', 'x'));
        await start(turn, 'touch late.txt');
        turn.say('over');
      })();
    },
  },
};
