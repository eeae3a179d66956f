import type { GoalCommand } from '../../shared/goal/commands.ts';
import type { Attempt } from '../../shared/goal/state.ts';
import type { PerformContext, Report } from './performer.ts';

/** What a performer saw, as the wish to record it. */
export function reportCommand(attempt: Attempt, report: Report): GoalCommand {
  const { attemptId, fence } = attempt;
  if (report.type === 'interrupted') {
    return {
      type: 'attempt.lose',
      attemptId,
      reason: 'interrupted',
      ...(report.kept && { kept: report.kept }),
    };
  }
  return { type: 'attempt.report', attemptId, fence, outcome: report };
}

/** What an attempt used, as the wish to record it. */
export const spendCommand = (
  { attemptId }: Attempt,
  o: Parameters<PerformContext['spend']>[0],
): GoalCommand => ({
  type: 'budget.spend',
  attemptId,
  usageId: o.usageId,
  tokens: o.tokens ?? null,
  meteredTokens: o.meteredTokens ?? 0,
  usd: 0,
  agentMs: Math.round(o.agentMs ?? 0),
  gateMs: Math.round(o.gateMs ?? 0),
});

/** A performer promised not to throw. Say what is known and stop the goal rather than the host. */
export const brokenPromise = (cause: unknown): Report => ({
  type: 'failed',
  evidence: [],
  failure: {
    code: 'host.bug',
    message:
      `omk failed while it worked on this goal: ${cause instanceof Error ? cause.message : String(cause)}`.slice(
        0,
        500,
      ),
    retry: 'ask',
    blame: 'infra',
  },
});
