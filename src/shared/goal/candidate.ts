import { questionSince } from './questions.ts';
import type { Candidate, OpenGoal, Verification } from './state.ts';
import type { Finding, QuestionKind, Reason } from './vocabulary.ts';

/** Where the newest candidate stands. `repeated`: bytes that were already refused came back unchanged. */
export type Judged =
  | { readonly type: 'none' }
  | { readonly type: 'empty' | 'sent_back' | 'unverified'; readonly candidate: Candidate }
  | { readonly type: 'repeated'; readonly candidate: Candidate; readonly reasons: readonly Reason[] }
  | {
      readonly type: 'failed';
      readonly candidate: Candidate;
      readonly breach: boolean;
      readonly reasons: readonly Reason[];
    }
  | {
      readonly type: 'asks';
      readonly candidate: Candidate;
      readonly verification: Verification;
      readonly kind: Extract<QuestionKind, 'oracle.changed' | 'policy.finding'>;
    }
  | { readonly type: 'passed'; readonly candidate: Candidate; readonly verification: Verification };

export function judgeCandidate(state: OpenGoal): Judged {
  const candidate = state.candidates.at(-1);
  if (!candidate) return { type: 'none' };
  if (state.rejections.some((one) => one.version > candidate.version))
    return { type: 'sent_back', candidate };
  if (candidate.tree === state.base?.tree) return { type: 'empty', candidate };
  const verification = verificationOf(state, candidate);
  if (!verification) return judgeUnverified(state, candidate);

  const breach = verification.findings.some((one) => one.effect === 'breach');
  const shortfall = verificationShortfall(state, verification);
  const failed = (): Judged => ({
    type: 'failed',
    candidate,
    breach,
    reasons: verification.reasons.length > 0 ? verification.reasons : shortfall,
  });
  if (breach) return failed();
  // Whoever verified proposes an oracle only where a person may decide it; red with the base oracle included.
  if (verification.proposedOracle !== null && !isApproved(state, verification.proposedOracle)) {
    return { type: 'asks', candidate, verification, kind: 'oracle.changed' };
  }
  if (shortfall.length > 0) return failed();
  const findings = unsettledFindings(state, verification);
  if (
    findings.length > 0 &&
    questionSince(state, 'policy.finding', verification.version).type !== 'answered'
  ) {
    return { type: 'asks', candidate, verification, kind: 'policy.finding' };
  }
  return { type: 'passed', candidate, verification };
}

function judgeUnverified(state: OpenGoal, candidate: Candidate): Judged {
  // The candidate itself could not be verified, by its own doing: names no file system can hold, for instance.
  const unusable = state.attempts.findLast(
    (one) =>
      one.kind === 'verify' &&
      one.startedVersion > candidate.version &&
      one.outcome.type === 'failed' &&
      one.outcome.failure.blame === 'agent',
  );
  if (unusable?.outcome.type === 'failed') {
    const { code, message } = unusable.outcome.failure;
    return { type: 'failed', candidate, breach: false, reasons: [{ code, message }] };
  }
  const refused = refusedBefore(state, candidate);
  if (!refused) return { type: 'unverified', candidate };
  return {
    type: 'repeated',
    candidate,
    reasons: [
      {
        code: 'slice.no_progress',
        message:
          'The agent delivered the same tree again although it was refused before. Retry, or say more in the goal.',
      },
      ...refused,
    ],
  };
}

/** Reasons why exactly this tree was refused in this wave, or sent back by a person. */
function refusedBefore(state: OpenGoal, candidate: Candidate): readonly Reason[] | null {
  for (const earlier of state.candidates) {
    if (earlier.version >= candidate.version || earlier.tree !== candidate.tree) continue;
    const next = state.candidates.find((one) => one.version > earlier.version);
    const sentBack = state.rejections.find(
      (one) => one.version > earlier.version && one.version < (next?.version ?? Infinity),
    );
    if (sentBack)
      return [{ code: 'goal.rejected', message: sentBack.reason || 'A person sent this result back.' }];
    const verification = verificationOf(state, earlier);
    if (!verification || verification.version <= state.marks.wave) continue;
    if (verificationShortfall(state, verification).length > 0) return verification.reasons;
  }
  return null;
}

/**
 * The verification that speaks about exactly this commit and tree under the oracle that holds now. An approval of the
 * oracle the slice proposes makes what was verified before it void.
 */
export function verificationOf(state: OpenGoal, candidate: Candidate): Verification | null {
  return (
    state.verifications.findLast(
      (one) =>
        one.version > candidate.version &&
        one.commit === candidate.commit &&
        one.tree === candidate.tree &&
        one.baseTree === state.base?.tree &&
        (one.oracleDigest === state.oracle?.digest || isApproved(state, one.oracleDigest)) &&
        !state.approvedOracles.some((ok) => ok.digest === one.proposedOracle && ok.version > one.version),
    ) ?? null
  );
}

const isApproved = (state: OpenGoal, digest: string): boolean =>
  state.approvedOracles.some((one) => one.digest === digest);

/** Findings that a person must decide, unless the agent takes back what they are about: those about locked files are settled with the oracle they belong to. */
export function unsettledFindings(state: OpenGoal, verification: Verification): readonly Finding[] {
  const approved = verification.proposedOracle !== null && isApproved(state, verification.proposedOracle);
  return verification.findings.filter(
    (one) => one.effect === 'question' && !(approved && verification.lockedChanged.includes(one.file)),
  );
}

/** Why this run of the gates is not a pass, whatever it says of itself: every required gate must be there and passed. */
export function verificationShortfall(state: OpenGoal, verification: Verification): readonly Reason[] {
  const reasons: Reason[] = [];
  for (const gate of state.oracle?.gates ?? []) {
    if (!gate.selected || !gate.required || gate.kind === 'setup') continue;
    const record = verification.gates.find((one) => one.name === gate.name);
    if (!record) {
      reasons.push({ code: 'gate.missing', message: `${gate.name} did not run on the result.` });
    } else if (record.outcome !== 'passed') {
      reasons.push({
        code: `gate.${record.outcome}`,
        message: `${gate.name} ${outcomeWords[record.outcome]} on the result.`,
        evidence: record.evidence,
      });
    }
  }
  for (const finding of verification.findings) {
    if (finding.effect === 'breach') reasons.push({ code: 'policy.breach', message: finding.message });
  }
  if (!verification.passed && reasons.length === 0) {
    const own = verification.reasons;
    return own.length > 0
      ? own
      : [{ code: 'verification.failed', message: 'The verification of the result did not pass.' }];
  }
  return reasons;
}

const outcomeWords = {
  failed: 'failed',
  errored: 'could not be run',
  timed_out: 'ran out of time',
  skipped: 'was skipped, which is not a pass,',
  flaky: 'was flaky, which is not a pass,',
} as const;

/** A check that was red on base is green now, by more than the agent's own tests; or a person chose a kind that needs none. */
export const wentRedToGreen = (state: OpenGoal, verification: Verification): boolean =>
  state.opened.policy.kind !== 'change' || (verification.redToGreenCount > 0 && !verification.onlyOwnTests);
