import type { Digest } from '../kernel/ids.ts';
import { structuredClaims } from '../proof/claims.ts';
import type { Claim } from '../proof/claims.ts';
import { knownGaps } from '../proof/gaps.ts';
import { count, duration, money, short, tokens } from '../units.ts';
import { judgeCandidate, verificationOf } from './candidate.ts';
import { gateTable } from './gate-table.ts';
import { missingEvidence } from './missing-evidence.ts';
import { secondOpinion } from './reviewing.ts';
import type { SecondOpinion } from './reviewing.ts';
import type { OpenGoal, Verification } from './state.ts';
import { isolationWords } from './user-home.ts';
import { conclusionTone } from './verdict.ts';
import type { Reason } from './vocabulary.ts';

export type ProofView = {
  /** One sentence: Proven, Not proven, or Nothing concluded. */
  readonly sentence: string;
  readonly tone: 'proven' | 'not_proven' | 'open';
  /** Why, each with the evidence it rests on. */
  readonly because: readonly {
    readonly text: string;
    readonly holds: boolean;
    readonly evidence: readonly Digest[];
  }[];
  /** Another session's reading of the result; `null` where none was wanted or it has not come yet. */
  readonly opinion: Exclude<SecondOpinion, { type: 'due' }> | null;
  readonly claims: readonly Claim[];
  /** The agent's last words, quoted. */
  readonly summary: string;
  readonly gaps: readonly string[];
  /** What accepting now would leave unproven; empty when a person may accept. */
  readonly missing: readonly Reason[];
  readonly digests: readonly { readonly label: string; readonly value: string }[];
  readonly spent: readonly { readonly label: string; readonly value: string }[];
  /** What accepting does to the repository. */
  readonly landing: string;
  /** Exactly this commit would be accepted; `null` when none can be. */
  readonly acceptable: string | null;
};

/** The proof as a page: every sentence of it can be traced to an event or a digest. */
export function proofView(state: OpenGoal): ProofView {
  const candidate = state.candidates.at(-1) ?? null;
  const verification = candidate ? verificationOf(state, candidate) : null;
  const missing = missingEvidence(state);
  const proven = judgeCandidate(state).type === 'passed' && missing.length === 0;
  return {
    ...verdictSentence(state, verification, proven, missing),
    because: because(state, verification),
    opinion: opinionOf(state, verification),
    claims: structuredClaims(state),
    summary: candidate?.summary ?? '',
    gaps: knownGaps(state),
    missing,
    digests: digests(state, verification),
    spent: [
      { label: 'Agent time', value: duration(state.spend.agentMs) },
      { label: 'Gate time', value: duration(state.spend.gateMs) },
      {
        label: 'Tokens',
        value: `${tokens(state.spend.tokensTotal)}${state.spend.unmetered ? ', estimated' : ''}`,
      },
      ...(state.spend.usd > 0 ? [{ label: 'Money', value: money(state.spend.usd) }] : []),
    ],
    landing: state.landed
      ? `Landed as ${branchOf(state.landed.ref)} in ${state.opened.project.name}. Your checked-out branch is as it was.`
      : `Lands goal/${state.goalId}/result in ${state.opened.project.path}. Your checked-out branch stays as it is.`,
    acceptable: proven && !state.accepted && candidate ? candidate.commit : null,
  };
}

