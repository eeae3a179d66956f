import { Bug } from '../../../shared/kernel/bug.ts';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { Performer } from '../performer.ts';
import { readInSession } from '../performers/reading-session.ts';
import type { ReadingDeps } from '../performers/reading-session.ts';
import { planPrompt, repairPrompt } from './plan-prompt.ts';
import { readPlan } from './read-plan.ts';
import type { Plan } from './read-plan.ts';

/**
 * One session that reads base and answers with a plan; one more prompt in it where the answer is none. Nothing it writes goes
 * anywhere. Dying in between leaves a folder that the next reading session of the goal removes.
 */
export function planPerformer(deps: ReadingDeps): Performer {
  return async (context) => {
    const { goal } = context;
    if (!goal.base) throw new Bug('Planning was due before base was pinned.');
    const files = (await deps.workspaces.tree(goal.goalId, goal.base.tree).all()).map((one) => one.path);
    const frame = {
      paths: new Set(files),
      subfolder: goal.opened.project.subfolder,
      testsMayChange: goal.opened.policy.testsMayChange,
    };
    let plan: Plan | null = null;
    let problems: readonly string[] = [];
    let tries = 0;
    const read = await readInSession(deps, context, {
      tree: goal.base.tree,
      label: 'plans',
      first: planPrompt(goal, files),
      next(answer) {
        tries += 1;
        const found = readPlan(answer, frame);
        if (found.ok) {
          plan = found.value;
          return null;
        }
        problems = found.error;
        return tries > 1 ? null : repairPrompt(problems);
      },
    });
    const { evidence } = read;
    if (plan !== null) return { type: 'finished', result: { kind: 'plan', ...(plan as Plan) }, evidence };
    if (read.type === 'interrupted') return { type: 'interrupted' };
    return { type: 'failed', failure: read.failure ?? noPlan(problems), evidence };
  };
}

const noPlan = (problems: readonly string[]): Failure => ({
  code: 'plan.invalid',
  message: `The agent answered twice without a plan that can be used. ${problems[0] ?? ''}`
    .trim()
    .slice(0, 2_000),
  retry: 'never',
  blame: 'agent',
});
