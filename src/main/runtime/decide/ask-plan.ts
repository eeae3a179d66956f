import { byDependency } from '../../../shared/goal/graph.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import type { Question, TaskSpec } from '../../../shared/goal/vocabulary.ts';
import { count } from '../../../shared/units.ts';

/** Short enough for a card; the whole is in the tasks and in the plan's documents. */
const briefShown = 1_500;
const acceptanceShown = 3;

/** May this plan begin? omk's words first, then the tasks, then what the planner wrote and would like to know, as a quote. */
export function planQuestion(state: OpenGoal): Omit<Question, 'digest' | 'blocks' | 'costOfWaiting'> {
  const { plan, opened } = state;
  const documents = plan?.proposed.documents;
  const asks = documents?.openQuestions ?? [];
  const quote = [
    documents === undefined ? '' : cut(documents.brief.trim(), briefShown),
    asks.length === 0 ? '' : ['It asks you:', ...asks.map((one, index) => `${index + 1}. ${one}`)].join('\n'),
  ].filter((part) => part !== '');
  return {
    kind: 'plan.approve',
    title: 'Start with this plan?',
    context: [
      source(state),
      asks.length > 0 ? `It leaves ${count(asks.length, 'question')} to you.` : '',
      baseSentence(state),
    ]
      .filter((part) => part !== '')
      .join(' '),
    subject: tasksText(plan?.proposed.tasks ?? []),
    ...(quote.length > 0 && { quote: quote.join('\n\n').slice(0, 8_000) }),
    choices: [
      { id: 'approve', label: 'Start', detail: 'What you write goes to the agent with the plan.' },
      ...(opened.policy.planning === 'agent'
        ? [
            {
              id: 'revise',
              label: 'Plan again',
              detail: 'Needs a sentence that says what should be different.',
            },
          ]
        : []),
      { id: 'cancel', label: 'Cancel the goal' },
    ],
    defaultChoice: 'approve',
    allowText: true,
  };
}

function source({ plan, opened }: OpenGoal): string {
  if (!plan) return '';
  const { source: by, tasks, note } = plan.proposed;
  if (by === 'agent') return `${opened.agent.name} proposes ${count(tasks.length, 'task')}.`;
  return note === undefined ? '' : `omk planned one slice by itself: ${note}`;
}

function baseSentence(state: OpenGoal): string {
  const red = state.baseChecked?.red.length ?? 0;
  return red === 0
    ? 'Every gate is green on base.'
    : `${red} ${red === 1 ? 'check is' : 'checks are'} red on base.`;
}

const tasksText = (tasks: readonly TaskSpec[]): string =>
  byDependency(tasks)
    .map((task, index) =>
      [
        tasks.length === 1 ? task.title : `${index + 1}. ${task.title}`,
        ...(tasks.length === 1 ? [] : [`   writes ${task.writeSet.join(', ')}`]),
        ...task.acceptance
          .slice(0, tasks.length === 1 ? undefined : acceptanceShown)
          .map((line) => (tasks.length === 1 ? `- ${line}` : `   - ${line}`)),
      ].join('\n'),
    )
    .join('\n\n');

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);
