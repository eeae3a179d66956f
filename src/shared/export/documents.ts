import { formatDuration } from '../goal/duration.ts';
import type { OpenGoal } from '../goal/state.ts';
import { block, code, plain } from './markdown-text.ts';

/** The plan documents of the reference's layout, from state alone. Exports: people read them, omk never does. */

export function briefDocument(state: OpenGoal): string {
  return [
    '# Goal Brief',
    '',
    `Generated: ${iso(state.updatedAt)}`,
    '',
    '## Original Goal',
    '',
    block(state.opened.text),
    '',
    '## Normalized Goal',
    '',
    plain(state.opened.text),
    '',
    ...words('Brief', state.plan?.proposed.documents?.brief),
    ...words(
      'Open Questions',
      state.plan?.proposed.documents?.openQuestions.map((one) => `- ${one}`).join('\n'),
    ),
    '## Current Scope',
    '',
    `Project ${plain(state.opened.project.name)}${state.opened.project.subfolder === '' ? '' : `, folder ${code(state.opened.project.subfolder)}`}, base ${state.base?.commit ?? 'not pinned yet'}.`,
    ...state.questions.flatMap(({ question, state: answer }) =>
      answer.type === 'answered'
        ? [`- ${plain(question.title)} ${plain([answer.choice, answer.text].filter(Boolean).join(': '))}`]
        : [],
    ),
    '',
  ].join('\n');
}

export function planDocument(state: OpenGoal): string {
  const { budget } = state;
  return [
    '# Technical Plan',
    '',
    `Generated: ${iso(state.updatedAt)}`,
    '',
    '## Controller Phases',
    '',
    '1. Intake: pin base, find the gates.',
    '2. Baseline: run the gates on base.',
    '3. Planning.',
    '4. Execution: bounded attempts, each in a worktree of its own.',
    '5. Verification: a clean tree of the exact commit, with the oracle of base.',
    '6. Review.',
    '7. Proof and acceptance.',
    '',
    ...(state.plan?.proposed.note === undefined
      ? []
      : [`omk planned by itself: ${plain(state.plan.proposed.note)}`, '']),
    ...words('Approach', state.plan?.proposed.documents?.technicalPlan),
    '## Tasks',
    '',
    ...state.tasks.flatMap((task) => [
      `### ${task.id}: ${plain(task.title)}`,
      '',
      block(task.description),
      '',
      `Writes: ${task.writeSet.map(code).join(', ')}. Risk: ${task.risk}. Needs: ${task.dependencies.map(code).join(', ') || 'nothing'}.`,
      '',
      ...task.acceptance.map((line) => `- ${plain(line)}`),
      '',
    ]),
    '## Execution Boundary',
    '',
    `Agent ${plain(state.opened.agent.name)} over ${state.opened.agent.protocol}. Budget: ${budget.timeMs === null ? 'no time limit' : formatDuration(budget.timeMs)}, ${budget.tokens ?? 'unlimited'} tokens.`,
    '',
    `Goal ID: ${state.goalId}`,
    '',
  ].join('\n');
}

export function testSpecDocument(state: OpenGoal): string {
  const gates = (state.oracle?.gates ?? []).filter((gate) => gate.selected);
  return [
    '# Test Spec',
    '',
    `Generated: ${iso(state.updatedAt)}`,
    '',
    '## Required Proof Before Ready',
    '',
    '- Every required gate passes on the exact commit, in a clean tree, with the oracle of base.',
    state.opened.policy.kind === 'change'
      ? '- At least one check is red on base and green on the result.'
      : `- A person chose the kind ${state.opened.policy.kind}: no check has to go from red to green.`,
    '- A person, or the policy a person chose, accepts.',
    '',
    ...words('Planned Checks', state.plan?.proposed.documents?.testSpec),
    '## Oracle Criteria',
    '',
    ...gates.map(
      (gate) => `- ${code(gate.name)}: ${code(gate.argv.join(' '))}${gate.required ? '' : ' (optional)'}`,
    ),
    ...(state.baseChecked
      ? [
          '',
          `Red on base: ${state.baseChecked.red.length === 0 ? 'nothing' : state.baseChecked.red.map(code).join(', ')}.`,
        ]
      : []),
    '',
    `Goal ID: ${state.goalId}`,
    '',
  ].join('\n');
}

/** A planner's own words under a heading of ours: quoted as they are, so that they cannot pass for omk's. */
const words = (heading: string, said: string | undefined): readonly string[] =>
  said === undefined || said.trim() === ''
    ? []
    : [`## ${heading}`, '', 'As the planning agent wrote it:', '', block(said), ''];

/** `task-graph.json` of the reference: status per task as `pending`, `blocked` or `done`. */
export function taskGraph(state: OpenGoal) {
  const verified = state.verifications.some(
    (one) => one.passed && one.commit === state.candidates.at(-1)?.commit,
  );
  return {
    version: 1,
    goal_id: state.goalId,
    generated_at: iso(state.updatedAt),
    tasks: state.tasks.map((task) => ({
      id: task.id,
      title: task.title,
      description: task.description,
      status: verified ? 'done' : state.stopped ? 'blocked' : 'pending',
      evidence: state.candidates
        .filter((one) => one.taskId === task.id)
        .map((one) => ({ kind: 'commit', path: one.commit, summary: `${one.files} files` })),
      retry_count: Math.max(0, state.attempts.filter((one) => one.taskId === task.id).length - 1),
      max_retries: state.opened.policy.maxAttempts - 1,
      lease_expires_at: null,
      dependencies: task.dependencies,
      read_set: task.readSet,
      write_set: task.writeSet,
      risk: task.risk,
      acceptance: task.acceptance,
    })),
  };
}

const iso = (at: number): string => new Date(at).toISOString();
