import type { BudgetBar } from './budget-view.ts';

/** Less agent time than this says nothing about pace. */
const ENOUGH_MS = 60_000;

/**
 * Agent time, in ms, after which a limit is spent if it goes on as it went so far. `null` when there is no limit, too little
 * was seen, or nothing is left to forecast.
 */
export function spentIn(bar: BudgetBar, agentMs: number): number | null {
  if (bar.left === null || bar.left <= 0 || bar.used <= 0 || agentMs < ENOUGH_MS) return null;
  if (bar.limit === 'time') return bar.left;
  return bar.left / (bar.used / agentMs);
}
