import { evolve } from '../goal/evolve.ts';
import { formatDuration } from '../goal/duration.ts';
import type { GoalEvent } from '../goal/events.ts';
import { noGoal } from '../goal/state.ts';
import type { GoalState, OpenGoal } from '../goal/state.ts';
import { verdict } from '../goal/verdict.ts';

/** `goal.json` with the reference's keys. An export: status is the verdict at the time of writing. */
export function goalDocument(state: OpenGoal, stateDir: string) {
  const { opened, budget } = state;
  const { status, reasons } = verdict(state);
  const failed = status !== 'running' && status !== 'ready';
  return {
    version: 1,
    goal_id: state.goalId,
    original_goal: opened.text.trim(),
    normalized_goal: opened.text.replace(/\s+/g, ' ').trim(),
    status,
    phase: state.phase,
    created_at: iso(state.openedAt),
    updated_at: iso(state.updatedAt),
    ...(state.concluded ? { completed_at: iso(state.concluded.at) } : {}),
    until_ready: true,
    ...(budget.timeMs === null ? {} : { budget_time: formatDuration(budget.timeMs) }),
    ...(budget.tokens === null ? {} : { budget_tokens: budget.tokens }),
    ...(budget.usd === null ? {} : { budget_usd: budget.usd }),
    max_agents: opened.policy.maxAgents,
    terminal_criteria: { proof_required: true, gates_required: true, human_blockers_stop: true },
    delivery_policy: opened.policy.delivery,
    merge_policy: opened.policy.merge,
    slice_execution: state.tasks.length > 1,
    project: opened.project,
    ...(failed
      ? {
          failure: { reason: reasons.map((one) => one.message).join(' '), recorded_at: iso(state.updatedAt) },
        }
      : {}),
    state_dir: stateDir,
    log_version: state.version,
    recovery_attempts: state.attempts.filter((one) => one.outcome.type === 'lost').length,
  };
}

type Decision = {
  readonly kind: string;
  readonly decision: unknown;
  readonly rationale?: string;
  readonly artifacts?: readonly string[];
};

/** What an event decided; `null` for one that only records what happened. */
function decisionIn(event: GoalEvent): Decision | null {
  if (event.type === 'oracle.trusted') return { kind: 'oracle_trusted', decision: event.payload.digest };
  if (event.type === 'plan.accepted') return { kind: 'plan_accepted', decision: event.payload.digest };
  if (event.type === 'question.answered') {
    const { choice, text, questionId } = event.payload;
    return { kind: 'question_answered', decision: choice ?? text, artifacts: [questionId] };
  }
  if (event.type === 'note.written') {
    return { kind: 'note_written', decision: event.payload.text, artifacts: [event.payload.noteId] };
  }
  if (event.type === 'goal.accepted') {
    return { kind: 'accepted', decision: event.payload.commit, rationale: event.payload.note };
  }
  if (event.type === 'goal.rejected') {
    return { kind: 'rejected', decision: event.payload.mode, rationale: event.payload.reason };
  }
  if (event.type === 'budget.extended') return { kind: 'budget_extended', decision: event.payload.added };
  const commands = ['goal.paused', 'goal.resumed', 'goal.retried', 'goal.cancel_requested'];
  return commands.includes(event.type) ? { kind: event.type.replace('.', '_'), decision: event.type } : null;
}

/** `decisions.jsonl`: who decided what, in order. */
export function decisionRecords(events: readonly GoalEvent[]): readonly object[] {
  return events.flatMap((event) => {
    const decision = decisionIn(event);
    const base = { version: 1, goal_id: event.goalId, created_at: iso(event.at), actor: event.actor };
    return decision ? [{ ...base, ...decision }] : [];
  });
}

/** `budget-checkpoints.jsonl`: what was spent at each turning point. */
export function budgetCheckpoints(events: readonly GoalEvent[]): readonly object[] {
  const labels: Partial<Record<GoalEvent['type'], string>> = {
    'goal.opened': 'goal_created',
    'candidate.verified': 'verify_completed',
    'slice.committed': 'execute_completed',
    'goal.accepted': 'integration_decision',
    'goal.rejected': 'integration_decision',
    'goal.paused': 'goal_paused',
    'goal.resumed': 'goal_resumed',
    'goal.cancel_requested': 'goal_cancelled',
    'budget.extended': 'budget_extended',
    'goal.stopped': 'goal_stopped',
    'goal.concluded': 'goal_concluded',
  };
  let state: GoalState = noGoal;
  return events.flatMap((event): readonly object[] => {
    state = evolve(state, event);
    const label = labels[event.type];
    if (label === undefined || !state.exists) return [];
    const { budget, spend } = state;
    return [
      {
        version: 1,
        goal_id: event.goalId,
        label,
        status: verdict(state).status,
        phase: state.phase,
        recorded_at: iso(event.at),
        agent_secs: Math.round(spend.agentMs / 1_000),
        ...(budget.timeMs === null
          ? {}
          : { remaining_budget_secs: Math.max(0, Math.round((budget.timeMs - spend.agentMs) / 1_000)) }),
        used_tokens: spend.tokensTotal,
        ...(budget.tokens === null
          ? {}
          : { remaining_budget_tokens: Math.max(0, budget.tokens - spend.tokensTotal) }),
        estimated_cost_usd: spend.usd,
      },
    ];
  });
}

const iso = (at: number): string => new Date(at).toISOString();
