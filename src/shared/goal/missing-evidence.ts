import { short } from '../units.ts';
import { judgeCandidate, verificationOf, verificationShortfall, wentRedToGreen } from './candidate.ts';
import { doubtedChange, projectBreach } from './project-changes.ts';
import { questionSince } from './questions.ts';
import type { OpenGoal } from './state.ts';
import { usesUserHome } from './user-home.ts';
import type { Reason } from './vocabulary.ts';

/**
 * What accepting the newest candidate would leave unproven, in the reference's order: gates, verification, agent, changed
 * files, reviews, oracle. Recomputed from state, never from what anybody claims. Empty: a person may accept.
 */
export function missingEvidence(state: OpenGoal): readonly Reason[] {
  const missing: Reason[] = [];
  const candidate = state.candidates.at(-1);
  const verification = candidate ? verificationOf(state, candidate) : null;
  const judged = judgeCandidate(state);
  if (verification) missing.push(...verificationShortfall(state, verification));
  if (candidate && !verification) {
    missing.push({
      code: 'verification.missing',
      message: `No verification speaks about exactly commit ${short(candidate.commit)}.`,
    });
  }
  if (!candidate) missing.push({ code: 'slice.missing', message: 'No agent has delivered anything yet.' });
  if (judged.type === 'empty')
    missing.push({ code: 'slice.empty', message: 'The result does not differ from base.' });
  if (judged.type === 'sent_back') {
    missing.push({
      code: 'goal.rejected',
      message: 'This result was sent back; the next one is not there yet.',
    });
  }
  if (judged.type === 'asks') {
    missing.push({
      code: judged.kind === 'oracle.changed' ? 'oracle.changed' : 'policy.finding',
      message:
        judged.kind === 'oracle.changed'
          ? 'The result changes files that belong to the oracle, and nobody has decided on that.'
          : 'A finding about the diff waits for a decision.',
    });
  }
  if (!state.oracle || state.trustedDigest !== state.oracle.digest) {
    missing.push({ code: 'oracle.untrusted', message: 'Nobody has trusted the gates.' });
  }
  if (!state.baseChecked)
    missing.push({ code: 'base.unchecked', message: 'The gates have not run on base.' });
  if (verification && !wentRedToGreen(state, verification)) {
    const risk = questionSince(state, 'red_to_green.missing', verification.version);
    if (risk.type !== 'answered' || risk.choice !== 'accept_risk') missing.push(redToGreenMissing);
  }
  missing.push(...projectBreach(state));
  if (doubtedChange(state) !== null)
    missing.push({
      code: 'project.changed',
      message:
        'Your checkout changed while an agent worked that nothing confines, and you have not said by whom.',
    });
  return missing;
}

/** What policy needs beyond that: a person may take a risk, policy may not. */
export function missingForPolicy(state: OpenGoal): readonly Reason[] {
  const missing = [...missingEvidence(state)];
  const judged = judgeCandidate(state);
  if (judged.type !== 'passed') return missing;
  const { verification } = judged;
  if (!wentRedToGreen(state, verification) && !missing.includes(redToGreenMissing))
    missing.push(redToGreenMissing);
  const { agent, policy } = state.opened;
  // Whoever works in the person's home changes what runs outside every wall, so no level above counts.
  const exposed = usesUserHome(agent);
  if ((exposed ? 'L0' : verification.isolation) < policy.minIsolation) {
    const reached = exposed
      ? 'User home exposed, which counts as L0'
      : `Verified at ${verification.isolation}`;
    missing.push({
      code: 'isolation.too_low',
      message: `${reached}; policy accepts from ${policy.minIsolation} on.`,
    });
  }
  return missing;
}

const redToGreenMissing: Reason = {
  code: 'red_to_green.missing',
  message: 'No check that was red on base is green on the result by more than the agent’s own tests.',
};
