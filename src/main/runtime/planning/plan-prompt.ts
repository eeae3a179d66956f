import { toldGates } from '../../../shared/goal/gate-table.ts';
import { planSentBack } from '../../../shared/goal/planning.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import { saidByPerson, writtenByPerson } from '../performers/prompt.ts';
import { planLimits } from './read-plan.ts';

const mostRed = 50;
const mostLines = 250;

/** First words of every planning prompt; the demonstration agent knows it by them. */
export const planOpening = 'Plan the work on this goal. Only read; change nothing.';

/** What a planner is told. Plain text, no leading slash (some agents read that as a command). */
export function planPrompt(goal: OpenGoal, paths: readonly string[]): string {
  const sections = [
    `${planOpening} You are in a copy of the project that is thrown away afterwards. Other sessions will carry out what you plan, one task after the other.`,
    `The goal:\n\n${goal.opened.text}`,
    saidByPerson(goal),
    writtenByPerson(goal.notes),
    sentBack(goal),
    judges(goal),
    `The project:\n${outline(paths)}`,
    rules(goal),
    form,
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** The one second chance: what was wrong, and the form again. */
export const repairPrompt = (problems: readonly string[]): string =>
  [
    'Your answer is no plan that can be used:',
    ...problems.map((problem) => `- ${problem}`),
    'Answer once more with the whole document, put right, and nothing else.',
    form,
  ].join('\n');

function sentBack(goal: OpenGoal): string {
  if (planSentBack(goal) === null || !goal.plan) return '';
  const titles = goal.plan.proposed.tasks.map((task) => `- ${task.title}`);
  return `The person saw a plan with these tasks and wants another one, as said above:\n${titles.join('\n')}`;
}

function judges(goal: OpenGoal): string {
  const red = goal.baseChecked?.red ?? [];
  return [
    'These commands judge the result:',
    ...toldGates(goal),
    red.length === 0 ? 'All of them pass now.' : 'These checks fail now:',
    ...red.slice(0, mostRed).map((one) => `- ${one}`),
  ].join('\n');
}

const rules = (goal: OpenGoal): string =>
  [
    'Rules for the plan:',
    `- At most ${planLimits.tasks} tasks, at most ${planLimits.depth} after each other; as few as make sense. A small goal is one task.`,
    '- Each task names the files and folders it may write, relative to the project, without patterns. "project files" means everything.',
    goal.opened.policy.testsMayChange
      ? '- Existing tests may be changed where the goal needs it.'
      : '- Existing tests, their configuration, CI and gate configuration stay as they are; new tests may be added.',
    ...(goal.opened.project.subfolder === ''
      ? []
      : [`- Everything that is written lies in ${goal.opened.project.subfolder}.`]),
    '- Each task says by what anybody could see that it is done.',
    '- What only a person can decide goes into open_questions. Do not ask in any other way.',
  ].join('\n');

const form = `Answer with exactly one JSON document and nothing else:
{
  "brief": "what is wanted, in a few sentences",
  "technical_plan": "how, in Markdown",
  "test_spec": "what has to be shown by which checks, in Markdown",
  "tasks": [
    {
      "id": "lower-case-and-dashes",
      "title": "one line",
      "description": "what to do",
      "dependencies": ["ids of tasks that come first"],
      "read_set": ["files or folders"],
      "write_set": ["files or folders"],
      "acceptance": ["what shows that it is done"],
      "risk": "low, medium or high"
    }
  ],
  "open_questions": ["only what a person must decide"]
}`;

/** Every file where there are few, else folders with how many files they hold. */
export function outline(paths: readonly string[]): string {
  if (paths.length <= mostLines) return paths.map((path) => `- ${path}`).join('\n');
  for (const depth of [4, 3, 2, 1]) {
    const folders = new Map<string, number>();
    for (const path of paths) {
      const parts = path.split('/');
      const folder =
        parts.length === 1 ? path : `${parts.slice(0, Math.min(depth, parts.length - 1)).join('/')}/`;
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    if (folders.size > mostLines && depth > 1) continue;
    const lines = [...folders].slice(0, mostLines);
    const left = folders.size - lines.length;
    return [
      ...lines.map(([name, files]) => `- ${name}${name.endsWith('/') ? ` (${files} files)` : ''}`),
      ...(left > 0 ? [`- and ${left} more`] : []),
    ].join('\n');
  }
  return '';
}
