import { describe, expect, test } from 'vitest';
import { verdict } from '../../../shared/goal/verdict.ts';
import { expectStatus, given } from '../testing/given.ts';
import { refuted, slice } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';

const spend = (world: World, usageId: string, tokens: number, agentMs = 0) => {
  const attemptId = world.goal.attempts.at(-1)?.attemptId;
  if (attemptId === undefined) throw new Error('Nothing was begun.');
  return {
    type: 'budget.spend',
    attemptId,
    usageId,
    tokens: { input: tokens, output: 0, cacheRead: 0, cacheWrite: 0 },
    meteredTokens: 0,
    usd: 0,
    agentMs,
    gateMs: 0,
  } as const;
};
const limited = (tokens: number) => openGoal({}, { budget: { timeMs: 1_000, tokens, usd: null } });

describe('spending', () => {
  test('the same usage twice is spent once', () => {
    const world = limited(100).driveTo('agent');
    world.begin();
    given(world)
      .when(spend(world, 'a', 40), 'host')
      .thenEvents('budget.spent');
    given(world)
      .when(spend(world, 'a', 40), 'host')
      .thenEvents();
    expect(world.goal.spend.tokensTotal).toBe(40);
  });

  test('what an attempt used is recorded also after it ended', () => {
    const world = limited(100).driveTo('agent');
    world.lose(world.begin());
    given(world)
      .when(spend(world, 'a', 40), 'host')
      .thenEvents('budget.spent');
  });

  test('usage of an attempt that never was is refused', () => {
    const world = limited(100).driveTo('agent');
    world.begin();
    const unknown = { ...spend(world, 'a', 1), attemptId: openGoal().begin().attemptId };
    given(openGoal()).when(unknown, 'host').thenRejected('attempt.unknown');
  });

  test('a spent budget starts no agent, and says which one', () => {
    const world = limited(100).driveTo('agent');
    world.begin();
    world.must(spend(world, 'a', 100), 'host').lose(world.goal.attempts.at(-1) ?? world.begin());
    expect(world.due()).toEqual([]);
    expectStatus(world, 'needs_more_budget', 'budget.tokens_exhausted');
  });

  test('time is exhausted before tokens', () => {
    const world = limited(100).driveTo('agent');
    const attempt = world.begin();
    world.must(spend(world, 'a', 100, 1_000), 'host').lose(attempt);
    expectStatus(world, 'needs_more_budget', 'budget.time_exhausted');
  });

  test('a goal without budget is prepared and run on base, but no agent begins', () => {
    const world = limited(0).driveTo(null);
    expect(world.goal.baseChecked).not.toBeNull();
    expectStatus(world, 'needs_more_budget', 'budget.tokens_exhausted');
  });

  test('what exists is verified after the budget ended, and a pass goes on to acceptance', () => {
    const world = limited(100).driveTo('agent');
    world.begin();
    world
      .must(spend(world, 'a', 100), 'host')
      .finish(world.attempt(spend(world, '', 0).attemptId), slice('fix'));
    expect(world.due()).toEqual([{ kind: 'verify', taskId: null }]);
    world.driveTo(null);
    expectStatus(world, 'blocked_on_human', 'question.open');
    world.question('acceptance');
  });

  test('a spent budget does not hide a gate that failed', () => {
    const world = limited(100).driveTo('agent');
    const attempt = world.begin();
    world.must(spend(world, 'a', 100), 'host').finish(attempt, slice('wrong'));
    world.finish(world.begin(), refuted(world.goal));
    expectStatus(world, 'needs_more_budget', 'budget.tokens_exhausted');
    expect(verdict(world.state).secondary.map((one) => one.code)).toContain('gate.failed');
  });
});

describe('extending', () => {
  test('the new total is what was used or allowed, plus what is added', () => {
    const world = limited(100).driveTo('agent');
    const attempt = world.begin();
    world.must(spend(world, 'a', 130), 'host').lose(attempt);
    given(world)
      .when({ type: 'goal.extend_budget', added: { timeMs: null, tokens: 50, usd: null } })
      .thenEvents('budget.extended');
    expect(world.goal.budget).toEqual({ timeMs: 1_000, tokens: 180, usd: null });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('what was unlimited becomes limited', () => {
    const world = limited(100).must({
      type: 'goal.extend_budget',
      added: { timeMs: null, tokens: null, usd: 2 },
    });
    expect(world.goal.budget.usd).toBe(2);
  });

  test('nothing added is refused', () => {
    given(limited(100))
      .when({ type: 'goal.extend_budget', added: { timeMs: 0, tokens: null, usd: null } })
      .thenRejected('budget.nothing_added');
  });

  test('an extension that leaves another limit spent stops again at once', () => {
    const world = limited(100).driveTo('agent');
    const attempt = world.begin();
    world.must(spend(world, 'a', 100, 1_000), 'host').lose(attempt);
    given(world)
      .when({ type: 'goal.extend_budget', added: { timeMs: 500, tokens: null, usd: null } })
      .thenEvents('budget.extended', 'goal.stopped');
    expectStatus(world, 'needs_more_budget', 'budget.tokens_exhausted');
  });
});
