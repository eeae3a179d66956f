import { duration, money, tokens } from '../units.ts';
import { exhaustedLimit, remainingBudget } from './budget.ts';
import type { BudgetLimit } from './budget.ts';
import type { OpenGoal } from './state.ts';
import { drivesAgent } from './vocabulary.ts';

export type BudgetBar = {
  readonly limit: BudgetLimit;
  readonly label: string;
  readonly used: number;
  /** `null`: unlimited. */
  readonly total: number | null;
  readonly left: number | null;
  /** Set aside for turns in flight, part of what is left. */
  readonly reserved: number;
  /** Used share 0..1, `null` without a limit. */
  readonly share: number | null;
  readonly usedText: string;
  readonly totalText: string;
  readonly leftText: string;
};

export type BudgetView = {
  readonly bars: readonly BudgetBar[];
  readonly exhausted: BudgetLimit | null;
  /** At least one agent reported no usage: tokens are an estimate. */
  readonly unmetered: boolean;
  /** Time of gates; costs no budget. */
  readonly gateText: string;
};

export function budgetView(state: OpenGoal): BudgetView {
  const { budget, spend } = state;
  const left = remainingBudget(state);
  const live = state.attempts.filter((one) => drivesAgent(one.kind) && one.outcome.type === 'in_flight');
  const reserved = (allowances: readonly (number | null)[], rest: number | null) =>
    Math.min(
      rest ?? 0,
      allowances.reduce((sum: number, one) => sum + (one ?? 0), 0),
    );
  const bar = (
    limit: BudgetLimit,
    used: number,
    total: number | null,
    rest: number | null,
    held: number,
  ): BudgetBar => {
    const text = formats[limit];
    return {
      limit,
      label: labels[limit],
      used,
      total,
      left: rest,
      reserved: held,
      share: total === null ? null : total === 0 ? 1 : Math.min(1, used / total),
      usedText: text(used),
      totalText: total === null ? 'no limit' : text(total),
      leftText: rest === null ? 'no limit' : `${text(rest)} left`,
    };
  };
  return {
    bars: [
      bar(
        'time',
        spend.agentMs,
        budget.timeMs,
        left.timeMs,
        reserved(
          live.map((one) => one.allowanceMs),
          left.timeMs,
        ),
      ),
      bar(
        'tokens',
        spend.tokensTotal,
        budget.tokens,
        left.tokens,
        reserved(
          live.map((one) => one.allowanceTokens),
          left.tokens,
        ),
      ),
      bar('usd', spend.usd, budget.usd, left.usd, 0),
    ],
    exhausted: exhaustedLimit(state),
    unmetered: spend.unmetered,
    gateText: duration(spend.gateMs),
  };
}

const labels = { time: 'Agent time', tokens: 'Tokens', usd: 'Money' } as const;

const formats: Readonly<Record<BudgetLimit, (amount: number) => string>> = {
  time: duration,
  tokens,
  usd: money,
};
