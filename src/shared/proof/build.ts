import { taskGraph } from '../export/documents.ts';
import { missingEvidence } from '../goal/missing-evidence.ts';
import { secondOpinion } from '../goal/reviewing.ts';
import type { OpenGoal, Verification } from '../goal/state.ts';
import { isolationWords } from '../goal/user-home.ts';
import { verdict } from '../goal/verdict.ts';
import type { GateRecord } from '../goal/vocabulary.ts';
import { canonicalJson } from '../kernel/json.ts';
import { structuredClaims } from './claims.ts';
import { knownGaps } from './gaps.ts';

/** What a proof is built from besides the state. */
export type ProofSource = {
  /** Hashes of the log's events, in order. */
  readonly hashes: readonly string[];
  /** Version of omk that builds it. Another one may say the same in other words. */
  readonly omk: string;
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
    isolation: {
      level: verification.isolation,
      note: isolationWords(verification.isolationNote, state.opened.agent),
    },
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
export function buildProof(state: OpenGoal, { hashes, omk }: ProofSource) {
  const { status, reasons, secondary } = verdict(state);
  const verification = state.verifications.at(-1) ?? null;
  const missing = missingEvidence(state);
  const verified = verification && verifiedPart(state, verification);
  const tasks = taskGraph(state).tasks.map((task) => task.status);
  return {
    version: 1,
    omk,
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
      total_tasks: tasks.length,
      pending_tasks: tasks.filter((status) => status === 'pending').length,
      blocked_tasks: tasks.filter((status) => status === 'blocked').length,
      done_tasks: tasks.filter((status) => status === 'done').length,
    },
    reasons,
    secondary,
    ...(state.accepted || state.rejections.length > 0 ? { integration_evidence: integration(state) } : {}),
    ...(verified ? { review_artifacts: verified.review_artifacts } : {}),
    changed_files: verified?.changed_files ?? [],
    commits: verification ? [verification.commit] : [],
    git: state.base && { branch: state.base.branch, head: state.base.commit, snapshot: state.base.snapshot },
    landed: state.landed,
    gates: (verified?.gates ?? []).map(referenceGate),
    post_mutation_gates_ran: verification !== null,
    ...(verified ? { verified } : {}),
    result: verification && { commit: verification.commit, tree: verification.tree },
    base_run: state.baseChecked && {
      isolation: state.baseChecked.isolation,
      red: state.baseChecked.red,
      expected_tests: state.baseChecked.expectedTests,
      evidence: state.baseChecked.evidence,
    },
    ...opinionPart(state, verification),
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
    log: { events: hashes.length, first_hash: hashes[0] ?? null, last_hash: hashes.at(-1) ?? null },
    says: 'Unchanged since this machine wrote it; nothing more without an outside anchor.',
  };
}

/** Absent where nobody wanted one, or it has not come yet: then nothing is said, never that all is well. */
function opinionPart(state: OpenGoal, verification: Verification | null) {
  const opinion = verification && secondOpinion(state, verification);
  switch (opinion?.type) {
    case 'assessed':
      return {
        second_opinion: {
          status: 'assessed' as const,
          by: state.opened.agent.name,
          summary: opinion.summary,
          partial: opinion.partial,
          remarks: opinion.remarks,
        },
      };
    case 'not_assessed':
      return { second_opinion: { status: 'not_assessed' as const, why: opinion.why } };
    case 'due':
    case undefined:
      return {};
  }
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
    // Only what the record has: a proof that was issued before says the same again.
    ...(gate.passedRuns === undefined ? {} : { passed_runs: gate.passedRuns }),
    ...(gate.flakyTests === undefined ? {} : { flaky_tests: gate.flakyTests }),
    ...(gate.canary === undefined ? {} : { canary: gate.canary }),
    ...(gate.env === undefined ? {} : { environment: gate.env }),
  };
}

/** A gate with exactly the keys the reference's readers know; what they print whole is in the evidence here. */
function referenceGate(gate: ReturnType<typeof gateResult>) {
  const { counts } = gate;
  const exitCode = gate.exit_codes.at(-1) ?? null;
  return {
    name: gate.name,
    passed: gate.passed,
    stdout: '',
    stderr: '',
    duration_ms: gate.duration_ms,
    required: gate.required,
    command_line: gate.command_line,
    ...(exitCode === null ? {} : { exit_code: exitCode }),
    timed_out: gate.timed_out,
    ...(counts
      ? { stdout_summary: `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` }
      : {}),
    ...(gate.evidence[0] === undefined ? {} : { output_path: `evidence/${gate.evidence[0]}` }),
    timeout_secs: gate.timeout_secs,
    circuit_breaker_open: false,
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
  const rollback = state.rejections.at(-1)?.mode === 'conclude';
  return [
    ...(state.plan ? kinds.map(([kind, path]) => ({ kind, path, created_at })) : []),
    ...(rollback
      ? [{ kind: 'integration_rollback_plan', path: 'rollback-rejected-slice.md', created_at }]
      : []),
  ];
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
