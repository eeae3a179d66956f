import { judgeCandidate, unsettledFindings } from '../../../shared/goal/candidate.ts';
import { toldGates } from '../../../shared/goal/gate-table.ts';
import { noteLimits } from '../../../shared/goal/notes.ts';
import { chosenLabels } from '../../../shared/goal/questions.ts';
import { sliceScope } from '../../../shared/goal/slice-scope.ts';
import type { Note, OpenGoal } from '../../../shared/goal/state.ts';
import type { Finding, TaskSpec } from '../../../shared/goal/vocabulary.ts';

/** Keeps one prompt within what every agent's context takes; the goal text itself is never cut. */
const FEEDBACK_LIMIT = 12_000;
const PLAN_LIMIT = 8_000;
const NOTES_LIMIT = noteLimits.waiting * noteLimits.characters;

/** What an agent is told for one attempt at one task. Plain text, no leading slash (some agents read that as a command). */
export function taskPrompt(goal: OpenGoal, task: TaskSpec): string {
  const { writeSet } = sliceScope(goal, task);
  const sections = [
    `Work on this goal in the current folder, which is a Git worktree made for you:\n\n${goal.opened.text}`,
    part(goal, task),
    saidByPerson(goal),
    writtenByPerson(goal.notes),
    rules(goal),
    writeSet.includes('project files')
      ? ''
      : `Only changes in these places are taken, everything else is left out: ${writeSet.join(', ')}`,
    feedback(goal),
    toolsOfOmk,
    'When you are done, stop and say in a few plain sentences what you changed.',
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/**
 * What an agent is told that goes on with its conversation. Its unfinished step is lost, the prompt it had may or may not have
 * reached it, and agents put an unanswered prompt before the next one: so everything is said again, and what to do about it first.
 */
export function continuedPrompt(goal: OpenGoal, task: TaskSpec): string {
  return [
    'You were cut short in the middle of this work, by no fault of yours. The step you were in is lost; a command that ran then may have done a part of its work. What you had written into this folder is here, as far as it was kept. Look at the files before you rely on what you remember of them, then go on from where you were and finish. For certainty, here is the whole request again:',
    taskPrompt(goal, task),
  ].join('\n\n');
}

/** Which part of the plan this is. Of a plan that omk made by itself there is nothing to say. */
function part(goal: OpenGoal, task: TaskSpec): string {
  const proposed = goal.plan?.proposed;
  if (proposed?.source !== 'agent' && task.id === 'slice-1' && goal.tasks.length === 1) return '';
  const others = goal.tasks.filter((one) => one.id !== task.id);
  return [
    sliceScope(goal, task).mends
      ? 'Every part of the plan was delivered, and together they do not pass yet. Mend whatever is needed, in any part.'
      : `Your part of it: ${task.title}\n${task.description}`,
    'It is done when:',
    ...task.acceptance.map((line) => `- ${line}`),
    ...(proposed?.documents === undefined
      ? []
      : [`How it was planned:\n${proposed.documents.technicalPlan.slice(0, PLAN_LIMIT)}`]),
    ...(others.length === 0
      ? []
      : ['The other parts, each done by somebody else:', ...others.map((one) => `- ${one.title}`)]),
  ].join('\n');
}

const toolsOfOmk = [
  'omk gives you these tools; their names may carry a prefix such as mcp__omk__:',
  '- ask_person: ask the person who set the goal, only when you cannot decide yourself.',
  '- report_evidence: report what you have seen to be so. It is checked, and proves nothing by itself.',
  '- propose_task: propose follow-up work outside this goal. Without the tool, write a line OMK_TASK_PROPOSAL: followed by a JSON object with id, title, description, write_set and acceptance.',
  '- cannot_be_done: say that the goal cannot be reached or contradicts itself. That is an honest answer; forcing it, or bending what it is judged by, is not. Without the tool, say it plainly.',
].join('\n');

/** What a person has answered so far that an agent should know, with what was asked. */
export function saidByPerson(goal: OpenGoal): string {
  const lines = goal.questions
    .filter((asked) =>
      [
        'goal.vague',
        'plan.approve',
        'agent.question',
        'red_to_green.missing',
        'diff.empty',
        'approval',
        'goal.impossible',
      ].includes(asked.question.kind),
    )
    .flatMap(({ question, state }) => {
      if (state.type !== 'answered') return [];
      // What the planner asked stands at the end of what was shown.
      if (question.kind === 'plan.approve')
        return state.text === null
          ? []
          : [`- The plan: ${(question.quote ?? question.title).slice(-1_000)}\n  ${state.text}`];
      const said = [chosenLabels(question, state.choice).join(', '), state.text]
        .filter((part) => part !== null && part !== '')
        .join(': ');
      return said === '' ? [] : [`- ${(question.quote ?? question.title).slice(0, 1_000)}\n  ${said}`];
    });
  return lines.length === 0 ? '' : `The person who set the goal was asked and answered:\n${lines.join('\n')}`;
}

/** Notes of the person, the newest where there are too many. Those that nobody was told of yet always fit. */
export function writtenByPerson(notes: readonly Note[]): string {
  const lines: string[] = [];
  let room = NOTES_LIMIT;
  for (const { text } of notes.toReversed()) {
    room -= text.length;
    if (room < 0) break;
    lines.unshift(`- ${text.replaceAll('\n', '\n  ')}`);
  }
  return lines.length === 0
    ? ''
    : `The person who set the goal wrote this since; where it differs from the goal, the newest counts:\n${lines.join('\n')}`;
}

function rules(goal: OpenGoal): string {
  return [
    'How the result is judged: your files are taken as one commit and checked out clean elsewhere. There these commands run, with the tests and their configuration as they were before you started:',
    ...toldGates(goal),
    'Existing tests, their configuration, CI files and gate configuration stay as they are; you may add new tests. Files outside this folder do not count.',
  ].join('\n');
}

const foundAt = ({ file, line, message }: Finding): string =>
  `- ${file}${line === null ? '' : `:${line}`}: ${message}`;

function feedback(goal: OpenGoal): string {
  const parts: string[] = [];
  const verification = goal.verifications.at(-1);
  if (verification && !verification.passed) {
    const failed = verification.gates.filter((gate) => gate.outcome !== 'passed');
    parts.push(
      'The last attempt did not pass:',
      ...verification.reasons.map((reason) => `- ${reason.message}`),
      ...failed.flatMap((gate) => gate.failedTests.slice(0, 20).map((test) => `- failed: ${test}`)),
      ...verification.findings.filter((finding) => finding.severity === 'blocker').map(foundAt),
    );
  } else if (verification && judgeCandidate(goal).type === 'asks') {
    parts.push(
      'The last attempt passes. What is left are findings that the person would have to decide. Take back what the goal does not need; what it does need leave as it is, and say why at the end:',
      ...unsettledFindings(goal, verification).map(foundAt),
    );
  } else if (goal.candidates.length > 0 && !verification) {
    parts.push('The last attempt changed no file.');
  }
  const rejection = goal.rejections.at(-1);
  if (rejection) {
    parts.push(
      `The person reviewed the last result and sent it back: ${rejection.reason}`,
      ...rejection.comments.map((comment) => `- ${comment.file}:${comment.line}: ${comment.text}`),
    );
  }
  return parts.join('\n').slice(0, FEEDBACK_LIMIT);
}
