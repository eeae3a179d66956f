import { expect, it } from 'vitest';
import type { AgentHost } from '../../src/main/runtime/agent-backend.ts';
import { answering, brief, createRecordings } from './acp-recordings.ts';
import { never, nobody, tools } from './agent-rig.ts';

const { open, prompts } = createRecordings();

it('files, commands, plans and refusals of Kimi Code read as they were', async () => {
  const { approvals, host } = answering();
  const { events, texts, results } = await prompts('a_basic_tools', 12, { extra: { host } });
  expect(texts).toEqual([
    'I will write a file.Done writing.',
    'Wrote second.',
    'Shell finished.',
    'Shell ok.',
    'Shell ok.',
    'Edited.',
    'Shell finished.',
    'Shell finished.',
    'Todos updated.',
    'Multi done.',
    'After unknown tool.',
    'After bad args.',
  ]);
  expect(new Set(results.map((result) => result.outcome))).toEqual(new Set(['completed']));
  expect(brief(events)).toEqual([
    'Write edit ok -',
    'Write edit ok -',
    'Bash execute failed 3',
    'Bash execute failed -',
    'Bash execute failed -',
    'Read read ok -',
    'Edit edit ok -',
    'Bash execute failed 3',
    'Bash execute failed 3',
    'TodoList other ok -',
    'TodoList other ok -',
    'Read read ok -',
    'Bash execute ok 0',
    'NoSuchTool other failed -',
    'Write edit failed -',
  ]);
  expect(tools(events)[0]?.paths).toEqual(['/ws/hello.txt']);
  expect(approvals.map((request) => request.command)).toEqual([
    'echo out-line; echo err-line >&2; exit 3',
    'pwd && ls',
    'pwd && ls',
    'echo out-line; echo err-line >&2; exit 3',
    'echo two',
  ]);
  expect(events.findLast((event) => event.type === 'plan')?.items).toEqual([
    { title: 'First', status: 'done' },
    { title: 'Second', status: 'in_progress' },
  ]);
  expect(events.find((event) => event.type === 'context')).toEqual({
    type: 'context',
    used: 2_110,
    max: 131_072,
  });
});

it('a long command is shown whole although the request cuts it off', async () => {
  const { approvals, host } = answering();
  await prompts('z_longcmd', 1, { extra: { host } });
  expect(approvals[0]?.summary).toMatch(/…$/);
  expect(approvals[0]?.command?.length).toBeGreaterThan(400);
  expect(approvals[0]?.commandComplete).toBe(true);
});

it("a sub-agent's request is accepted although its call was never announced", async () => {
  const { approvals, host } = answering();
  const { texts } = await prompts('j_subagent', 1, { extra: { host } });
  expect(approvals).toMatchObject([{ tool: 'Bash', command: 'echo from-subagent', commandComplete: true }]);
  expect(texts).toEqual(['Subagent done.']);
});

it('forms ask every question, permissions only the first', async () => {
  const { questions, host } = answering();
  await prompts('d_question_elicit', 1, { extra: { host } });
  expect(
    questions[0]?.questions.map(({ text, options, multiSelect }) => [text, options.length, multiSelect]),
  ).toEqual([
    ['Which language should I use?', 2, false],
    ['Which features?', 2, true],
  ]);
  const old = answering();
  const { texts } = await prompts('d_question', 3, { extra: { host: old.host } });
  expect(old.questions.map((question) => question.questions.length)).toEqual([1, 1, 1]);
  expect(texts).toHaveLength(3);
});

it('cancelling ends streams and commands, and the next prompt works', async () => {
  const { host } = answering();
  const { session, events, until, reading } = await open('e_cancel', { extra: { host } });
  const streaming = session.prompt('one', never());
  await until(() => events.some((event) => event.type === 'text'));
  await session.cancel('enough');
  expect(await streaming).toMatchObject({ outcome: 'cancelled', confirmed: true });
  const shell = session.prompt('two', never());
  await until(() =>
    tools(events).some((tool) => tool.state === 'running' && tool.command?.startsWith('for i') === true),
  );
  await session.cancel('enough');
  expect((await shell).outcome).toBe('cancelled');
  expect(await session.prompt('three', never())).toMatchObject({ outcome: 'completed' });
  await session.stop();
  await reading;
  expect(tools(events).map((tool) => tool.state)).toEqual(['failed', 'ok']);
});

it('cancelling while a person is asked closes the call that nobody else ends', async () => {
  let asked: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const host: AgentHost = {
    ...nobody,
    approve: () => {
      asked();
      return new Promise(() => undefined);
    },
  };
  const { session, events, reading } = await open('x_permcancel', { extra: { host } });
  const result = session.prompt('go', never());
  await isAsked;
  await session.cancel('enough');
  expect((await result).outcome).toBe('cancelled');
  await session.stop();
  await reading;
  expect(tools(events).map((tool) => tool.state)).toEqual(['failed']);
});

it('model failures that look like success are no success, whatever notices come with them', async () => {
  const outcome = async (session: number): Promise<string> => {
    const { results } = await prompts('h_errors', 1, { session });
    return `${results[0]?.outcome} ${results[0]?.error?.code ?? '-'}`;
  };
  expect(await outcome(0)).toBe('failed provider_error');
  expect(await outcome(1)).toBe('completed -');
  expect(await outcome(4)).toBe('failed auth_required');
  // Context too long: eighteen notices of compaction in the place of model speech.
  expect(await outcome(6)).toBe('failed provider_error');
  expect(await outcome(10)).toBe('refused filtered');
});

it('history that is told again when a session is loaded is no part of the next turn', async () => {
  const { texts, events } = await prompts('f_resume', 1, {
    session: 1,
    extra: { resumeSessionId: 'session_91e046d5-e22a-4bc8-987f-a5366574e44b' },
  });
  expect(texts).toEqual(['Second turn after resume.']);
  expect(tools(events)).toEqual([]);
});

it('nobody signed in is told as such', async () => {
  await expect(open('i_noauth')).rejects.toThrow('auth_required');
});

it('Qwen Code tells tokens on chunks, calls in requests, and exit codes in words', async () => {
  const { approvals, host } = answering();
  const { events, results } = await prompts('qwen', 3, { quirks: 'qwen-code', extra: { host } });
  expect(results.map((result) => [result.finalText, result.usage?.input, result.usage?.output])).toEqual([
    ['Hello from fake', 1_000, 20],
    ['WritingDone', 2_010, 40],
    ['ran', 2_010, 40],
  ]);
  expect(brief(events)).toEqual(['write_file edit ok -', 'run_shell_command execute failed 3']);
  expect(approvals[0]).toMatchObject({ paths: ['/ws/q.txt'], diff: '--- /ws/q.txt\n+++ /ws/q.txt\n+q' });
  expect(approvals[1]).toMatchObject({ command: 'echo hi; exit 3', commandComplete: true });
});

it('Qwen Code since 0.24 has omk write for it, asks omk about itself, and uses an id twice', async () => {
  const { approvals, host } = answering();
  const { events, results } = await prompts('qwen-0.24', 4, { quirks: 'qwen-code', extra: { host } });
  expect(results.map((result) => [result.finalText, result.usage?.input, result.usage?.output])).toEqual([
    ['Hello wörld', 1_000, 7],
    ['Writing. Done.', 2_000, 40],
    ['ran', 2_000, 40],
    ['ran', 2_000, 40],
  ]);
  expect(brief(events).map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'edit ok -',
    'execute failed 3',
    'execute failed -',
  ]);
  expect(approvals.map(({ command }) => command)).toContain('touch ran.txt; echo out; exit 3');
});
