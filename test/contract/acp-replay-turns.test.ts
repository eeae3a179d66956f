import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answering, brief, createRecordings } from './acp-recordings.ts';
import { never, nobody, said, tools } from './agent-rig.ts';

// Recordings of turns that end in other ways than they say, and of agents in other moods than they say.

const { rig, open, prompts, asked } = createRecordings();
const allow = { decision: 'allow_once', feedback: null } as const;
const reject = { decision: 'reject', feedback: null } as const;

/** Modes that omk set, in order. */
const modesSet = (): readonly string[] =>
  [
    ...readFileSync(join(rig.dir, 'transcript.jsonl'), 'utf8').matchAll(
      /"method":"session\/set_mode","params":\{[^}]*"modeId":"(\w+)"/g,
    ),
  ].map((match) => match[1] ?? '');

it('a mode is set again after a resume, whatever the agent says it is in', async () => {
  const { approvals, host } = answering();
  const { results, events } = await prompts('q_mode_after_resume', 2, {
    session: 1,
    extra: { host, resumeSessionId: 'session_81a61110-5aa4-4fad-8a44-97aa67be19f0' },
  });
  expect(modesSet()).toEqual(['default']);
  expect(results.map(({ finalText }) => finalText)).toEqual(['Shell finished.', 'Shell finished.']);
  // The same id of the model twice: two calls, of which the first asked nobody.
  expect(tools(events).map(({ id, exitCode }) => [id, exitCode])).toEqual([
    ['1:call_shell_0_0', 3],
    ['2:call_shell_0_0__2', 3],
  ]);
  expect(approvals.map(({ id }) => id)).toEqual(['2:call_shell_0_0__2']);
});

it('a plan is a question with its own choices, and the mode is set again after it was chosen', async () => {
  const { approvals, questions, host } = answering();
  const { texts, events } = await prompts('g_modes', 7, { extra: { host } });
  expect(texts.slice(-2)).toEqual(['Tried to write.', 'Planning.Plan handled.']);
  expect(approvals).toEqual([]);
  expect(
    questions.map(({ questions: [one] }) => [one?.text, one?.options.map(({ label }) => label)]),
  ).toEqual([[expect.stringContaining('# Plan'), ['Fast', 'Careful', 'Revise', 'Reject and Exit']]]);
  expect(asked()).toEqual([
    ['session/request_permission', '{"outcome":{"outcome":"selected","optionId":"plan_opt_1"}}'],
  ]);
  expect(tools(events).map(({ name, state }) => `${name} ${state}`)).toEqual([
    'Write ok',
    'Bash failed',
    'AskUserQuestion failed',
    'Write failed',
    'Write ok',
    'ExitPlanMode ok',
  ]);
  expect(modesSet()).toEqual(['default']);
});

it('outside a repository writes are asked about, with what they would change', async () => {
  const { approvals, host } = answering([allow, reject]);
  const { events, texts } = await prompts('p_perm_nongit', 2, { extra: { host } });
  expect(texts).toEqual(['I will write a file.Done writing.', 'Edited.']);
  expect(approvals.map(({ tool, command, diff }) => [tool, command, diff])).toEqual([
    ['Write', null, '--- /ws/hello.txt\n+++ /ws/hello.txt\n+line one\n+line two'],
    ['Edit', null, '--- /ws/seed.txt\n+++ /ws/seed.txt\n-alpha\n+ALPHA'],
  ]);
  expect(brief(events)).toEqual(['Write edit ok -', 'Read read ok -', 'Edit edit failed -']);
});

it('turns that fail in silence are told from those that say something, ten in a row', async () => {
  const { results } = await prompts('s_race_wire', 10);
  const hello = ['completed', 'Hello from the fake model'];
  expect(results.map(({ outcome, finalText }) => [outcome, finalText])).toEqual(
    Array.from({ length: 5 }, () => [hello, ['failed', '']]).flat(),
  );
});

it('two sessions of one process are kept apart', async () => {
  const { results, events } = await prompts('u_parallel', 1);
  const words = 'w0 w1 w2 w3 w4 w5 w58 w59';
  expect(results[0]).toMatchObject({ outcome: 'completed', finalText: words });
  expect(said(events)).toBe(words);
});