/** As people and `git merge` name it. */
export const branchOf = (ref: string): string => ref.replace(/^refs\/heads\//, '');

function opinionOf(state: OpenGoal, verification: Verification | null): ProofView['opinion'] {
  const opinion = verification && secondOpinion(state, verification);
  return opinion === null || opinion.type === 'due' ? null : opinion;
}

function verdictSentence(
  state: OpenGoal,
  verification: Verification | null,
  proven: boolean,
  missing: readonly Reason[],
): Pick<ProofView, 'sentence' | 'tone'> {
  const { tone, reasons } = conclusionTone(state);
  const first = reasons[0]?.message ?? 'nothing was verified yet.';
  if (tone === 'untrusted') return { sentence: `Nothing concluded: ${first}`, tone: 'open' };
  if (proven && verification) {
    const holds = `${gateTable(state).summary.replace(/\.$/, '')}, ${redToGreenText(verification)}.`;
    const gaps = knownGaps(state).length;
    const gap = gaps === 0 ? '' : ` ${count(gaps, 'known gap')}.`;
    const end = state.landed
      ? 'Accepted and landed.'
      : state.accepted
        ? 'Accepted.'
        : 'Ready once you accept.';
    return { sentence: `Proven: ${holds}${gap} ${end}`, tone: 'proven' };
  }
  if (verification) {
    const why = missing[0]?.message ?? first;
    return { sentence: `Not proven: ${why}`, tone: 'not_proven' };
  }
  if (tone === 'stopped') return { sentence: `Not proven: ${first}`, tone: 'not_proven' };
  return { sentence: 'Nothing concluded: no result was verified yet.', tone: 'open' };
}

function because(state: OpenGoal, verification: Verification | null): ProofView['because'] {
  const lines: { text: string; holds: boolean; evidence: readonly Digest[] }[] = [];
  const { base, baseChecked, oracle } = state;
  if (base && oracle) {
    const approved = state.approvedOracles.length;
    lines.push({
      text: `Base ${short(base.commit)} is pinned, and its oracle is locked: ${count(oracle.gates.filter((one) => one.selected).length, 'gate')}, ${count(oracle.lockedFiles, 'file')}${approved > 0 ? `, ${count(approved, 'change')} approved by you` : ''}.`,
      holds: true,
      evidence: [oracle.digest],
    });
  }
  if (baseChecked) {
    const red = baseChecked.red.length;
    lines.push({
      text:
        red === 0
          ? 'Every check was green on base.'
          : `${count(red, 'check was', 'checks were')} red on base.`,
      holds: true,
      evidence: [baseChecked.evidence],
    });
  }
  if (!verification) return lines;
  const table = gateTable(state);
  lines.push({
    text: `${table.summary} ${isolationWords(verification.isolationNote, state.opened.agent)}`.trim(),
    holds: table.rows.every(
      (one) => !one.selected || !one.required || one.kind === 'setup' || one.tone === 'pass',
    ),
    evidence: verification.evidence.slice(0, 40),
  });
  lines.push({
    text: `${capital(redToGreenText(verification))}; ${verification.greenToRed.length === 0 ? 'none went the other way' : `${verification.greenToRed.length} went the other way`}.`,
    holds: verification.redToGreenCount > 0 && verification.greenToRed.length === 0,
    evidence: [verification.diff],
  });
  const blockers = verification.findings.filter((one) => one.severity === 'blocker');
  lines.push({
    text:
      blockers.length === 0
        ? `Nothing in the ${count(verification.changedCount, 'changed file')} breaks the rules for a diff.`
        : `${count(blockers.length, 'finding')} in the diff: ${blockers[0]?.message ?? ''}`,
    holds: blockers.length === 0,
    evidence: [verification.diff],
  });
  const { accepted } = state;
  lines.push({
    text: accepted
      ? `Accepted by ${accepted.by === 'policy' ? 'policy' : 'you'}${accepted.note === '' ? '.' : `: ${accepted.note}`}`
      : 'You have not decided yet.',
    holds: accepted !== null,
    evidence: [],
  });
  return lines;
}

function redToGreenText({ redToGreenCount: fixed, onlyOwnTests }: Verification): string {
  if (fixed === 0) return 'no check went from red to green';
  return `${count(fixed, 'check')} went from red to green${onlyOwnTests ? ', all written by the agent' : ''}`;
}

function digests(state: OpenGoal, verification: Verification | null): ProofView['digests'] {
  return [
    ...(state.base
      ? [
          { label: 'Base commit', value: state.base.commit },
          { label: 'Base tree', value: state.base.tree },
        ]
      : []),
    ...(verification
      ? [
          { label: 'Result commit', value: verification.commit },
          { label: 'Result tree', value: verification.tree },
          { label: 'Diff', value: verification.diff },
        ]
      : []),
    ...(state.oracle ? [{ label: 'Oracle', value: state.oracle.digest }] : []),
    ...(state.proof ? [{ label: 'Proof', value: state.proof.digest }] : []),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
