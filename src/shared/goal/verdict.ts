import { short } from '../units.ts';
import { inFlight } from './attempts.ts';
import type { Halt } from './attempts.ts';
import { verificationShortfall } from './candidate.ts';
import { isConcluding, nextWork } from './next-step.ts';
import { openQuestions } from './questions.ts';
import type { GoalState, OpenGoal } from './state.ts';
import type { GoalStatus, Reason } from './vocabulary.ts';

export type Verdict = {
  readonly status: GoalStatus;
  /** The chain that explains the status. */
  readonly reasons: readonly Reason[];
  /** What also holds but did not win. */
  readonly secondary: readonly Reason[];
};

type Claim = { readonly status: GoalStatus; readonly reasons: readonly Reason[] };

/**
 * The one place that decides a status. Pure and total: every prefix of every log has exactly one. Precedence is that of
 * the decisions: concluded, cancelled, infra, paused, running, breach, budget, failed, external, human.
 */
export function verdict(state: GoalState): Verdict {
  if (!state.exists)
    return { status: 'running', reasons: [reason('goal.unopened', 'Not opened yet.')], secondary: [] };
  const [first, ...others] = claims(state);
  if (!first) return { status: 'not_ready', reasons: [noEvidence], secondary: [] };
  if (state.concluded) return { ...first, secondary: [] };
  return { ...first, secondary: others.flatMap((one) => one.reasons) };
}

/** Everything that could be said of the goal, strongest first. */
function claims(state: OpenGoal): readonly Claim[] {
  const { concluded } = state;
  if (concluded) return [concluded.status === 'ready' && !isProven(state) ? inconsistent : concluded];
  const work = nextWork(state);
  const of = (cause: Halt['cause'], status: GoalStatus): Claim[] => {
    const reasons = work.halts.filter((one) => one.cause === cause).flatMap((one) => one.reasons);
    return reasons.length > 0 ? [{ status, reasons }] : [];
  };
  const landedUnproven = state.landed !== null && !isProven(state);
  return [
    ...(state.cancelRequested ? [cancelled(state)] : []),
    ...(isConcluding(state) ? [{ status: 'not_ready' as const, reasons: [rejected(state)] }] : []),
    ...(landedUnproven ? [inconsistent] : []),
    ...of('infra', 'failed_infra'),
    ...(state.paused
      ? [{ status: 'paused' as const, reasons: [reason('goal.paused', 'You paused it.')] }]
      : []),
    ...running(state, work),
    ...of('breach', 'not_ready'),
    ...of('budget', 'needs_more_budget'),
    ...of('failed', 'not_ready'),
    ...of('external', 'blocked_on_external'),
    ...waiting(state),
    ...of('note', 'not_ready'),
  ];
}

function running(state: OpenGoal, work: ReturnType<typeof nextWork>): readonly Claim[] {
  const moving =
    inFlight(state).length > 0 ||
    work.intents.length > 0 ||
    work.ask !== null ||
    work.act !== null ||
    state.landed !== null;
  // While paused nothing runs, and saying that something would is no reason.
  if (!moving || state.paused) return [];
  return [{ status: 'running', reasons: [reason('work.planned', 'Work is in flight or due.')] }];
}

function waiting(state: OpenGoal): readonly Claim[] {
  const reasons = openQuestions(state).map((one) => reason(`question.open`, one.question.title));
  return reasons.length > 0 ? [{ status: 'blocked_on_human', reasons }] : [];
}

function cancelled(state: OpenGoal): Claim {
  const reasons = [reason('goal.cancelled', 'You stopped it.')];
  if (state.landed)
    reasons.push(reason('result.landed', `The result had already landed as ${state.landed.ref}.`));
  return { status: 'cancelled', reasons };
}

function rejected(state: OpenGoal): Reason {
  const why = state.rejections.at(-1)?.reason.trim() ?? '';
  return reason(
    'goal.rejected',
    (why === '' ? 'You rejected the result.' : `You rejected the result: ${why}`).slice(0, 2_000),
  );
}

/**
 * Accepted and landed on exactly the commit and tree that passed verification. Without it nothing says `ready`, whatever
 * the log claims.
 */
export function isProven(state: OpenGoal): boolean {
  const { accepted, landed } = state;
  if (!accepted || !landed || landed.commit !== accepted.commit) return false;
  return state.verifications.some(
    (one) =>
      one.passed &&
      one.commit === accepted.commit &&
      one.tree === accepted.tree &&
      one.version < accepted.version &&
      (one.oracleDigest === state.oracle?.digest ||
        state.approvedOracles.some((ok) => ok.digest === one.oracleDigest)) &&
      one.baseTree === state.base?.tree &&
      verificationShortfall(state, one).length === 0,
  );
}

/** How the goal ends for good, once nothing is in flight; `null` while it may go on. */
export function conclusion(state: OpenGoal): Claim | null {
  if (state.concluded || inFlight(state).length > 0) return null;
  if (state.cancelRequested) return cancelled(state);
  if (isConcluding(state)) return { status: 'not_ready', reasons: [rejected(state)] };
  if (!isProven(state)) return null;
  return {
    status: 'ready',
    reasons: [
      reason(
        'result.landed',
        `Commit ${short(state.landed?.commit ?? '')} passed verification, was accepted by ${state.accepted?.by === 'policy' ? 'policy' : 'you'} and landed as ${state.landed?.ref ?? ''}.`,
      ),
    ],
  };
}

/** The stop a goal has come to: nothing runs, nothing can be planned, somebody outside must act. */
export function stop(state: OpenGoal): Claim | null {
  if (state.concluded || inFlight(state).length > 0) return null;
  const { status, reasons } = verdict(state);
  return status === 'running' || status === 'paused' ? null : { status, reasons };
}

/** A retry gives new attempts; a question or a spent budget needs its own answer first. */
export function mayRetry(state: OpenGoal): boolean {
  if (state.concluded || state.cancelRequested || inFlight(state).length > 0) return false;
  const { status } = verdict(state);
  return status === 'not_ready' || status === 'failed_infra' || status === 'blocked_on_external';
}

/** Blocked on something outside that a resume looks at again. */
export const mayRecheck = (state: OpenGoal): boolean => verdict(state).status === 'blocked_on_external';

/** How far a proof may speak: nothing is concluded from what cannot be trusted, and only a goal at rest is judged. */
export function conclusionTone(state: OpenGoal): {
  readonly tone: 'untrusted' | 'stopped' | 'open';
  readonly reasons: readonly Reason[];
} {
  const { status, reasons } = verdict(state);
  if (status === 'failed_infra') return { tone: 'untrusted', reasons };
  return { tone: status === 'not_ready' || status === 'needs_more_budget' ? 'stopped' : 'open', reasons };
}

const reason = (code: string, message: string): Reason => ({ code, message });
const noEvidence = reason('evidence.missing', 'Nothing is planned and nothing is proven.');
const inconsistent: Claim = {
  status: 'failed_infra',
  reasons: [
    reason(
      'log.inconsistent',
      'The log says the result landed, but no passed verification of exactly that commit comes before. Nothing is concluded from it.',
    ),
  ],
};
