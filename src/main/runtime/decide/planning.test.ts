import { describe, expect, test } from 'vitest';
import { given, expectStatus } from '../testing/given.ts';
import { planOf, taskOf } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';
import type { Budget } from '../../../shared/goal/vocabulary.ts';

const planned = (more: object = {}): World => openGoal({ planning: 'agent', ...more });
const report = (world: World, outcome: 'good' | 'invalid') => {
  const { attemptId, fence } = world.begin();
  const finished = { type: 'finished', result: planOf(), evidence: [] } as const;
  const failed = {
    type: 'failed',
    failure: { code: 'plan.invalid', message: 'No plan in it.', retry: 'never', blame: 'agent' },
    evidence: [],
  } as const;
  return {
    type: 'attempt.report',
    attemptId,
    fence,
    outcome: outcome === 'good' ? finished : failed,
  } as const;
};
const last = (world: World) => world.goal.plan?.proposed;

describe('planning by an agent', () => {
  test('follows the run on base, and its tasks are done in their order', () => {
    const world = planned().driveTo('plan');
    expect(world.due()).toEqual([{ kind: 'plan', taskId: null }]);
    given(world)
      .when(report(world, 'good'), 'host')
      .thenEvents('attempt.finished', 'plan.proposed', 'plan.accepted');
    expect(last(world)).toMatchObject({ source: 'agent', documents: { technicalPlan: 'Move the clock.' } });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'parser' }]);
    world.deliver('parser');
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'docs' }]);
  });

  test('asks the person, with the planner’s words as a quote and never as a title', () => {
    const world = planned({ yesPlan: false }).driveTo(null);
    const { question } = world.question('plan.approve');
    expect(question.title).toBe('Start with this plan?');
    expect(question.context).toContain('demo proposes 2 tasks. It leaves 1 question to you.');
    expect(question.subject).toContain('2. Do docs');
    expect(question.quote).toContain('1. May the public API change?');
    expect([question.title, question.context].join()).not.toMatch(/clock|API/);
  });

  test('that fails once is done without, whatever the failure: no try of the work is spent on it', () => {
    const world = planned({ maxAttempts: 1 }).driveTo('plan');
    given(world)
      .when(report(world, 'invalid'), 'host')
      .thenEvents('attempt.failed', 'plan.proposed', 'plan.accepted');
    expect(last(world)).toMatchObject({ source: 'heuristic', note: 'No plan in it.' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test.each([
    ['agent.handshake_failed', 'agent', 'later'],
    ['agent.crashed', 'agent', 'later'],
    ['agent.rate_limited', 'external', 'ask'],
    ['agent.protocol_error', 'infra', 'ask'],
  ] as const)('falls back after %s', (code, blame, retry) => {
    const world = planned().driveTo('plan');
    world.fail(world.begin(), { code, blame, retry, message: 'It did not work.' });
    expect(last(world)).toMatchObject({ source: 'heuristic', note: 'It did not work.' });
  });

  test('waits for a person to sign in, because the work would have to as well', () => {
    const world = planned().driveTo('plan');
    world.fail(world.begin(), { code: 'agent.auth_required', blame: 'person', retry: 'ask' });
    expectStatus(world, 'blocked_on_human', 'question.open');
    world.answer('person.needed', { choice: 'retry' });
    expect(world.due()).toEqual([{ kind: 'plan', taskId: null }]);
  });

  test('begins again after a pause or a restart, and not a third time after restarts', () => {
    const world = planned().driveTo('plan');
    for (let time = 0; time < 3; time += 1) world.lose(world.begin(), 'interrupted');
    world.lose(world.begin()).lose(world.begin());
    expect(last(world)).toMatchObject({ source: 'heuristic', note: 'omk lost sight of the agent twice.' });
  });

  test('takes a quarter of what is left, and is done without where nothing is', () => {
    const budget = (tokens: number): { budget: Budget } => ({
      budget: { timeMs: 80_000, tokens, usd: null },
    });
    const some = openGoal({ planning: 'agent' }, budget(1_000)).driveTo('plan');
    expect(some.begin()).toMatchObject({ allowanceMs: 20_000, allowanceTokens: 250 });
    const none = openGoal({ planning: 'agent' }, budget(3)).driveTo('plan');
    expect(last(none)).toMatchObject({ source: 'heuristic', note: 'Too little of the budget was left.' });
  });

  test('of a graph that cannot be carried out is no plan, whatever the performer made of it', () => {
    const world = planned().driveTo('plan');
    world.finish(world.begin(), planOf(taskOf('a', 'b'), taskOf('b', 'a')));
    expect(last(world)).toMatchObject({ source: 'heuristic' });
    expect(world.types()).toContain('attempt.failed');
  });

  test('is not done where nobody wants it', () => {
    const world = openGoal({ planning: 'heuristic' }).driveTo('agent');
    expect(last(world)).toMatchObject({ source: 'heuristic' });
    expect(last(world)).not.toHaveProperty('note');
  });
});

describe('the person who reads the plan', () => {
  const asked = () => planned({ yesPlan: false }).driveTo(null);

  test('starts it, with words that reach the agents', () => {
    const world = asked().answer('plan.approve', { choice: 'approve', text: 'Yes, it may.' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'parser' }]);
  });

  test.each([{ choice: 'revise', text: 'One task.' }, { text: 'One task.' }])('sends it back: %j', (said) => {
    const world = asked().answer('plan.approve', said);
    expect(world.due()).toEqual([{ kind: 'plan', taskId: null }]);
    world.finish(world.begin(), planOf(taskOf('all')));
    expect(world.question('plan.approve').question.subject).toContain('Do all');
    world.answer('plan.approve', { choice: 'approve' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'all' }]);
  });

  test('must say what should be different', () => {
    const world = asked();
    const { questionId, question } = world.question('plan.approve');
    given(world)
      .when({ type: 'question.answer', questionId, choice: 'revise', text: ' ', digest: question.digest })
      .thenRejected('question.text_required');
  });

  test('gets omk’s plan to read when planning again fails, and may still ask for another', () => {
    const world = asked().answer('plan.approve', { text: 'One task.' });
    world.fail(world.begin(), { message: 'It crashed.' });
    expect(world.question('plan.approve').question.context).toContain(
      'omk planned one slice by itself: It crashed.',
    );
    world.answer('plan.approve', { text: 'Try again.' });
    expect(world.due()).toEqual([{ kind: 'plan', taskId: null }]);
  });

  test('cannot plan again where no agent plans: words go with the start', () => {
    const world = openGoal({ yesPlan: false }).driveTo(null);
    expect(world.question('plan.approve').question.choices.map((one) => one.id)).toEqual([
      'approve',
      'cancel',
    ]);
  });
});