it('a process that is killed in the middle of a command is a crash, and its call has failed', async () => {
  const { approvals, host } = answering();
  const { results, events } = await prompts('m_robust', 1, { session: 1, extra: { host } });
  expect(results[0]).toMatchObject({ outcome: 'crashed', error: { code: 'process_exit' } });
  expect(approvals.map(({ command }) => command)).toEqual([
    'for i in 1 2 3 4 5 6 7 8 9 10; do echo tick $i; sleep 1; done',
  ]);
  expect(brief(events)).toEqual(['Bash execute failed -']);
  expect((await prompts('m_robust', 1)).texts).toEqual(['Hello from the fake model']);
});

it('a prompt behind a turn of the agent’s own is no success', async () => {
  const { approvals, host } = answering();
  const { results, events } = await prompts('z_auto', 2, { extra: { host } });
  expect(approvals.map(({ command }) => command)).toEqual(['sleep 1; echo bg']);
  expect(results.map(({ outcome, confirmed, finalText }) => [outcome, confirmed, finalText])).toEqual([
    ['completed', false, 'started'],
    ['failed', false, ''],
  ]);
  expect(brief(events)).toEqual(['Bash execute ok 0']);
});

it('work in the background is asked about as such, or forbidden with a reason', async () => {
  const { approvals, host } = answering();
  const { texts } = await prompts('k_background', 1, { extra: { host } });
  expect(texts).toEqual(['Started background job.']);
  expect(approvals[0]).toMatchObject({
    tool: 'Bash',
    command: 'sleep 2; echo bg-done',
    commandComplete: true,
    summary: 'Requesting approval to Starting background: sleep 2; echo bg-done',
  });
  const { events } = await prompts('z_nobg', 1, { extra: { host } });
  expect(tools(events)).toMatchObject([{ state: 'failed', output: 'background forbidden' }]);
  expect(approvals).toHaveLength(1);
});

it('retries that nobody hears of end as they end', async () => {
  expect((await prompts('y_retry10', 1)).results[0]).toMatchObject({
    outcome: 'failed',
    confirmed: false,
    error: { code: 'provider_error' },
    usage: null,
  });
  expect((await prompts('z_retryafter', 1)).results[0]).toMatchObject({
    outcome: 'completed',
    finalText: 'ok after wait',
  });
});

it('a limit of steps looks like an end, and is not confirmed as one', async () => {
  const { results, events } = await prompts('n_steps', 1);
  expect(results[0]).toMatchObject({ outcome: 'completed', confirmed: false, finalText: '' });
  expect(brief(events)).toEqual(['Read read ok -', 'Read read ok -', 'Read read ok -']);
});

it('cancelled words stay said', async () => {
  const { session, events, until, reading } = await open('z_cancelrec');
  const result = session.prompt('go', never());
  await until(() => said(events).endsWith('w4 '));
  await session.cancel('enough');
  expect(await result).toMatchObject({ outcome: 'cancelled', confirmed: true, finalText: 'w0 w1 w2 w3 w4 ' });
  await session.stop();
  await reading;
});

it('a client’s own tools ask for permission like any other', async () => {
  const { approvals, host } = answering();
  const { texts, events } = await prompts('l_mcp', 1, { extra: { host } });
  expect(texts).toEqual(['mcp done']);
  expect(approvals).toMatchObject([{ tool: 'mcp__ext__echo_ext', command: null, paths: [] }]);
  expect(tools(events)).toMatchObject([
    { name: 'mcp__ext__echo_ext', state: 'ok', output: 'echo:hello:yes', exitCode: null },
  ]);
  await prompts('l_mcp', 1, { extra: { host: nobody } });
  expect(asked().map(([, answer]) => answer)).toEqual([
    expect.stringContaining('approve_once'),
    expect.stringContaining('reject'),
  ]);
});

it('megabytes of output are shown as the agent cut them', async () => {
  const { events, texts } = await prompts('z_big', 1, { extra: { host: answering().host } });
  expect(texts).toEqual(['ok']);
  expect(brief(events)).toEqual(['Bash execute ok 0']);
  const output = tools(events)[0]?.output ?? '';
  expect(output.length).toBeLessThan(20_000);
  expect(output).toContain('output_size_bytes: 3000000');
});

