import {
  once,
  auto,
  finding,
  begun,
  judged,
  failing,
  gateSays,
  fails,
  overspent,
  asked,
  cutOff,
  greenBase,
  preparedWith,
  times,
  unreadable,
  leakedAndSpent,
  parked,
  strayed,
} from './histories.ts';
import { digestOf, landed, oidOf, testGate } from './results.ts';
import { readingCases } from './verdict-cases-reading.ts';
import { verdictRows } from './verdict-rows.ts';
import type { VerdictCase } from './verdict-rows.ts';
import { openGoal } from './world.ts';
import type { World } from './world.ts';

const { cases, row } = verdictRows();

// ---- running ----------------------------------------------------------------------------------------------------------

row('nothing-opened', [], 'running', 'goal.unopened');
row('opened', openGoal(), 'running', 'work.planned');
row('preparing', begun(openGoal()), 'running', 'work.planned');
row('base-in-flight', begun(openGoal().driveTo('base')), 'running', 'work.planned');
row('agent-in-flight', begun(openGoal().driveTo('agent')), 'running', 'work.planned');
row(
  'agent-waits-for-approval',
  asked(openGoal().driveTo('agent')),
  'running',
  'work.planned',
  'question.open',
);
row('verification-due', openGoal().driveTo('verify'), 'running', 'work.planned');
row('refuted-with-attempts-left', failing(openGoal()), 'running', 'work.planned');
row(
  'findings-with-attempts-left',
  judged(openGoal(), { findings: [{ ...finding, effect: 'question' }] }),
  'running',
  'work.planned',
);
row('accepted-not-landed', openGoal(auto).driveTo('land'), 'running', 'work.planned');
row(
  'lost-once',
  times(openGoal(), (one) => one.lose(one.begin()), 1),
  'running',
  'work.planned',
);
row('cut-after-finished', openGoal().driveTo('base').log.slice(0, 3), 'running', 'work.planned');
row('cut-before-conclusion', openGoal(auto).driveTo(null).log.slice(0, -1), 'running', 'work.planned');

// ---- paused -----------------------------------------------------------------------------------------------------------

row(
  'paused-while-agent-works',
  begun(openGoal().driveTo('agent')).must({ type: 'goal.pause' }),
  'paused',
  'goal.paused',
);
row(
  'paused-with-open-question',
  openGoal().driveTo(null).must({ type: 'goal.pause' }),
  'paused',
  'goal.paused',
  'question.open',
);
row(
  'paused-with-spent-budget',
  overspent(100).must({ type: 'goal.pause' }),
  'paused',
  'goal.paused',
  'budget.tokens_exhausted',
);

// ---- ready ------------------------------------------------------------------------------------------------------------

row(
  'accepted-by-a-person',
  openGoal().driveTo(null).answer('acceptance', { choice: 'accept' }).driveTo(null),
  'ready',
  'result.landed',
);
row('accepted-by-policy', openGoal(auto).driveTo(null), 'ready', 'result.landed');
const approved = judged(openGoal(auto), { proposedOracle: digestOf('theirs'), lockedChanged: ['a.test.ts'] });
approved.answer('oracle.changed', { choice: 'approve' });
row(
  'approved-oracle-verified-again',
  judged(approved, { proposedOracle: digestOf('theirs'), oracleDigest: digestOf('theirs') }).driveTo(null),
  'ready',
  'result.landed',
);
row(
  'landed-after-a-retry',
  fails(openGoal(auto).driveTo('land'), 'git.locked', 'infra', 'never')
    .must({ type: 'goal.retry' })
    .driveTo(null),
  'ready',
  'result.landed',
);
row(
  'extended-and-done',
  cutOff()
    .must({ type: 'goal.extend_budget', added: { timeMs: null, tokens: 50, usd: null } })
    .driveTo(null)
    .answer('acceptance', { choice: 'accept' })
    .driveTo(null),
  'ready',
  'result.landed',
);
const declared = judged(openGoal({ ...auto, kind: 'refactor' }), { redToGreen: [], redToGreenCount: 0 });
row('refactoring-needs-nothing-red', declared.driveTo(null), 'ready', 'result.landed');

