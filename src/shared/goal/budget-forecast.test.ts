import { describe, expect, it } from 'vitest';
import { spentIn } from './budget-forecast.ts';
import type { BudgetBar } from './budget-view.ts';

const bar = (more: Partial<BudgetBar>): BudgetBar => ({
  limit: 'tokens',
  label: '',
  used: 100,
  total: 400,
  left: 300,
  reserved: 0,
  share: 0.25,
  usedText: '',
  totalText: '',
  leftText: '',
  ...more,
});

describe('forecast of a budget', () => {
  it('goes on at the pace of agent time so far', () => {
    expect(spentIn(bar({}), 600_000)).toBe(1_800_000);
  });

  it('is the rest itself where the limit is time', () => {
    expect(spentIn(bar({ limit: 'time', used: 60_000, left: 30_000 }), 60_000)).toBe(30_000);
  });

  it('says nothing without a limit, without use, after the end, or after a moment', () => {
    expect(spentIn(bar({ left: null, total: null }), 600_000)).toBeNull();
    expect(spentIn(bar({ used: 0 }), 600_000)).toBeNull();
    expect(spentIn(bar({ left: 0 }), 600_000)).toBeNull();
    expect(spentIn(bar({}), 1_000)).toBeNull();
  });
});
