import type { AppCommand } from '../../shared/api/agents.ts';
import type { QuestionId } from '../../shared/kernel/ids.ts';
import { allActions } from './actions.ts';
import type { Actions } from './actions.ts';
import type { Router } from './route.ts';

type RunCommand = Extract<AppCommand, { command: 'run' }>['action'];

/** What the menu calls an action, and the page's own id of it. */
const ids: Record<RunCommand, string> = {
  goals: 'goals',
  settings: 'settings',
  palette: 'palette',
  shortcuts: 'keys',
  'toggle-theme': 'theme',
  'goal-pause': 'goal.pause',
  'goal-resume': 'goal.resume',
  'goal-retry': 'goal.retry',
  'goal-cancel': 'goal.cancel',
};

/** Does what the window around the page asks; an action that is not offered now is not done. */
export function runMenuCommand(
  command: AppCommand,
  page: {
    readonly router: Pick<Router, 'go'>;
    readonly actions: Actions;
    readonly nextQuestion: (questionId: QuestionId) => void;
  },
): void {
  switch (command.command) {
    case 'new-goal':
      page.router.go({ screen: 'new', path: command.path });
      return;
    case 'open-goal':
      page.router.go({ screen: 'goal', goalId: command.goalId, tab: 'timeline' });
      return;
    case 'open-question':
      page.router.go({ screen: 'goal', goalId: command.goalId, tab: 'timeline' });
      page.nextQuestion(command.questionId);
      return;
    case 'run':
      allActions(page.actions.store.getState())
        .findLast((action) => action.id === ids[command.action])
        ?.run();
  }
}
