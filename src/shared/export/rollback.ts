import type { OpenGoal } from '../goal/state.ts';
import { inert } from '../safe-text.ts';
import { block, code, plain } from './markdown-text.ts';

const MAX_EVIDENCE = 65_536;

/**
 * `rollback-rejected-slice.md` of the reference: what a rejection for good leaves behind and how to get rid of it, a plan only.
 * `null` unless a person concluded the goal with a rejection.
 */
export function rollbackDocument(state: OpenGoal): string | null {
  const rejection = state.rejections.at(-1);
  if (rejection?.mode !== 'conclude') return null;
  const changed = state.verifications.at(-1)?.changed ?? [];
  const branch = `goal/${state.goalId}/result`;
  return [
    '# Rollback plan',
    '',
    `Goal ID: ${state.goalId}`,
    '',
    `Reason: ${plain(rejection.reason) || 'none was given'}`,
    '',
    '## Scope',
    '',
    ...(changed.length === 0
      ? ['- no changed-file evidence recorded']
      : changed.map((file) => `- ${code(file.path)} (${file.change})`)),
    '',
    '## Recovery Steps',
    '',
    state.landed
      ? `1. Commit ${code(state.landed.commit)} had landed as ${code(state.landed.ref)}. Delete that branch if nothing was built on it: ${code(`git branch -D ${branch}`)}.`
      : `1. Nothing landed: no branch, file or setting of ${code(state.opened.project.path)} was changed. To be sure: ${code(`git branch --list ${branch}`)} prints nothing.`,
    `2. What agents wrote is kept and nobody uses it: ${state.candidates.length === 0 ? 'nothing was delivered' : state.candidates.map((one) => `commit ${code(one.commit)} as ${code(one.custodyRef)}`).join(', ')}.`,
    `3. To try again, open a new goal from base ${code(state.base?.commit ?? '')} and say in it what was wrong here.`,
    '',
    ...conflicts(state),
  ].join('\n');
}

/** What stood in the way of a delivery, by slice. */
function conflicts(state: OpenGoal): string[] {
  return state.attempts
    .flatMap((attempt) =>
      attempt.outcome.type === 'failed' && /conflict|landing/.test(attempt.outcome.failure.code)
        ? [
            {
              id: attempt.taskId ?? attempt.attemptId,
              failure: attempt.outcome.failure,
              evidence: attempt.evidence,
            },
          ]
        : [],
    )
    .toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .flatMap(({ id, failure, evidence }) => [
      `## Conflict evidence — slice ${code(id)}`,
      '',
      `**Blocking reason:** ${plain(failure.message)}`,
      '',
      ...evidence.map((digest) => `**Evidence artifact:** ${code(`evidence/${digest}`)}`),
      ...(failure.detail === undefined ? [] : [block(bounded(JSON.stringify(failure.detail, null, 2))), '']),
    ]);
}

function bounded(text: string): string {
  const shown = inert(text);
  return shown.length <= MAX_EVIDENCE
    ? shown
    : `${shown.slice(0, MAX_EVIDENCE)}\n...(truncated at ${MAX_EVIDENCE} characters)`;
}