it('hooks that block give the call their reason, and others change nothing', async () => {
  const blocked = await prompts('x_hookblock', 1);
  expect(tools(blocked.events)).toMatchObject([
    { name: 'Write', state: 'failed', output: 'blocked-by-runtime' },
  ]);
  const { approvals, host } = answering();
  const { session, events, until, reading } = await open('w_hooks', { extra: { host } });
  const outcomes: string[] = [];
  for (let i = 0; i < 4; i += 1) outcomes.push((await session.prompt('go', never())).outcome);
  expect(outcomes).toEqual(['completed', 'completed', 'failed', 'completed']);
  const last = session.prompt('go', never());
  await until(() => said(events).endsWith('w3 '));
  await session.cancel('enough');
  expect((await last).outcome).toBe('cancelled');
  await session.stop();
  await reading;
  expect(approvals.map(({ command }) => command)).toEqual([
    'echo out-line; echo err-line >&2; exit 3',
    'echo from-subagent',
  ]);
  expect(brief(events).slice(0, 3)).toEqual(['Write edit ok -', 'Bash execute failed 3', 'Agent other ok -']);
});

it('paths are known whichever way a model names them, and whoever serves it', async () => {
  const { events } = await prompts('y_rel', 2);
  expect(tools(events).map(({ paths }) => paths)).toEqual([['/ws/rel/dir/a.txt'], ['/ws/seed.txt']]);
  const other = await prompts('o_openai_provider', 1);
  expect(other.texts).toEqual(['I will write a file.Done writing.']);
  expect(tools(other.events)).toMatchObject([{ name: 'Write', state: 'ok', paths: ['/ws/hello.txt'] }]);
});

it('in a repository of git edits are not asked about, and commands are, whatever was allowed before', async () => {
  const { approvals, host } = answering();
  const edits = await prompts('p_perm_rules_git', 3, { extra: { host } });
  expect(edits.texts).toEqual(['I will write a file.Done writing.', 'Edited.', 'Hello from the fake model']);
  expect(brief(edits.events)).toEqual(['Write edit ok -', 'Read read ok -', 'Edit edit ok -']);
  expect(approvals).toEqual([]);
  const commands = await prompts('x_rules', 3, { extra: { host } });
  expect(commands.texts).toEqual(['x', 'x', 'Edited.']);
  expect(brief(commands.events)).toEqual([
    'Bash execute ok 0',
    'Bash execute ok 0',
    'Read read ok -',
    'Edit edit ok -',
  ]);
  const mixed = await prompts('x_rules2', 2, { extra: { host } });
  expect(brief(mixed.events)).toEqual(['Bash execute ok 0', 'Write edit ok -']);
  expect(approvals.map(({ command }) => command)).toEqual([
    'echo forbidden > f.txt',
    'echo allowed',
    'echo forbidden > f.txt',
  ]);
});

it('an agent whose own configuration asks nobody is told to ask', async () => {
  const { results, events } = await prompts('q_mode_cfg_yolo', 1);
  expect(modesSet()).toEqual(['default']);
  expect(results[0]).toMatchObject({ outcome: 'completed', finalText: 'Shell finished.' });
  expect(brief(events)).toEqual(['Bash execute failed 3']);
});

it.each(['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGKILL', 'stdin-close'])(
  'an agent that ends by %s with a command running has crashed, and the call has failed',
  async (how) => {
    const { approvals, host } = answering();
    const { results, events } = await prompts(`r_orphans_${how}`, 1, { extra: { host } });
    expect(results[0]).toMatchObject({ outcome: 'crashed', error: { code: 'process_exit' } });
    expect(approvals.map(({ command }) => command)).toEqual([expect.stringMatching(/^sleep \d+$/)]);
    expect(brief(events)).toEqual(['Bash execute failed -']);
  },
);

it('what an agent says about itself is not what its model says', async () => {
  const { results, events } = await prompts('v_compact', 2);
  expect(results.map(({ outcome, finalText }) => [outcome, finalText])).toEqual([
    ['completed', 'Hello'],
    ['failed', ''],
  ]);
  expect(said(events)).toBe('Hello');
});
