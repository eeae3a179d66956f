import { describe, expect, test } from 'vitest';
import { openGoal } from '../../main/runtime/testing/world.ts';
import { event } from './events.ts';
import { budgetView } from './budget-view.ts';
import { exhaustedLimit, extendedBudget, remainingBudget, reserveTurn } from './budget.ts';
import type { OpenGoal } from './state.ts';

const goal = (budget: OpenGoal['budget'], used: Partial<OpenGoal['spend']> = {}): OpenGoal => {
  const state = openGoal({}, { budget }).goal;
  return { ...state, spend: { ...state.spend, ...used } };
};
const all = { timeMs: 1_000, tokens: 100, usd: 2 };

describe('what is left', () => {
  test('is never less than nothing, and unlimited stays unlimited', () => {
    expect(remainingBudget(goal(all, { agentMs: 1_500, tokensTotal: 40, usd: 0.5 }))).toEqual({
      timeMs: 0,
      tokens: 60,
      usd: 1.5,
    });
    expect(
      remainingBudget(goal({ timeMs: null, tokens: null, usd: null }, { tokensTotal: 9 })).tokens,
    ).toBeNull();
  });

  test('is exhausted in the order time, tokens, money', () => {
    const over = { agentMs: 1_000, tokensTotal: 100, usd: 2 };
    expect(exhaustedLimit(goal(all, over))).toBe('time');
    expect(exhaustedLimit(goal({ ...all, timeMs: null }, over))).toBe('tokens');
    expect(exhaustedLimit(goal({ timeMs: null, tokens: null, usd: 2 }, over))).toBe('usd');
    expect(exhaustedLimit(goal(all))).toBeNull();
    expect(exhaustedLimit(goal({ timeMs: null, tokens: null, usd: null }, over))).toBeNull();
  });

  test('is reserved by turns in flight', () => {
    const world = openGoal({}, { budget: all }).driveTo('agent');
    expect(reserveTurn(world.goal)).toEqual({ allowanceMs: 1_000, allowanceTokens: 100 });
    world.begin();
    expect(reserveTurn(world.goal)).toEqual({ allowanceMs: 0, allowanceTokens: 0 });
    expect(reserveTurn(goal({ timeMs: null, tokens: 5, usd: null }))).toEqual({
      allowanceMs: null,
      allowanceTokens: 5,
    });
  });
});

test('an extension adds to what was allowed or used, whichever is more', () => {
  const over = goal(all, { agentMs: 1_300, tokensTotal: 40 });
  expect(extendedBudget(over, { timeMs: 500, tokens: 50, usd: null })).toEqual({
    timeMs: 1_800,
    tokens: 150,
    usd: 2,
  });
  const free = goal({ timeMs: null, tokens: null, usd: null }, { tokensTotal: 70 });
  expect(extendedBudget(free, { timeMs: 0, tokens: 30, usd: null })).toEqual({
    timeMs: null,
    tokens: 100,
    usd: null,
  });
});

test('a usage is known however long ago it was counted', () => {
  const world = openGoal().driveTo('agent');
  const { attemptId } = world.begin();
  const spend = (index: number) =>
    event('budget.spent', {
      attemptId,
      usageId: `usage-${index}`,
      tokens: { input: 1, output: 0, cacheRead: 0, cacheWrite: 0 },
      meteredTokens: 0,
      usd: 0,
      agentMs: 0,
      gateMs: 0,
    });
  const all = Array.from({ length: 1_000 }, (_, index) => spend(index));
  world.append([...all, ...all, ...all.toReversed()], 'host');
  expect(world.goal.spend.tokensTotal).toBe(1_000);
});

describe('the view', () => {
  test('shows use, limit and what is reserved', () => {
    const world = openGoal({}, { budget: all }).driveTo('agent');
    world.begin();
    const { bars, exhausted } = budgetView({
      ...world.goal,
      spend: { ...world.goal.spend, tokensTotal: 25, agentMs: 400 },
    });
    expect(
      bars.map(({ limit, share, reserved, leftText }) => ({ limit, share, reserved, leftText })),
    ).toEqual([
      { limit: 'time', share: 0.4, reserved: 600, leftText: '0.6 s left' },
      { limit: 'tokens', share: 0.25, reserved: 75, leftText: '75 left' },
      { limit: 'usd', share: 0, reserved: 0, leftText: '$2.00 left' },
    ]);
    expect(exhausted).toBeNull();
  });

  test('says that there is no limit, and that nothing to spend is all spent', () => {
    const [time, tokens] = budgetView(goal({ timeMs: null, tokens: 0, usd: null })).bars;
    expect(time).toMatchObject({ share: null, totalText: 'no limit', leftText: 'no limit' });
    expect(tokens).toMatchObject({ share: 1, leftText: '0 left' });
  });
});
