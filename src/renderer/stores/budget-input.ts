import { formatDuration, parseDuration } from '../../shared/goal/duration.ts';
import type { Budget } from '../../shared/goal/vocabulary.ts';
import { t } from '../strings.ts';

/** The three fields as they are typed. Empty: no limit, or nothing added. */
export type BudgetInput = { readonly time: string; readonly tokens: string; readonly usd: string };

export type BudgetRead = {
  /** `null` while a field cannot be read. */
  readonly budget: Budget | null;
  readonly problems: Readonly<Partial<Record<keyof BudgetInput, string>>>;
};

export const emptyBudgetInput: BudgetInput = { time: '', tokens: '', usd: '' };

/** Reads what a person typed; a field that cannot be read says what would do. */
export function readBudget(input: BudgetInput): BudgetRead {
  const time = readTime(input.time);
  const tokens = readTokens(input.tokens);
  const usd = readMoney(input.usd);
  const problems = {
    ...(time === undefined && { time: t.newGoal.badTime }),
    ...(tokens === undefined && { tokens: t.newGoal.badTokens }),
    ...(usd === undefined && { usd: t.newGoal.badMoney }),
  };
  if (time === undefined || tokens === undefined || usd === undefined) return { budget: null, problems };
  return { budget: { timeMs: time, tokens, usd }, problems };
}

// A bare number would be seconds to the duration grammar and minutes or hours to most people: it has to name its unit.
function readTime(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (!/[smhd]$/i.test(trimmed)) return undefined;
  const parsed = parseDuration(trimmed);
  return parsed.ok ? parsed.value : undefined;
}

function readTokens(text: string): number | null | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([km]?)$/i.exec(text.trim().replace(/(?<=\d)[ ,_](?=\d)/g, ''));
  if (text.trim() === '') return null;
  if (!match?.[1]) return undefined;
  const factor = { '': 1, k: 1_000, m: 1_000_000 }[match[2]?.toLowerCase() ?? ''] ?? 1;
  const value = Math.round(Number(match[1]) * factor);
  return Number.isSafeInteger(value) ? value : undefined;
}

function readMoney(text: string): number | null | undefined {
  const trimmed = text.trim().replace(/^\$\s*/, '');
  if (trimmed === '') return null;
  if (!/^\d+(?:\.\d{1,2})?$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

/** A budget as it would be typed. */
export function writeBudget(budget: Budget): BudgetInput {
  return {
    time: budget.timeMs === null ? '' : formatDuration(budget.timeMs),
    tokens: budget.tokens === null ? '' : writeTokens(budget.tokens),
    usd: budget.usd === null ? '' : String(budget.usd),
  };
}

function writeTokens(value: number): string {
  if (value >= 1_000_000 && value % 10_000 === 0) return `${value / 1_000_000}M`;
  if (value >= 1_000 && value % 1_000 === 0) return `${value / 1_000}k`;
  return String(value);
}

export const addsNothing = (budget: Budget): boolean =>
  (budget.timeMs ?? 0) === 0 && (budget.tokens ?? 0) === 0 && (budget.usd ?? 0) === 0;
