import { expect, test } from 'vitest';
import type { Approvals, Question } from '../../../shared/goal/vocabulary.ts';
import { Question as QuestionSchema } from '../../../shared/goal/vocabulary.ts';
import type { ApprovalRequest } from '../agent-backend.ts';
import type { Answer } from '../performer.ts';
import { digestOf } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import { createApprovals } from './approvals.ts';

type Asked = Omit<Question, 'digest'>;

/** An attempt whose questions are answered by the test, one after the other. */
function attempt(policy: Approvals = 'auto', confined = false) {
  const world = openGoal().driveTo('agent');
  const { attemptId } = world.begin();
  const asked: Asked[] = [];
  const answers: ((answer: Answer | null) => void)[] = [];
  const approve = createApprovals({
    goal: world.goal,
    attemptId,
    policy,
    boundary: () => ({ workDir: '/w', privateDirs: ['/p'], confined, writeSet: ['project files'] }),
    asker: { agentName: 'demo', parkAfterMs: 600_000 },
    put(question, signal) {
      QuestionSchema.parse({ ...question, digest: digestOf('x') });
      asked.push(question);
      return new Promise((resolve) => {
        answers.push(resolve);
        signal.addEventListener('abort', () => resolve(null));
      });
    },
    pause: async () => {
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
  });
  const request = (o: Partial<ApprovalRequest>, signal = new AbortController().signal) =>
    approve(
      {
        id: '1',
        tool: 'Bash',
        summary: 'Running it',
        command: null,
        commandComplete: true,
        paths: [],
        diff: null,
        subagent: null,
        ...o,
      },
      signal,
    );
  const run = (command: string, signal?: AbortSignal) =>
    request({ command }, signal).then((one) => one.decision);
  const settled = () => new Promise((resolve) => setTimeout(resolve, 1));
  const answer = async (choice: string | null) => {
    await settled();
    answers.shift()?.(choice === null ? null : { choice, text: null });
    await settled();
  };
  return { asked, answer, run, request, settled };
}

test('two hundred requests at once are one question that lists them with counts', async () => {
  const { asked, answer, run } = attempt();
  const all = Promise.all(Array.from({ length: 200 }, (_, index) => run(`make part-${index % 50}`)));
  await answer('once');
  expect(new Set(await all)).toEqual(new Set(['allow_once']));
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    title: 'Let demo run 200 commands?',
    defaultChoice: 'never',
    blocks: 'attempt',
    choices: [{ id: 'once' }, { id: 'goal' }, { id: 'never' }],
  });
  expect(asked[0]?.acts).toHaveLength(50);
  expect(asked[0]?.acts?.[0]).toEqual({ kind: 'command', text: 'make part-0', times: 4 });
  expect(asked[0]?.subject?.split('\n')[49]).toBe('4 × make part-49');
  expect(asked[0]?.costOfWaiting).toContain('After 10m');
});

test('what is asked while a question is open waits, and is decided by its answer or asked together', async () => {
  const { asked, answer, run, settled } = attempt();
  const first = run('npm test');
  await settled();
  const later = [run('npm test -- -u'), run('npm test x'), run('make'), run('make install')];
  await settled();
  expect(asked).toHaveLength(1);
  await answer('rule');
  expect(await Promise.all([first, later[0], later[1]])).toEqual(['allow_once', 'allow_once', 'allow_once']);
  expect(asked.map((one) => one.title)).toEqual(['Let demo run a command?', 'Let demo run 2 commands?']);
  await answer('never');
  expect(await Promise.all([later[2], later[3]])).toEqual(['reject', 'reject']);
  expect(await run('make')).toBe('reject');
  expect(asked).toHaveLength(2);
});

test('once is once: the same request of the same attempt asks again', async () => {
  const { asked, answer, run } = attempt();
  for (let times = 0; times < 2; times += 1) {
    const asking = run('make');
    await answer('once');
    expect(await asking).toBe('allow_once');
  }
  expect(asked).toHaveLength(2);
});

