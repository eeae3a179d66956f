import type { OpenGoal } from './state.ts';
import type { TaskSpec } from './vocabulary.ts';

export type TaskRow = {
  readonly task: TaskSpec;
  readonly status: 'done' | 'running' | 'failed' | 'waiting';
  /** Agent attempts so far. */
  readonly tries: number;
};

/** The tasks of the newest plan with where each stands. Done means that something was delivered, not that it is proven. */
export function taskRows(state: OpenGoal): readonly TaskRow[] {
  return (state.plan?.proposed.tasks ?? state.tasks).map((task) => {
    const tries = state.attempts.filter((one) => one.kind === 'agent' && one.taskId === task.id);
    const last = tries.at(-1);
    const delivered = state.candidates.some((one) => one.taskId === task.id);
    return {
      task,
      tries: tries.length,
      status:
        last?.outcome.type === 'in_flight'
          ? 'running'
          : delivered
            ? 'done'
            : last?.outcome.type === 'failed'
              ? 'failed'
              : 'waiting',
    };
  });
}
