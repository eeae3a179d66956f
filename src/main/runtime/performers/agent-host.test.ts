import { expect, test } from 'vitest';
import type { Attempt } from '../../../shared/goal/state.ts';
import { QuestionId } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { ApprovalRequest } from '../agent-backend.ts';
import type { PerformContext } from '../performer.ts';
import { digestOf } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';
import { createAgentHost } from './agent-host.ts';

const request = (o: Partial<ApprovalRequest> = {}): ApprovalRequest => ({
  id: 'call-1',
  tool: 'Bash',
  summary: 'Running: make',
  command: 'make',
  commandComplete: true,
  paths: [],
  diff: null,
  subagent: null,
  ...o,
});

/** What a host is given of an attempt whose agent only asks. */
const contextOf = (world: World, attempt: Attempt): Omit<PerformContext, 'ask'> => ({
  goal: world.goal,
  attempt,
  signal: new AbortController().signal,
  progress: () => {},
  emit: () => {},
  spend: () => {},
  remember: () => {},
  note: () => ok(null),
  projectChanged: async () => {},
  notes: { now: () => [], told: () => {}, onWritten: () => () => {} },
});

/** A live attempt outside any boundary; whatever it has to ask is put into the log and answered by nobody. */
function live(world: World): {
  readonly attempt: Attempt;
  readonly approve: (o?: Partial<ApprovalRequest>) => Promise<string>;
} {
  const attempt = world.begin();
  let asked = 0;
  const host = createAgentHost({
    context: {
      ...contextOf(world, attempt),
      ask: async (question) => {
        asked += 1;
        const { attemptId, fence } = attempt;
        const questionId = QuestionId.parse(`question-${attempt.fence}-${asked}`);
        const whole = { ...question, digest: digestOf('replaced by the core') };
        world.must({ type: 'question.ask', questionId, attemptId, fence, question: whole }, 'agent');
        return null;
      },
    },
    boundary: () => ({ workDir: '/w', privateDirs: [], confined: false, writeSet: ['project files'] }),
    agentName: 'demo',
    hold: () => () => {},
    parkAfterMs: 600_000,
    pause: async () => {},
  });
  const approve = async (o: Partial<ApprovalRequest> = {}) => {
    const before = asked;
    const { decision } = await host.approve(request(o), new AbortController().signal);
    return asked > before ? 'asked' : decision;
  };
  return { attempt, approve };
}

/** An attempt asked, was parked, and the person answered then. */
async function answered(choice: string, o: Partial<ApprovalRequest> = {}): Promise<World> {
  const world = openGoal({ maxAttempts: 9 }).driveTo('agent');
  const { attempt, approve } = live(world);
  expect(await approve(o)).toBe('asked');
  return world.lose(attempt, 'interrupted').answer('approval', { choice });
}

test('what was allowed for the goal is allowed in its later attempts, exactly that', async () => {
  const world = await answered('goal');
  const next = live(world);
  expect([await next.approve(), await next.approve()]).toEqual(['allow_once', 'allow_once']);
  expect(await next.approve({ command: 'make install' })).toBe('asked');
  expect(await next.approve({ commandComplete: false })).toBe('asked');
  world.answer('approval', { choice: 'once' }).answer('approval', { choice: 'once' }).lose(next.attempt);
  expect(await live(world).approve()).toBe('allow_once');
});

test('what was never to be is refused without asking again', async () => {
  const { approve } = live(await answered('never'));
  expect([await approve(), await approve()]).toEqual(['reject', 'reject']);
});

test('what was allowed once, when the attempt was over, is allowed once to the next', async () => {
  const world = await answered('once');
  const next = live(world);
  expect([await next.approve(), await next.approve()]).toEqual(['allow_once', 'asked']);
  world.answer('approval', { choice: 'once' }).lose(next.attempt);
  expect(await live(world).approve()).toBe('asked');
});

test('a file outside is allowed with the bytes that were shown, and no others', async () => {
  const outside = { command: null, paths: ['/etc/hosts'], diff: '+x' };
  const { approve } = live(await answered('goal', outside));
  expect(await approve(outside)).toBe('allow_once');
  expect(await approve({ ...outside, diff: '+y' })).toBe('asked');
});

test('a rule allows what begins alike in this goal and in its later attempts, and nothing a shell would do more', async () => {
  const { approve } = live(await answered('rule', { command: 'npm test -- a' }));
  expect(await approve({ command: 'npm test -- a' })).toBe('allow_once');
  expect(await approve({ command: 'npm test -- -u b' })).toBe('allow_once');
  for (const command of ['npm test && id', 'npm install', 'npm testing'])
    expect(await approve({ command })).toBe('asked');
  expect(await approve({ command: 'npm test', cwd: '/elsewhere' })).toBe('asked');
  expect(await approve({ command: 'npm test', commandComplete: false })).toBe('asked');
});

test('what a question cannot show whole is asked every time', async () => {
  const long = { command: `make ${'x'.repeat(20_000)}` };
  expect(await live(await answered('once', long)).approve(long)).toBe('asked');
  const unseen = { command: null, paths: ['/etc/hosts'] };
  expect(await live(await answered('once', unseen)).approve(unseen)).toBe('asked');
});

test('of a question that takes several choices the agent hears all that were taken, and the words beside them', async () => {
  const world = openGoal().driveTo('agent');
  const asked: unknown[] = [];
  const host = createAgentHost({
    context: {
      ...contextOf(world, world.begin()),
      ask: async (question) => {
        asked.push(question);
        return { choice: 'option-2,option-0', text: 'and more' };
      },
    },
    boundary: () => ({ workDir: '/w', privateDirs: [], confined: false, writeSet: ['project files'] }),
    agentName: 'demo',
    hold: () => () => {},
    parkAfterMs: 600_000,
    pause: async () => {},
  });
  const options = ['A', 'B', 'C'].map((label) => ({ label, description: '' }));
  const question = (text: string, multiSelect: boolean) => ({ text, header: '', options, multiSelect });
  const answers = await host.ask(
    { id: 'q', questions: [question('Which?', true), question('Which one?', false)] },
    new AbortController().signal,
  );
  expect(asked).toMatchObject([{ multi: true }, {}]);
  expect(asked[1]).not.toHaveProperty('multi');
  expect(answers).toEqual({ 'Which?': ['A', 'C', 'and more'], 'Which one?': ['and more'] });
});
