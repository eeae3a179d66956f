import type { AttemptResult } from '../../../shared/goal/commands.ts';
import type { Payload } from '../../../shared/goal/events.ts';
import type { Attempt, OpenGoal } from '../../../shared/goal/state.ts';
import { drivesAgent } from '../../../shared/goal/vocabulary.ts';
import type { AttemptKind, Failure } from '../../../shared/goal/vocabulary.ts';
import {
  checkedBase,
  digestOf,
  happyResult,
  oidOf,
  prepared,
  refuted,
  someFailure,
  testGate,
  verified,
} from './results.ts';
import type { Script, WorkOutcome } from './script.ts';

export type Slice = Extract<AttemptResult, { kind: 'agent' }>;
type Verify = Extract<AttemptResult, { kind: 'verify' }>;

/** What the gates really said of which bytes, as the place that ran them knows it, not as the log tells it. */
export type Truth = {
  readonly commit: string;
  readonly tree: string;
  readonly passed: boolean;
  readonly redToGreen: boolean;
};

export function truthOf(said: Omit<Payload<'candidate.verified'>, 'attemptId'>): Truth {
  const { commit, tree, redToGreenCount, onlyOwnTests } = said;
  const clean = said.findings.every((one) => one.effect !== 'breach') && said.gates.length > 0;
  return { commit, tree, passed: said.passed && clean, redToGreen: redToGreenCount > 0 && !onlyOwnTests };
}

/** What omk's own kinds of work report. */
export function omkResult(
  goal: OpenGoal,
  attempt: Attempt,
  outcome: WorkOutcome,
  script: Script,
): AttemptResult {
  if (attempt.kind === 'base') return checkedBase(script.redOnBase ? ['retry waits'] : []);
  if (attempt.kind !== 'prepare' && attempt.kind !== 'verify') return happyResult(goal, attempt);
  const install = { ...testGate, name: 'install', kind: 'setup' } as const;
  const gates = { check: [testGate], with_setup: [install, testGate], none: [] }[script.gates];
  return prepared({
    gates,
    warnings: outcome === 'finding' ? ['Uncommitted changes in tests or gates: a.test.ts.'] : [],
  });
}

/** What the gates say of the newest candidate. */
export function verificationResult(goal: OpenGoal, outcome: WorkOutcome, slices: number): Verify {
  const finding = {
    rule: 'path.link',
    severity: 'blocker',
    file: 'a',
    line: null,
    message: 'A link.',
  } as const;
  const proposedOracle = digestOf(`oracle ${slices % 2}`);
  const variants: Partial<Record<WorkOutcome, () => Verify>> = {
    red: () => refuted(goal),
    breach: () => verified(goal, { findings: [{ ...finding, effect: 'breach' }] }),
    finding: () => verified(goal, { findings: [{ ...finding, effect: 'question' }] }),
    oracle_changed: () => verified(goal, { proposedOracle, lockedChanged: ['a.test.ts'] }),
    oracle_red: () => refuted(goal, { proposedOracle, findings: [{ ...finding, effect: 'question' }] }),
    nothing_red_to_green: () => verified(goal, { redToGreen: [], redToGreenCount: 0 }),
    own_tests: () => verified(goal, { onlyOwnTests: true }),
    gate_missing: () => verified(goal, { gates: [] }),
    // Somebody edited the tree under the gates: what they say is about other bytes.
    wrong_tree: () => verified(goal, { tree: oidOf(`edited ${slices}`) }),
  };
  return variants[outcome]?.() ?? verified(goal);
}

export const failureOf = (kind: AttemptKind, outcome: WorkOutcome): Failure | undefined =>
  onlyAgents.has(outcome) && !drivesAgent(kind) ? undefined : failures[outcome];

const failure = (code: string, blame: Failure['blame'], retry: Failure['retry']): Failure => ({
  ...someFailure,
  code,
  blame,
  retry,
});

const failures: Partial<Record<WorkOutcome, Failure>> = {
  agent_failed: failure('agent.crashed', 'agent', 'later'),
  agent_gave_up: failure('agent.cannot', 'agent', 'never'),
  handshake: failure('agent.handshake_failed', 'agent', 'later'),
  budget_cut: failure('budget.tokens_exhausted', 'person', 'ask'),
  external: failure('agent.rate_limited', 'external', 'ask'),
  infra: failure('tree.not_trusted', 'infra', 'never'),
  infra_later: failure('git.locked', 'infra', 'later'),
  person: failure('agent.auth_required', 'person', 'ask'),
};

/** What omk's own kinds of work never report. */
const onlyAgents: ReadonlySet<WorkOutcome> = new Set([
  'agent_failed',
  'agent_gave_up',
  'handshake',
  'budget_cut',
]);