test('for this goal is exactly what was shown, of every act that was shown', async () => {
  const { asked, answer, run } = attempt();
  const both = Promise.all([run('make a'), run('make b')]);
  await answer('goal');
  expect(await both).toEqual(['allow_once', 'allow_once']);
  expect(await Promise.all([run('make a'), run('make b')])).toEqual(['allow_once', 'allow_once']);
  const other = run('make c');
  await answer(null);
  expect(await other).toBe('reject');
  expect(asked).toHaveLength(2);
});

test('a question says no more than can be read: the rest comes in the next one, and what cannot be shown whole alone', async () => {
  const { asked, answer, run } = attempt();
  const long = (letter: string): string => `echo ${letter.repeat(3_500)}`;
  const huge = `echo ${'z'.repeat(30_000)}`;
  const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((letter) => run(long(letter))).concat(run(huge)));
  for (let times = 0; times < 3; times += 1) await answer('once');
  expect(new Set(await all)).toEqual(new Set(['allow_once']));
  expect(asked.map((one) => one.acts?.length ?? 0)).toEqual([3, 2, 0]);
  expect(asked[2]?.choices.map((one) => one.id)).toEqual(['once', 'never']);
});

test('a rule is offered only where one can be told from the command', async () => {
  const { asked, answer, run } = attempt();
  for (const command of ['npm test -- a', 'npm test && rm -rf x']) {
    const asking = run(command);
    await answer('once');
    await asking;
  }
  expect(asked[0]?.rule).toEqual(['npm', 'test']);
  expect(asked[0]?.choices.map((one) => one.label)).toContain('Every `npm test …`');
  expect(asked[1]?.rule).toBeUndefined();
  expect(asked[1]?.choices.map((one) => one.id)).not.toContain('rule');
});

test('read-only refuses with a reason and asks nobody', async () => {
  const { asked, request } = attempt('never', true);
  const refused = await request({ command: 'make' });
  expect(refused).toMatchObject({ decision: 'reject', feedback: expect.stringContaining('read-only') });
  expect((await request({ paths: ['/w/a'] })).decision).toBe('reject');
  expect(asked).toEqual([]);
});

test('manual asks before every command even where the system confines it', async () => {
  const { asked, answer, run, request } = attempt('manual', true);
  expect((await request({ paths: ['/w/a'] })).decision).toBe('allow_once');
  const asking = run('make');
  await answer('once');
  expect(await asking).toBe('allow_once');
  expect(asked[0]?.context).toContain('asks before every command');
});

test('files and commands that come together are told apart', async () => {
  const { asked, answer, run, request } = attempt();
  const write = request({ paths: ['/etc/hosts'], diff: '+x' });
  const both = Promise.all([write, run('make')]);
  await answer('never');
  expect((await both)[1]).toBe('reject');
  expect(asked[0]?.title).toBe('Let demo run a command and change a file outside its folder?');
  expect(asked[0]?.subject).toBe('write /etc/hosts\n+x\nmake');
});

test('a request that was withdrawn is not asked about, and a question nobody waits for is left', async () => {
  const { asked, answer, run, settled } = attempt();
  const gone = new AbortController();
  const first = run('make');
  await settled();
  const second = run('make install', gone.signal);
  gone.abort();
  await answer('once');
  expect(await first).toBe('allow_once');
  expect(await second).toBe('reject');
  expect(asked).toHaveLength(1);
  const leaving = new AbortController();
  const third = run('make check', leaving.signal);
  await settled();
  leaving.abort();
  expect(await third).toBe('reject');
});

test('a protected file is refused once with the reason; who insists is judged by what comes of it', async () => {
  const { asked, request } = attempt();
  const first = await request({ paths: ['/w/.npmrc'], byHost: true });
  expect(first).toMatchObject({
    decision: 'reject',
    feedback: expect.stringContaining('a person will decide'),
  });
  expect(await request({ paths: ['/w/.envrc'] })).toMatchObject({ decision: 'reject' });
  expect(await request({ paths: ['/w/.npmrc'], byHost: true })).toMatchObject({ decision: 'allow_once' });
  for (let tries = 0; tries < 2; tries += 1)
    expect(await request({ paths: ['/w/.omk/gates.toml'] })).toMatchObject({ decision: 'reject' });
  expect(asked).toEqual([]);
});