// ---- not_ready --------------------------------------------------------------------------------------------------------

row('refuted-no-attempt-left', failing(openGoal(once)), 'not_ready', 'gate.failed attempts.used_up');
row('breach', judged(openGoal(once), { findings: [finding] }), 'not_ready', 'policy.breach attempts.used_up');
row(
  'breach-outranks-spent-budget',
  leakedAndSpent(),
  'not_ready',
  'policy.breach',
  'budget.tokens_exhausted',
);
row('empty-on-red-base', openGoal(once).deliver('nothing'), 'not_ready', 'slice.empty attempts.used_up');
row(
  'same-tree-twice',
  failing(openGoal().deliver('same')).deliver('same'),
  'not_ready',
  'slice.no_progress gate.failed',
);
row(
  'agent-gave-up',
  fails(openGoal().driveTo('agent'), 'agent.cannot', 'agent', 'never'),
  'not_ready',
  'agent.cannot',
);
row(
  'agent-crashed-three-times',
  times(openGoal().driveTo('agent'), (one) => fails(one, 'agent.crashed', 'agent', 'later')),
  'not_ready',
  'agent.crashed attempts.used_up',
);
row('gate-missing', judged(openGoal(once), { gates: [] }), 'not_ready', 'gate.missing attempts.used_up');
row('gate-timed-out', gateSays('timed_out'), 'not_ready', 'gate.timed_out attempts.used_up');
row('gate-errored', gateSays('errored'), 'not_ready', 'gate.errored attempts.used_up');
row('gate-flaky', gateSays('flaky'), 'not_ready', 'gate.flaky attempts.used_up');
row('gate-skipped', gateSays('skipped'), 'not_ready', 'gate.skipped attempts.used_up');
row(
  'rejected-for-good',
  openGoal().driveTo(null).answer('acceptance', { choice: 'conclude' }),
  'not_ready',
  'goal.rejected',
);
row(
  'nothing-to-do',
  greenBase().deliver('nothing').answer('diff.empty', { choice: 'conclude' }),
  'not_ready',
  'goal.rejected',
);
row(
  'sent-back-and-same-again',
  openGoal().driveTo(null).answer('acceptance', { text: 'Other name.' }).deliver('fix'),
  'not_ready',
  'slice.no_progress goal.rejected',
);
row(
  'rejected-while-agent-works',
  begun(openGoal().driveTo('agent')).must({
    type: 'goal.reject',
    mode: 'conclude',
    reason: '',
    comments: [],
  }),
  'not_ready',
  'goal.rejected',
  'work.planned',
);

// ---- blocked_on_human -------------------------------------------------------------------------------------------------

const human = (name: string, world: World, secondary = ''): void =>
  row(name, world, 'blocked_on_human', 'question.open', secondary);

human('vague', openGoal({}, { text: 'Make it better' }));
human('gates-missing', preparedWith({ gates: [] }));
human('gates-unreadable', unreadable());
human('gates-untrusted', openGoal({ trustGates: false }).driveTo(null));
human('plan-unapproved', openGoal({ yesPlan: false }).driveTo(null));
human('base-dirty', preparedWith({ warnings: ['Uncommitted changes in tests or gates: a.test.ts.'] }));
human('acceptance', openGoal().driveTo(null));
human('oracle-changed', judged(openGoal(), { proposedOracle: digestOf('theirs') }));
human(
  'policy-finding',
  judged(openGoal({ maxAttempts: 1 }), { findings: [{ ...finding, effect: 'question' }] }),
);
human('nothing-red-to-green', judged(openGoal(auto), { redToGreen: [], redToGreenCount: 0 }));
human('only-own-tests', judged(openGoal(auto), { onlyOwnTests: true }));
human('already-satisfied', greenBase(auto).deliver('nothing'));
human('landing-refused', fails(openGoal(auto).driveTo('land'), 'landing.branch_exists', 'person'));
human('sign-in-needed', fails(openGoal().driveTo('agent'), 'agent.auth_required', 'person'));
human('parked-agent-question', parked());
human('isolation-below-policy', openGoal({ ...auto, minIsolation: 'L3' }).driveTo(null));

