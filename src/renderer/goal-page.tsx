import type { GoalId } from '../shared/kernel/ids.ts';
import { BudgetPanel } from './features/budget/budget-panel.tsx';
import { ChangesPanel } from './features/changes/changes-panel.tsx';
import { GatesPanel } from './features/gates/gates-panel.tsx';
import { GoalScreen } from './features/goal/goal-screen.tsx';
import { ProofPanel } from './features/proof/proof-panel.tsx';
import { TasksPanel } from './features/tasks/tasks-panel.tsx';
import { TimelinePanel } from './features/timeline/timeline-panel.tsx';
import type { GoalTab } from './stores/route.ts';
import type { GoalView } from './ui/goal-view.ts';

/** One goal with all its parts: where the features that show it are put together. */
export function GoalPage(props: { goalId: GoalId; tab: GoalTab }) {
  return <GoalScreen goalId={props.goalId} tab={props.tab} renderTab={renderTab} />;
}

function renderTab(tab: GoalTab, view: GoalView) {
  switch (tab) {
    case 'timeline':
      return <TimelinePanel view={view} />;
    case 'tasks':
      return <TasksPanel view={view} />;
    case 'changes':
      return <ChangesPanel view={view} />;
    case 'gates':
      return <GatesPanel view={view} />;
    case 'budget':
      return <BudgetPanel view={view} />;
    case 'proof':
      return <ProofPanel view={view} />;
  }
}
