import type { Api } from '../../shared/api/index.ts';
import { branchOf } from '../../shared/goal/proof-view.ts';
import { openQuestions } from '../../shared/goal/questions.ts';
import type { GoalState } from '../../shared/goal/state.ts';
import { exitCodeOf, statusWord } from '../../shared/goal/status-table.ts';
import { verdict } from '../../shared/goal/verdict.ts';
import type { GoalStatus, Reason } from '../../shared/goal/vocabulary.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { Client } from '../../shared/rpc/connect.ts';
import { inert, inertLine } from '../../shared/safe-text.ts';
import type { Io } from './io.ts';
import { line } from './output.ts';

type Outcome = { readonly status: GoalStatus; readonly reasons: readonly Reason[] };

/** What a goal has come to; a log that cannot be trusted concludes nothing, whatever its readable part says. */
export const outcomeOf = (state: GoalState, unreadable: string | null): Outcome =>
  unreadable === null
    ? verdict(state)
    : { status: 'failed_infra', reasons: [{ code: 'log.unreadable', message: unreadable }] };

/** Prints how a run ended, as its last line where it is read by a program, and returns the exit code. */
export async function printOutcome(
  client: Client<Api>,
  goalId: GoalId,
  state: GoalState,
  o: { readonly json: boolean; readonly io: Io; readonly unreadable: string | null },
): Promise<number> {
  const { io } = o;
  const { status, reasons } = outcomeOf(state, o.unreadable);
  // The goal has ended as it has, also where its proof cannot be written or shown.
  const proof = await client.proofs.get({ goalId }).catch(() => null);
  const proofPath = proof === null || proof.path === '' ? null : proof.path;
  const exitCode = exitCodeOf(status);
  if (o.json) {
    line(io, {
      type: 'result',
      goal_id: goalId,
      status,
      reasons,
      proof_path: proofPath,
      exit_code: exitCode,
    });
    return exitCode;
  }
  io.out(`\n${statusWord(status)} (${status})\n`);
  for (const reason of reasons) io.out(`  ${inertLine(reason.message)}\n`);
  if (state.exists) {
    for (const { questionId, question } of openQuestions(state)) {
      io.out(`\n${inertLine(question.title)}\n`);
      if (question.context !== '') io.out(`  ${inertLine(question.context)}\n`);
      if (question.subject !== undefined) io.out(`${inert(question.subject).replace(/^/gm, '    ')}\n`);
      if (question.quote !== undefined)
        io.out(`  The agent: ${inert(question.quote).replace(/\n/g, '\n    ')}\n`);
      question.choices.forEach((choice, index) => io.out(`  ${index + 1}. ${inertLine(choice.label)}\n`));
      io.out(
        `  omk goal answer ${goalId} ${questionId} --choice N${question.multi === true ? ',N…' : ''}${question.allowText ? ' | --text T' : ''}\n`,
      );
    }
    if (state.landed) io.out(`Branch: ${inertLine(branchOf(state.landed.ref))}\n`);
  }
  io.out(`Goal:   ${goalId}\n`);
  if (proofPath !== null) io.out(`Proof:  ${inertLine(proofPath)}\n`);
  return exitCode;
}