// ---- blocked_on_external ----------------------------------------------------------------------------------------------

row(
  'provider-refuses',
  fails(openGoal().driveTo('agent'), 'agent.rate_limited', 'external'),
  'blocked_on_external',
  'agent.rate_limited',
);
const install = { ...testGate, name: 'install', kind: 'setup' } as const;
row(
  'setup-failed',
  fails(preparedWith({ gates: [install, testGate] }), 'setup.failed', 'external'),
  'blocked_on_external',
  'setup.failed',
);
row(
  'environment-missing',
  fails(openGoal().driveTo('verify'), 'gate.env_missing', 'external'),
  'blocked_on_external',
  'gate.env_missing',
);
row(
  'provider-refuses-after-refutation',
  fails(failing(openGoal()), 'agent.rate_limited', 'external'),
  'blocked_on_external',
  'agent.rate_limited',
  'gate.failed',
);

// ---- needs_more_budget ------------------------------------------------------------------------------------------------

row('tokens-spent', overspent(100), 'needs_more_budget', 'budget.tokens_exhausted');
row('time-before-tokens', overspent(100, 1_000), 'needs_more_budget', 'budget.time_exhausted');
row('unmetered-limit', overspent(0, 0, 120), 'needs_more_budget', 'budget.tokens_exhausted');
row(
  'nothing-to-spend',
  openGoal({}, { budget: { timeMs: 0, tokens: null, usd: null } }).driveTo(null),
  'needs_more_budget',
  'budget.time_exhausted',
);
row('cut-off-and-refuted', cutOff(), 'needs_more_budget', 'budget.tokens_exhausted', 'gate.failed');

// ---- failed_infra -----------------------------------------------------------------------------------------------------

row(
  'handshake-three-times',
  times(openGoal().driveTo('agent'), (one) => fails(one, 'agent.handshake_failed', 'agent', 'later')),
  'failed_infra',
  'agent.handshake_failed',
);
row(
  'disk-full',
  fails(openGoal().driveTo('base'), 'artifact.disk_full', 'infra'),
  'failed_infra',
  'artifact.disk_full',
);
row(
  'protocol-broken',
  fails(openGoal().driveTo('agent'), 'agent.protocol_error', 'infra'),
  'failed_infra',
  'agent.protocol_error',
);
row(
  'lost-five-times',
  times(openGoal(), (one) => one.lose(one.begin()), 5),
  'failed_infra',
  'attempt.lost_repeatedly',
);
row(
  'infra-outranks-pause',
  fails(openGoal(), 'tree.not_trusted', 'infra').must({ type: 'goal.pause' }),
  'failed_infra',
  'tree.not_trusted',
  'goal.paused',
);
row(
  'verified-other-bytes',
  judged(openGoal(), { tree: oidOf('other') }),
  'failed_infra',
  'verification.wrong_tree',
);
row('landed-other-commit', strayed(), 'failed_infra', 'landing.wrong_commit');
const forged = openGoal(auto)
  .driveTo(null)
  .log.filter((one) => one.type !== 'candidate.verified');
row('says-ready-without-verification', forged, 'failed_infra', 'log.inconsistent');

// ---- cancelled --------------------------------------------------------------------------------------------------------

row(
  'cancelled-at-rest',
  openGoal().driveTo(null).must({ type: 'goal.cancel' }),
  'cancelled',
  'goal.cancelled',
);
row(
  'cancelling',
  begun(openGoal().driveTo('agent')).must({ type: 'goal.cancel' }),
  'cancelled',
  'goal.cancelled',
  'work.planned',
);
const tooLate = openGoal(auto).driveTo('land');
const landing = tooLate.begin();
tooLate.must({ type: 'goal.cancel' }).finish(landing, landed(tooLate.goal));
row('cancelled-while-landing', tooLate, 'cancelled', 'goal.cancelled result.landed');

export const verdictCases: readonly VerdictCase[] = [...cases, ...readingCases];
