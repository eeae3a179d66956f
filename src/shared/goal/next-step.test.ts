import { describe, expect, test } from 'vitest';
import { digestOf, refuted, slice, someFailure } from '../../main/runtime/testing/results.ts';
import { openGoal } from '../../main/runtime/testing/world.ts';
import type { World } from '../../main/runtime/testing/world.ts';
import { event } from './events.ts';
import { nextSteps } from './next-step.ts';
import type { TaskSpec } from './vocabulary.ts';
import { verdict } from './verdict.ts';

const task = (id: string, ...dependencies: string[]): TaskSpec => ({
  id,
  title: id,
  description: id,
  dependencies,
  readSet: [],
  writeSet: ['project files'],
  acceptance: ['npm test passes'],
  risk: 'low',
});

/** A goal whose accepted plan has these tasks, as a planner will propose them. */
function planned(maxAgents: number, ...tasks: TaskSpec[]): World {
  const world = openGoal({ maxAgents, yesPlan: false }).driveTo(null);
  const digest = digestOf('plan');
  const { questionId } = world.question('plan.approve');
  world.append(
    [
      event('question.withdrawn', { questionId, reason: 'Another plan.' }),
      event('plan.proposed', { source: 'agent', tasks, digest }),
      event('plan.accepted', { digest }),
    ],
    'host',
  );
  return world;
}
const starts = (world: World) =>
  nextSteps(world.state).flatMap((one) => (one.type === 'start' ? [one.taskId ?? one.kind] : []));

describe('tasks of a plan', () => {
  test('begin when what they need was delivered, and only by success', () => {
    const world = planned(4, task('b', 'a'), task('a'), task('c'));
    expect(starts(world)).toEqual(['a']);
    const first = world.begin();
    expect(starts(world)).toEqual([]);
    world.fail(first, {});
    expect(starts(world)).toEqual(['a']);
    world.finish(world.begin(), slice('a'));
    expect(starts(world)).toEqual(['b']);
  });

  test('run one after the other however many agents are allowed: each begins with what the one before left', () => {
    const world = planned(4, task('a'), task('b'), task('c'));
    for (const id of ['a', 'b', 'c']) {
      expect(starts(world)).toEqual([id]);
      const attempt = world.begin();
      expect(starts(world)).toEqual([]);
      world.finish(attempt, slice(id));
    }
    expect(starts(world)).toEqual(['verify']);
  });

  test('before the last need not change anything, as long as their turn ended well', () => {
    const world = planned(1, task('a'), task('b', 'a'));
    world.finish(world.begin(), slice('nothing'));
    expect(starts(world)).toEqual(['b']);
    world.finish(world.begin(), slice('nothing'));
    expect(starts(world)).toEqual(['b']);
  });

  test('are not delivered by what a budget cut short', () => {
    const world = planned(1, task('a'), task('b', 'a'));
    const { attemptId, fence } = world.begin();
    const failure = { ...someFailure, code: 'budget.tokens_exhausted', blame: 'person' } as const;
    const outcome = { type: 'failed', failure, evidence: [], slice: slice('half').slice } as const;
    world.must({ type: 'attempt.report', attemptId, fence, outcome }, 'host');
    world.must({ type: 'goal.extend_budget', added: { timeMs: null, tokens: 100_000, usd: null } });
    expect(starts(world)).toEqual(['a']);
  });

  test('are verified together once all are delivered, and a refutation goes to the last one', () => {
    const world = planned(1, task('a'), task('b', 'a'));
    world.finish(world.begin(), slice('a'));
    expect(starts(world)).toEqual(['b']);
    world.finish(world.begin(), slice('b'));
    expect(starts(world)).toEqual(['verify']);
    world.finish(world.begin(), refuted(world.goal));
    expect(starts(world)).toEqual(['b']);
  });

  test('of a plan that cannot be ordered prove nothing', () => {
    const world = planned(1, task('a', 'b'), task('b', 'a'));
    expect(starts(world)).toEqual([]);
    expect(verdict(world.state)).toMatchObject({
      status: 'not_ready',
      reasons: [{ code: 'evidence.missing' }],
    });
  });
});

describe('the next steps', () => {
  test('name what goes on beside what begins', () => {
    const world = openGoal();
    const { attemptId, fence } = world.begin();
    expect(nextSteps(world.state)).toEqual([
      { type: 'continue', kind: 'prepare', taskId: null, attemptId, fence },
    ]);
  });

  test('are none before there is a goal', () => {
    expect(nextSteps({ exists: false })).toEqual([]);
  });

  test('wait for a superseded verification to end before the next begins', () => {
    const world = openGoal().driveTo('verify');
    const old = world.begin();
    world.must({ type: 'goal.reject', mode: 'revise', reason: 'Other name.', comments: [] });
    world.finish(world.begin(), slice('better'));
    expect(starts(world)).toEqual([]);
    world.lose(old, 'interrupted');
    expect(starts(world)).toEqual(['verify']);
  });
});
