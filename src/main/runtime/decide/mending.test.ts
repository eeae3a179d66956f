import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../shared/goal/vocabulary.ts';
import { verdict } from '../../../shared/goal/verdict.ts';
import { taskPrompt } from '../performers/prompt.ts';
import { slice, verified } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';

const finding: Finding = {
  rule: 'path.protected',
  severity: 'blocker',
  effect: 'question',
  file: '.github/workflows/ci.yml',
  line: null,
  message: 'This file decides what runs elsewhere.',
};

/** A result that passes every gate and touches what a person has to decide. */
const found = (world: World): World => {
  const attempt = world.driveTo('verify').begin();
  return world.finish(attempt, verified(world.goal, { findings: [finding] }));
};
const asks = (world: World): readonly string[] =>
  world.goal.questions.flatMap(({ question, state }) => (state.type === 'open' ? [question.kind] : []));

describe('a result with findings that a person would have to decide', () => {
  test('goes to the agent first, which is told what was found', () => {
    const world = found(openGoal());
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    expect(asks(world)).toEqual([]);
    const [task] = world.goal.tasks;
    if (!task) throw new Error('There is no task.');
    expect(taskPrompt(world.goal, task)).toContain(
      '- .github/workflows/ci.yml: This file decides what runs elsewhere.',
    );
  });

  test('needs no person once the agent took back what it does not need', () => {
    const world = found(openGoal());
    world.deliver('without it').driveTo(null);
    expect(asks(world)).toEqual(['acceptance']);
  });

  test.each([
    ['leaves it as it is', 'fix'],
    ['changes something else', 'other'],
  ])('is asked about when the agent %s, once', (_, name) => {
    const world = found(openGoal());
    world.finish(world.begin(), slice(name));
    found(world);
    expect(asks(world)).toEqual(['policy.finding']);
    expect(world.due()).toEqual([]);
  });

  test('is asked about when the turn about it fails', () => {
    const world = found(openGoal());
    world.fail(world.begin(), { blame: 'agent', code: 'agent.crashed' });
    expect(asks(world)).toEqual(['policy.finding']);
  });

  test('is tried again when the turn about it was interrupted', () => {
    const world = found(openGoal());
    world.lose(world.begin(), 'interrupted');
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('is asked about at once when no attempt is left', () => {
    expect(asks(found(openGoal({ maxAttempts: 1 })))).toEqual(['policy.finding']);
  });

  test('is asked about, and not short of budget, when none is left for another turn', () => {
    const world = openGoal().driveTo('verify');
    const [worked] = world.goal.attempts.filter((one) => one.kind === 'agent');
    if (!worked) throw new Error('No agent worked.');
    world.must(
      {
        type: 'budget.spend',
        attemptId: worked.attemptId,
        usageId: 'all',
        tokens: { input: 0, output: 100_000_000, cacheRead: 0, cacheWrite: 0 },
        meteredTokens: 0,
        usd: 0,
        agentMs: 0,
        gateMs: 0,
      },
      'host',
    );
    expect(asks(found(world))).toEqual(['policy.finding']);
    expect(verdict(world.state).status).toBe('blocked_on_human');
  });

  test('is settled by a person’s answer, without another turn', () => {
    const world = found(openGoal({ maxAttempts: 1 }));
    world.answer('policy.finding', { choice: 'allow' });
    expect(asks(world)).toEqual(['acceptance']);
  });
});
