import { exhaustedLimit, remainingBudget } from './budget.ts';
import type { BudgetLimit } from './budget.ts';
import { formatDuration } from './duration.ts';
import type { OpenGoal } from './state.ts';

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
  const live = state.attempts.filter((one) => one.kind === 'agent' && one.outcome.type === 'in_flight');
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
    gateText: spanText(spend.gateMs),
  };
}

const labels = { time: 'Agent time', tokens: 'Tokens', usd: 'Money' } as const;

/** Spans as people read them: `47 s`, `12 min`, `1 h 53`. */
export function spanText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

/** Amounts as people read them: `812`, `12,400`, `1.24 M`. */
export function tokenText(tokens: number): string {
  if (tokens < 1_000_000) return tokens.toLocaleString('en-US');
  return `${(tokens / 1_000_000).toFixed(2).replace(/\.?0+$/, '')} M`;
}

const formats: Readonly<Record<BudgetLimit, (amount: number) => string>> = {
  time: spanText,
  tokens: tokenText,
  usd: (amount) => `$${amount.toFixed(2)}`,
};

/** What a person typed for a budget, said back: `2h and 2 M tokens`. */
export function budgetText({ timeMs, tokens, usd }: OpenGoal['budget']): string {
  const parts = [
    ...(timeMs === null ? [] : [formatDuration(timeMs)]),
    ...(tokens === null ? [] : [`${tokenText(tokens)} tokens`]),
    ...(usd === null ? [] : [`$${usd.toFixed(2)}`]),
  ];
  return parts.length === 0 ? 'no limit' : parts.join(', ');
}
