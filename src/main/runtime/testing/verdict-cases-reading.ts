import { auto, begun, fails } from './histories.ts';
import { verdictRows } from './verdict-rows.ts';
import { openGoal } from './world.ts';

const { cases, row } = verdictRows();

// ---- planning and second opinion --------------------------------------------------------------------------------------

const byAgent = { planning: 'agent' } as const;
row('planning', begun(openGoal(byAgent).driveTo('plan')), 'running', 'work.planned');
row(
  'planner-failed',
  fails(openGoal({ ...byAgent, yesPlan: false }).driveTo('plan'), 'plan.invalid', 'agent'),
  'blocked_on_human',
  'question.open',
);
row(
  'planner-needs-sign-in',
  fails(openGoal(byAgent).driveTo('plan'), 'agent.auth_required', 'person'),
  'blocked_on_human',
  'question.open',
);
row(
  'plan-sent-back',
  openGoal({ ...byAgent, yesPlan: false })
    .driveTo(null)
    .answer('plan.approve', { choice: 'revise', text: 'One task only.' }),
  'running',
  'work.planned',
);
row('planned-by-agent-and-landed', openGoal({ ...auto, ...byAgent }).driveTo(null), 'ready', 'result.landed');
row('first-task-delivered', openGoal(byAgent).driveTo('agent').deliver('parser'), 'running', 'work.planned');
row(
  'second-opinion-due',
  begun(openGoal({ ...auto, review: 'agent' }).driveTo('review')),
  'running',
  'work.planned',
);
row(
  'second-opinion-failed',
  fails(openGoal({ review: 'agent' }).driveTo('review'), 'review.invalid', 'agent'),
  'blocked_on_human',
  'question.open',
);
row(
  'second-opinion-and-landed',
  openGoal({ ...auto, review: 'agent' }).driveTo(null),
  'ready',
  'result.landed',
);

/** Goals planned and looked at by an agent that only reads. */
export const readingCases = cases;
