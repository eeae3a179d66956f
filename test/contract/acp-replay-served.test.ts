import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answering, brief, createRecordings } from './acp-recordings.ts';
import { never, nobody, running, tools } from './agent-rig.ts';

// Recordings in which the client reads, writes and runs for the agent: here omk does, and really.

const { rig, open, prompts, asked } = createRecordings();
const allow = { decision: 'allow_once', feedback: null } as const;
const inWork = (path: string): string => join(rig.dir, 'work', path);

it('files are read and written for the agent, and what is not there is said to be missing', async () => {
  const { host } = answering();
  const { session, events, reading } = await open('b_fs_client', { extra: { host } });
  writeFileSync(inWork('seed.txt'), 'alpha\nbeta\n');
  expect((await session.prompt('go', never())).finalText).toBe('I will write a file.Done writing.');
  expect((await session.prompt('go', never())).finalText).toBe('Edited.');
  await session.stop();
  await reading;
  expect(brief(events)).toEqual(['Write edit ok -', 'Read read ok -', 'Edit edit ok -']);
  expect(tools(events).map(({ paths }) => paths)).toEqual([
    ['/ws/hello.txt'],
    ['/ws/seed.txt'],
    ['/ws/seed.txt'],
  ]);
  expect(readFileSync(inWork('hello.txt'), 'utf8')).toBe('line one\nline two\n');
  expect(readFileSync(inWork('seed.txt'), 'utf8')).toBe('ALPHA\nbeta\n');
  const answers = asked();
  // Kimi Code looks for instructions beside every file it touches: missing is an answer of its own, not a failure.
  expect(answers.filter(([, answer]) => answer.startsWith('-32002'))).toHaveLength(9);
  expect(answers.filter(([, answer]) => !answer.startsWith('-32002'))).toEqual([
    ['fs/write_text_file', '{}'],
    ['fs/read_text_file', '{"content":"alpha\\nbeta\\n"}'],
    ['fs/read_text_file', '{"content":"alpha\\nbeta\\n"}'],
    ['fs/write_text_file', '{}'],
  ]);
});

it('commands are run for the agent, with their output and exit code, and end when the turn is cancelled', async () => {
  const { approvals, host } = answering();
  const { session, events, until, reading } = await open('c_terminal_client', { extra: { host } });
  expect((await session.prompt('go', never())).finalText).toBe('Shell finished.');
  expect((await session.prompt('go', never())).finalText).toBe('Shell ok.');
  const slow = session.prompt('go', never());
  await until(() => tools(events).some(({ output }) => output?.startsWith('tick 1') === true));
  await session.cancel('enough');
  expect(await slow).toMatchObject({ outcome: 'cancelled', confirmed: true });
  await session.stop();
  await reading;
  expect(brief(events).slice(0, 2)).toEqual(['Bash execute failed 3', 'Bash execute ok 0']);
  expect(tools(events).map(({ state, output }) => [state, output?.split('\n')[0]])).toEqual([
    ['failed', 'out-line'],
    ['ok', join(rig.dir, 'work')],
    ['failed', 'tick 1'],
  ]);
  // Each was asked about once, as a permission; what came to be run was recognised.
  expect(approvals.map(({ command }) => command)).toEqual([
    'echo out-line; echo err-line >&2; exit 3',
    'pwd && ls',
    'for i in 1 2 3 4 5 6 7 8 9 10; do echo tick $i; sleep 1; done',
  ]);
  expect(rig.ours()).toEqual([]);
});

it('a write that is refused fails with the reason, and the turn goes on', async () => {
  const reason = 'This is not what was asked for.';
  const { approvals, host } = answering([
    { decision: 'reject', feedback: reason },
    allow,
    allow,
    { decision: 'reject', feedback: reason },
  ]);
  const { results, events } = await prompts('y_fsreject', 3, { extra: { host } });
  expect(results.map(({ outcome, finalText }) => [outcome, finalText])).toEqual([
    ['completed', 'I will write a file.Done writing.'],
    ['completed', 'ok'],
    ['completed', 'ok'],
  ]);
  expect(brief(events)).toEqual(['Write edit failed -', 'Bash execute ok 0', 'Write edit failed -']);
  expect(existsSync(inWork('hello.txt'))).toBe(false);
  expect(asked().filter(([method]) => method === 'fs/write_text_file')).toEqual([
    ['fs/write_text_file', `-32010 ${reason}`],
    ['fs/write_text_file', `-32010 ${reason}`],
  ]);
  // Beside the worktree, and named as such.
  expect(approvals.at(-1)?.paths).toEqual([`${join(rig.dir, 'work')}.txt`]);
});

it('what a command leaves in the background ends with the turn, and late questions about it are answered', async () => {
  const { host } = answering();
  const { session, reading } = await open('z_termbg', { extra: { host } });
  expect(await session.prompt('go', never())).toMatchObject({
    outcome: 'completed',
    finalText: 'Started background job.',
  });
  expect(running('sleep\u00002').filter((line) => line.includes(rig.dir))).toEqual([]);
  await expect.poll(() => asked().at(-1)?.[0], { timeout: 30_000 }).toBe('terminal/release');
  await session.stop();
  await reading;
  const exit = asked().find(([method]) => method === 'terminal/wait_for_exit')?.[1];
  expect(JSON.parse(exit ?? '')).toMatchObject({ exitCode: null, signal: expect.stringMatching(/^SIG/) });
});

it('a command is refused also where the agent asks for nothing, and a sub-agent has its own allowed', async () => {
  const { approvals, host } = answering([{ decision: 'reject', feedback: 'Not here.' }]);
  const { events, texts } = await prompts('z_termdeny', 2, { extra: { host, mode: 'yolo' } });
  expect(texts).toEqual(['Shell finished.', 'Subagent done.']);
  expect(brief(events)).toEqual(['Bash execute failed -', 'Agent other ok -']);
  expect(approvals.map(({ command, paths, byHost }) => [command, paths, byHost])).toEqual([
    ['echo out-line; echo err-line >&2; exit 3', [], true],
    ['echo from-subagent', [], true],
    [null, [inWork('sub.txt')], true],
  ]);
  expect(readFileSync(inWork('sub.txt'), 'utf8')).toBe('x');
  const answers = asked();
  expect(answers[0]).toEqual(['terminal/create', '-32010 Not here.']);
  expect(answers.find(([method]) => method === 'terminal/output')?.[1]).toContain('from-subagent\\n');
});

it('a host that fails has allowed nothing', async () => {
  const host = { ...nobody, approve: () => Promise.reject(new Error('no window')) };
  const { results, events } = await prompts('x_permerr', 1, { extra: { host } });
  expect(results[0]).toMatchObject({ outcome: 'completed', finalText: 'Shell finished.' });
  expect(brief(events)).toEqual(['Bash execute failed -']);
  expect(asked()).toEqual([
    ['session/request_permission', '{"outcome":{"outcome":"selected","optionId":"reject"}}'],
  ]);
});
