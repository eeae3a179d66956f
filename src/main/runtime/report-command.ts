import type { GoalCommand } from '../../shared/goal/commands.ts';
import type { Attempt } from '../../shared/goal/state.ts';
import type { Report } from './performer.ts';

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
