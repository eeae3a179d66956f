import { missingEvidence } from '../goal/missing-evidence.ts';
import type { OpenGoal, Verification } from '../goal/state.ts';
import { verdict } from '../goal/verdict.ts';
import type { GateRecord } from '../goal/vocabulary.ts';
import { canonicalJson } from '../kernel/json.ts';
import { structuredClaims } from './claims.ts';
import { knownGaps } from './gaps.ts';

export type LogRange = {
  readonly events: number;
  readonly firstHash: string | null;
  readonly lastHash: string | null;
};

/** What evidence says of one commit; `proof.issued` in the log holds its digest. */
export function verifiedPart(state: OpenGoal, verification: Verification) {
  return {
    base: { commit: state.base?.commit ?? null, tree: verification.baseTree },
    result: { commit: verification.commit, tree: verification.tree },
    oracle: {
      digest: verification.oracleDigest,
      source: state.oracle?.source ?? null,
      locked_files: state.oracle?.lockedFiles ?? 0,
      proposed: verification.proposedOracle,
      locked_changed: verification.lockedChanged,
    },
    isolation: { level: verification.isolation, note: verification.isolationNote },
    passed: verification.passed,
    gates: verification.gates.map((gate) => gateResult(gate, state.baseChecked?.gates ?? [], state)),
    red_to_green: verification.redToGreen,
    red_to_green_count: verification.redToGreenCount,
    green_to_red: verification.greenToRed,
    only_own_tests: verification.onlyOwnTests,
    findings: verification.findings,
    review_artifacts: verification.sections.map((section) => ({
      pass: section.name,
      status: section.state,
      summary: section.note,
    })),
    changed_files: verification.changed.map((file) => file.path),
    changed_count: verification.changedCount,
    diff: verification.diff,
    reasons: verification.reasons,
    evidence: verification.evidence,
    tool_versions: verification.toolVersions,
  };
}

/**
 * The proof of a goal as of its newest event: the reference's field names plus what it lacked. Pure, so the same log always
 * gives the same proof. `seal` is filled by whoever can hash: SHA-256 of the canonical JSON of everything else.
 */
export function buildProof(state: OpenGoal, log: LogRange) {
  const { status, reasons, secondary } = verdict(state);
  const verification = state.verifications.at(-1) ?? null;
  const missing = missingEvidence(state);
  const done = state.candidates.length > 0 ? 1 : 0;
  return {
    version: 1,
    goal_id: state.goalId,
    status,
    readiness: reasons.map((reason) => reason.message).join(' '),
    summary: summary(state, verification),
    generated_at: new Date(state.updatedAt).toISOString(),
    goal: state.opened.text,
    agent: {
      name: state.opened.agent.name,
      protocol: state.opened.agent.protocol,
      argv: state.opened.agent.argv,
    },
    artifacts: artifacts(state),
    task_graph_summary: {
      total_tasks: state.tasks.length,
      pending_tasks: state.tasks.length - done,
      blocked_tasks: 0,
      done_tasks: done,
    },
    reasons,
    secondary,
    ...(state.accepted || state.rejections.length > 0 ? { integration_evidence: integration(state) } : {}),
    commits: verification ? [verification.commit] : [],
    git: state.base && { branch: state.base.branch, head: state.base.commit, snapshot: state.base.snapshot },
    landed: state.landed,
    post_mutation_gates_ran: verification !== null,
    ...(verification ? { verified: verifiedPart(state, verification) } : {}),
    result: verification && { commit: verification.commit, tree: verification.tree },
    base_run: state.baseChecked && {
      isolation: state.baseChecked.isolation,
      red: state.baseChecked.red,
      expected_tests: state.baseChecked.expectedTests,
      evidence: state.baseChecked.evidence,
    },
    claims: structuredClaims(state),
    missing_evidence: missing,
    known_gaps: knownGaps(state),
    human_decisions_required: state.questions
      .filter((asked) => asked.state.type === 'open')
      .map((asked) => asked.question.title),
    decisions: state.questions.flatMap(({ question, state: answer }) =>
      answer.type === 'answered'
        ? [
            {
              kind: question.kind,
              question: question.title,
              by: answer.by,
              choice: answer.choice,
              text: answer.text,
              at: iso(answer.at),
            },
          ]
        : [],
    ),
    budget: { limits: state.budget, spent: { ...state.spend } },
    log: { events: log.events, first_hash: log.firstHash, last_hash: log.lastHash },
    says: 'Unchanged since this machine wrote it; nothing more without an outside anchor.',
  };
}

export type Proof = ReturnType<typeof buildProof> & { readonly seal: string };

/** Text whose SHA-256 is the seal. */
export const sealText = (proof: object): string => canonicalJson(proof);

function gateResult(gate: GateRecord, base: readonly GateRecord[], state: OpenGoal) {
  const spec = state.oracle?.gates.find((one) => one.name === gate.name);
  const before = base.find((one) => one.name === gate.name);
  return {
    name: gate.name,
    kind: gate.kind,
    passed: gate.outcome === 'passed',
    outcome: gate.outcome,
    required: gate.required,
    command_line: spec?.argv.join(' ') ?? '',
    argv: spec?.argv ?? [],
    cwd: spec?.cwd ?? '',
    network: spec?.network ?? false,
    env_names: spec?.env ?? [],
    duration_ms: gate.durationMs,
    exit_codes: gate.exitCodes,
    timed_out: gate.outcome === 'timed_out',
    timeout_secs: Math.round((spec?.timeoutMs ?? 0) / 1_000),
    runs: gate.runs,
    parsed: gate.parsed,
    counts: gate.counts,
    base: before ? { outcome: before.outcome, counts: before.counts, runs: before.runs } : null,
    failed_tests: gate.failedTests,
    notes: gate.notes,
    evidence: gate.evidence,
  };
}

function summary(state: OpenGoal, verification: Verification | null): string {
  if (!verification) return `${state.opened.title}: nothing was verified yet.`;
  const required = verification.gates.filter((gate) => gate.required);
  const passed = required.filter((gate) => gate.outcome === 'passed').length;
  return `${state.opened.title}: ${passed} of ${required.length} required gates passed on commit ${verification.commit.slice(0, 12)}.`;
}

function artifacts(state: OpenGoal) {
  const created_at = iso(state.updatedAt);
  const kinds = [
    ['prd', 'prd.md'],
    ['technical_plan', 'technical-plan.md'],
    ['task_graph', 'task-graph.json'],
    ['test_spec', 'test-spec.md'],
    ['proof', 'proof.json'],
    ['decisions', 'decisions.jsonl'],
  ] as const;
  return state.plan ? kinds.map(([kind, path]) => ({ kind, path, created_at })) : [];
}

function integration(state: OpenGoal) {
  const rejection = state.rejections.at(-1);
  if (state.accepted) {
    return {
      status: 'accepted',
      by: state.accepted.by,
      summary: state.accepted.note,
      decided_at: iso(state.accepted.at),
      missing_evidence: missingEvidence(state).map((one) => one.message),
    };
  }
  return {
    status: 'rejected',
    by: 'operator',
    summary: rejection?.reason ?? '',
    decided_at: iso(rejection?.at ?? state.updatedAt),
    missing_evidence: [rejection?.reason ?? ''],
  };
}

const iso = (at: number): string => new Date(at).toISOString();
