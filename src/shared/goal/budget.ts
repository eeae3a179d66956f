import type { Payload } from './events.ts';
import type { OpenGoal, Spend, UsageSeen } from './state.ts';
import { drivesAgent } from './vocabulary.ts';
import type { Budget } from './vocabulary.ts';

export type BudgetLimit = 'time' | 'tokens' | 'usd';
type Counted = Pick<OpenGoal, 'budget' | 'spend'>;

/** What is left in each dimension, never below 0; `null` is unlimited. */
export function remainingBudget({ budget, spend }: Counted): Budget {
  const left = (limit: number | null, used: number) => (limit === null ? null : Math.max(0, limit - used));
  return {
    timeMs: left(budget.timeMs, spend.agentMs),
    tokens: left(budget.tokens, spend.tokensTotal),
    usd: left(budget.usd, spend.usd),
  };
}

/** The first exhausted dimension in the order time, tokens, money; `null` while work may go on. */
export function exhaustedLimit(goal: Counted): BudgetLimit | null {
  const left = remainingBudget(goal);
  if (left.timeMs === 0) return 'time';
  if (left.tokens === 0) return 'tokens';
  return left.usd === 0 ? 'usd' : null;
}

/**
 * What one turn may use: all that is left and not reserved by turns in flight. So the overshoot of a goal is at most
 * one metered step.
 */
export function reserveTurn(goal: Counted & Pick<OpenGoal, 'attempts'>): {
  readonly allowanceMs: number | null;
  readonly allowanceTokens: number | null;
} {
  const live = goal.attempts.filter((one) => drivesAgent(one.kind) && one.outcome.type === 'in_flight');
  const left = remainingBudget(goal);
  const free = (remaining: number | null, reserved: readonly (number | null)[]) =>
    remaining === null
      ? null
      : Math.max(0, remaining - reserved.reduce((sum: number, one) => sum + (one ?? 0), 0));
  return {
    allowanceMs: free(
      left.timeMs,
      live.map((one) => one.allowanceMs),
    ),
    allowanceTokens: free(
      left.tokens,
      live.map((one) => one.allowanceTokens),
    ),
  };
}

/** A session that only reads is an extra: it must not use up what the work needs, nor keep anybody waiting for long. */
const readingShare = 4;
const longestReadingMs = 20 * 60_000;

/** What planning or a second opinion may use: a quarter of what is free, and at most twenty minutes. */
export function reserveReading(goal: Parameters<typeof reserveTurn>[0]): ReturnType<typeof reserveTurn> {
  const { allowanceMs, allowanceTokens } = reserveTurn(goal);
  const share = (free: number | null): number | null =>
    free === null ? null : Math.floor(free / readingShare);
  return {
    allowanceMs: Math.min(share(allowanceMs) ?? longestReadingMs, longestReadingMs),
    allowanceTokens: share(allowanceTokens),
  };
}

/** Nothing is left for a session that is only an extra. */
export function cannotRead(goal: Parameters<typeof reserveTurn>[0]): boolean {
  const { allowanceMs, allowanceTokens } = reserveReading(goal);
  return exhaustedLimit(goal) !== null || allowanceMs === 0 || allowanceTokens === 0;
}

/** New total per dimension: max(total, used) + added. An unlimited dimension becomes limited; nothing added changes nothing. */
export function extendedBudget({ budget, spend }: Counted, added: Budget): Budget {
  const extend = (total: number | null, used: number, more: number | null) =>
    more === null || more === 0 ? total : Math.max(total ?? used, used) + more;
  return {
    timeMs: extend(budget.timeMs, spend.agentMs, added.timeMs),
    tokens: extend(budget.tokens, spend.tokensTotal, added.tokens),
    usd: extend(budget.usd, spend.usd, added.usd),
  };
}

/** Folded once per usage id, so replays and duplicates cost nothing. */
export function evolveBudgetSpent(state: OpenGoal, spent: Payload<'budget.spent'>): OpenGoal {
  if (hasUsage(state, spent.usageId)) return state;
  return {
    ...state,
    usageSeen: withUsage(state.usageSeen, spent.usageId),
    spend: addSpend(state.spend, spent),
  };
}

export const noUsage: UsageSeen = { settled: new Set(), recent: [] };

export const hasUsage = ({ usageSeen }: Pick<OpenGoal, 'usageSeen'>, usageId: string): boolean =>
  usageSeen.settled.has(usageId) || usageSeen.recent.includes(usageId);

/** How many ids are looked through one by one before they go into the set, which has to be copied whole. */
const recentLimit = 256;

function withUsage({ settled, recent }: UsageSeen, usageId: string): UsageSeen {
  if (recent.length < recentLimit) return { settled, recent: [...recent, usageId] };
  return { settled: new Set([...settled, ...recent]), recent: [usageId] };
}

function addSpend(spend: Spend, spent: Payload<'budget.spent'>): Spend {
  const tokens = spent.tokens ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const reported = tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite;
  return {
    tokens: {
      input: spend.tokens.input + tokens.input,
      output: spend.tokens.output + tokens.output,
      cacheRead: spend.tokens.cacheRead + tokens.cacheRead,
      cacheWrite: spend.tokens.cacheWrite + tokens.cacheWrite,
    },
    tokensTotal: spend.tokensTotal + reported + spent.meteredTokens,
    usd: spend.usd + spent.usd,
    agentMs: spend.agentMs + spent.agentMs,
    gateMs: spend.gateMs + spent.gateMs,
    unmetered: spend.unmetered || spent.meteredTokens > 0,
  };
}
