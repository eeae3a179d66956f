import type { GoalCommand } from '../../../shared/goal/commands.ts';
import { event } from '../../../shared/goal/events.ts';
import { graphProblems } from '../../../shared/goal/graph.ts';
import { isSafeGoalAgentPath } from '../../../shared/goal/path-policy.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import type { TaskSpec } from '../../../shared/goal/vocabulary.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { liveAttempt } from './attempt.ts';
import { refuse } from './context.ts';
import type { Decided } from './context.ts';

type Command<T extends GoalCommand['type']> = Extract<GoalCommand, { type: T }>;

/** A goal with more follow-up work than this is another goal. */
const MAX_PROPOSALS = 20;
/** Tasks waiting for tasks waiting for tasks: deeper chains are plans, not follow-ups. */
const MAX_DEPTH = 5;
const MAX_CLAIMS = 200;

/** Records follow-up work that an agent proposes, if it keeps the rules every task keeps. It starts nothing. */
export function proposeTask(state: OpenGoal, { attemptId, fence, task }: Command<'task.propose'>): Decided {
  const live = liveAttempt(state, attemptId, fence);
  if (!live.ok) return live;
  if (state.proposals.some((one) => canonicalJson(one.task) === canonicalJson(task))) return ok([]);
  const problem = problemOf(state, task);
  return problem === null
    ? ok([event('task.proposed', { attemptId, task })])
    : refuse('task.refused', problem);
}

function problemOf(state: OpenGoal, task: TaskSpec): string | null {
  if (state.proposals.length >= MAX_PROPOSALS)
    return `This goal has ${MAX_PROPOSALS} proposed tasks already; no more are taken.`;
  const known = [...state.tasks, ...state.proposals.map((one) => one.task)];
  if (known.some((one) => one.id === task.id))
    return `There is a task ${task.id} already; choose another id or title.`;
  if (task.writeSet.length === 0) return 'Say which files or folders the task would write.';
  const unsafe = [...task.readSet, ...task.writeSet].find((path) => !isSafeGoalAgentPath(path));
  if (unsafe !== undefined)
    return `No task may read or write ${JSON.stringify(unsafe.slice(0, 200))}; name paths inside the project that are not settings of Git, CI, gates or agents.`;
  const [wrong] = graphProblems([...known, task]);
  if (wrong !== undefined) return wrong;
  return depthOf(task, known) > MAX_DEPTH
    ? `The task would be number ${MAX_DEPTH + 1} in a row of tasks that wait for each other; that is too many.`
    : null;
}

/** The graph has no circle: `graphProblems` said so. */
function depthOf(task: TaskSpec, known: readonly TaskSpec[]): number {
  const before = known.filter((one) => task.dependencies.includes(one.id));
  return 1 + Math.max(0, ...before.map((one) => depthOf(one, known)));
}

/** Records what an agent says it did. The proof holds it against evidence. */
export function makeClaim(state: OpenGoal, { attemptId, fence, claim }: Command<'claim.make'>): Decided {
  const live = liveAttempt(state, attemptId, fence);
  if (!live.ok) return live;
  const same = state.claims.some(
    (one) => one.attemptId === attemptId && canonicalJson(one.claim) === canonicalJson(claim),
  );
  if (same) return ok([]);
  if (state.claims.length >= MAX_CLAIMS)
    return refuse('claim.refused', `This goal holds ${MAX_CLAIMS} reports already; no more are taken.`);
  return ok([event('claim.made', { attemptId, claim })]);
}
