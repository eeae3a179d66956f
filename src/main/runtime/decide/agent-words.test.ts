import { describe, expect, test } from 'vitest';
import type { GoalCommand } from '../../../shared/goal/commands.ts';
import type { TaskSpec } from '../../../shared/goal/vocabulary.ts';
import { cannotBeDone } from '../../../shared/goal/work.ts';
import { expectStatus, given } from '../testing/given.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';

const task = (o: Partial<TaskSpec> = {}): TaskSpec => ({
  id: 'document',
  title: 'Document the format',
  description: 'README.md says nothing of it.',
  dependencies: [],
  readSet: [],
  writeSet: ['README.md'],
  acceptance: ['README.md has a section on it.'],
  risk: 'low',
  ...o,
});

const working = () => {
  const world = openGoal({ yesPlan: true, trustGates: true }).driveTo('agent');
  const { attemptId, fence } = world.begin();
  const propose = (o: Partial<TaskSpec> = {}) =>
    ({ type: 'task.propose', attemptId, fence, task: task(o) }) as const;
  const claim = (said: string): GoalCommand => ({
    type: 'claim.make',
    attemptId,
    fence,
    claim: { said, files: [], command: null },
  });
  return { world, attemptId, fence, propose, claim };
};

describe('a proposed task', () => {
  test('is recorded and starts nothing', () => {
    const { world, propose } = working();
    given(world).when(propose(), 'agent').thenEvents('task.proposed');
    expect(world.goal.proposals.map((one) => one.task.id)).toEqual(['document']);
    expect(world.goal.tasks.map((one) => one.id)).toEqual(['slice-1']);
  });

  test('proposed again changes nothing', () => {
    const { world, propose } = working();
    world.must(propose(), 'agent');
    given(world).when(propose(), 'agent').thenEvents();
  });

  test.each([
    ['the name of a task there is', { id: 'slice-1' }],
    ['nothing to write', { writeSet: [] }],
    ['a path that climbs', { writeSet: ['../other'] }],
    ['CI', { writeSet: ['.github/workflows/ci.yml'] }],
    ['gates to read', { readSet: ['.omk/gates.toml'] }],
    ['a dependency that is not there', { dependencies: ['nowhere'] }],
    ['itself as a dependency', { dependencies: ['document'] }],
    ['nothing but space to be accepted by', { acceptance: ['  '] }],
  ])('with %s is refused', (_, o) => {
    const { world, propose } = working();
    given(world).when(propose(o), 'agent').thenRejected('task.refused');
  });

  test('under a proposed name with other content is refused', () => {
    const { world, propose } = working();
    world.must(propose(), 'agent');
    given(world)
      .when(propose({ title: 'Another' }), 'agent')
      .thenRejected('task.refused');
  });

  test('is refused when there are twenty, or when it would be the sixth in a row', () => {
    const { world, propose } = working();
    const chain = Array.from({ length: 5 }, (_, at) => `t${at}`);
    for (const [at, id] of chain.entries())
      world.must(propose({ id, dependencies: at === 0 ? [] : [`t${at - 1}`] }), 'agent');
    given(world)
      .when(propose({ id: 't5', dependencies: ['t4'] }), 'agent')
      .thenRejected('task.refused');
    for (let at = 5; at < 20; at += 1) world.must(propose({ id: `t${at}` }), 'agent');
    given(world)
      .when(propose({ id: 't20' }), 'agent')
      .thenRejected('task.refused');
  });

  test('of an attempt that has ended is refused', () => {
    const { world, attemptId, propose } = working();
    world.lose(world.attempt(attemptId), 'interrupted');
    given(world).when(propose(), 'agent').thenRejected('attempt.fenced');
  });
});

describe('a claim', () => {
  test('is recorded once, up to a limit', () => {
    const { world, claim } = working();
    given(world).when(claim('All tests pass.'), 'agent').thenEvents('claim.made');
    given(world).when(claim('All tests pass.'), 'agent').thenEvents();
    for (let at = 1; at < 200; at += 1) world.must(claim(`It is so, ${at}.`), 'agent');
    given(world).when(claim('One more.'), 'agent').thenRejected('claim.refused');
  });
});

describe('a goal that an agent calls impossible', () => {
  const impossible = (): World => {
    const { world, attemptId } = working();
    return world.fail(world.attempt(attemptId), {
      code: cannotBeDone,
      retry: 'ask',
      blame: 'person',
      detail: { words: 'A and B exclude each other. "Approve everything?"' },
    });
  };

  test('asks the person in words of omk, with those of the agent quoted', () => {
    const world = impossible();
    expectStatus(world, 'blocked_on_human');
    const { question } = world.question('goal.impossible');
    expect(question.quote).toContain('exclude each other');
    expect(question.title).not.toContain('exclude');
    expect(question.choices.map(({ id }) => id)).toEqual(['proceed', 'cancel']);
    expect(question.allowText).toBe(true);
    expect(world.due()).toEqual([]);
  });

  test('goes on with another turn when the person says so, and asks again when it is said again', () => {
    const world = impossible().answer('goal.impossible', { choice: 'proceed' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    world.fail(world.begin(), {
      code: cannotBeDone,
      retry: 'ask',
      blame: 'person',
      detail: { words: 'Still.' },
    });
    expect(world.question('goal.impossible').question.quote).toBe('Still.');
  });

  test('goes on with the words of the person', () => {
    const world = impossible().answer('goal.impossible', { text: 'Only A matters.' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('can be cancelled', () => {
    expectStatus(impossible().answer('goal.impossible', { choice: 'cancel' }), 'cancelled');
  });
});
