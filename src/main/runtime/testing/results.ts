import { createHash } from 'node:crypto';
import type { AttemptResult } from '../../../shared/goal/commands.ts';
import type { Payload } from '../../../shared/goal/events.ts';
import type { Attempt, OpenGoal } from '../../../shared/goal/state.ts';
import { defaultBudget, defaultPolicy, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Failure, GateRecord, GoalPolicy, TaskSpec } from '../../../shared/goal/vocabulary.ts';
import { Digest, GoalId, Oid } from '../../../shared/kernel/ids.ts';

export const digestOf = (text: string): Digest =>
  Digest.parse(createHash('sha256').update(text).digest('hex'));
export const oidOf = (name: string): Oid => Oid.parse(createHash('sha1').update(name).digest('hex'));

export const goalId = GoalId.parse('goal-20260101-120000-000-0a1b2c3d');

export const testGate: GateSpec = GateSpec.parse({
  name: 'unit tests',
  kind: 'check',
  argv: ['npm', 'test'],
  source: 'package.json scripts.test',
});

/** What a person would open; every part may be replaced. */
export function openedWith(
  policy: Partial<GoalPolicy> = {},
  more: Partial<Payload<'goal.opened'>> = {},
): Payload<'goal.opened'> {
  return {
    text: 'Fix the flaky retry test in the client',
    title: '',
    project: { path: '/home/someone/courier', name: 'courier', subfolder: '' },
    agent: { name: 'demo', protocol: 'wire', argv: ['demo-agent'], envNames: [], quirks: 'demo' },
    budget: defaultBudget,
    policy: { ...defaultPolicy, planning: 'heuristic', yesPlan: true, trustGates: true, ...policy },
    gates: { added: [], selection: {} },
    trustedDigest: null,
    probes: [],
    ...more,
  };
}

export const someFailure: Failure = {
  code: 'agent.crashed',
  message: 'The agent ended in the middle of its turn.',
  retry: 'later',
  blame: 'agent',
};

// ---- what attempts report ------------------------------------------------------------------------------------------

export const baseTree = oidOf('base tree');

export const prepared = (
  o: {
    gates?: readonly GateSpec[];
    warnings?: string[];
  } = {},
): AttemptResult => ({
  kind: 'prepare',
  base: pinned(o.warnings),
  oracle: {
    source: 'detected',
    gates: [...(o.gates ?? [testGate])],
    digest: digestOf('oracle'),
    lockedFiles: 3,
    notes: [],
  },
});

export const pinned = (warnings: string[] = []): Payload<'base.pinned'> => ({
  commit: oidOf('base commit'),
  tree: baseTree,
  branch: 'main',
  snapshot: false,
  warnings,
  fingerprint: digestOf('fingerprint'),
});

export const sealed = (): AttemptResult => ({
  kind: 'setup',
  sealed: {
    key: digestOf('key'),
    digest: digestOf('sealed'),
    paths: ['node_modules'],
    gates: [],
    fromCache: false,
  },
  gateMs: 0,
});

export const checkedBase = (red: string[] = ['retry waits']): AttemptResult => ({
  kind: 'base',
  checked: {
    isolation: 'L2',
    gates: [gateRecord({ outcome: red.length > 0 ? 'failed' : 'passed', failedTests: red })],
    expectedTests: 12,
    red,
    evidence: digestOf('base run'),
  },
  gateMs: 0,
});

export const slice = (name: string): Extract<AttemptResult, { kind: 'agent' }> => ({
  kind: 'agent',
  slice: {
    commit: oidOf(`commit ${name}`),
    tree: name === 'nothing' ? baseTree : oidOf(`tree ${name}`),
    base: oidOf('base commit'),
    files: name === 'nothing' ? 0 : 2,
    outside: [],
    ignored: [],
    custodyRef: `refs/omk/custody/${name.replaceAll(' ', '-')}`,
    summary: 'I fixed it.',
  },
});

export const gateRecord = (o: Partial<GateRecord> = {}): GateRecord => ({
  name: testGate.name,
  kind: 'check',
  required: true,
  outcome: 'passed',
  exitCodes: [0, 0],
  durationMs: 900,
  runs: 2,
  parsed: true,
  counts: { passed: 12, failed: 0, skipped: 0 },
  failedTests: [],
  notes: [],
  evidence: [digestOf('gate output')],
  ...o,
});

/** A passing verification of the newest candidate, or of what is said instead. */
export function verified(
  goal: OpenGoal,
  o: Partial<Payload<'candidate.verified'>> = {},
): Extract<AttemptResult, { kind: 'verify' }> {
  const candidate = goal.candidates.at(-1);
  if (!candidate || !goal.oracle) throw new Error('There is nothing to verify.');
  const { attemptId: _, ...verification } = {
    attemptId: candidate.attemptId,
    commit: candidate.commit,
    tree: candidate.tree,
    baseTree,
    oracleDigest: goal.oracle.digest,
    isolation: 'L2' as const,
    isolationNote: 'Namespaces.',
    passed: true,
    gates: goal.oracle.gates
      .filter((one) => one.kind !== 'setup')
      .map((one) => gateRecord({ name: one.name })),
    redToGreen: ['retry waits'],
    redToGreenCount: 1,
    greenToRed: [],
    onlyOwnTests: false,
    findings: [],
    sections: [],
    changed: [],
    changedCount: 2,
    diff: digestOf('diff'),
    lockedChanged: [],
    proposedOracle: null,
    reasons: [],
    evidence: [digestOf('verification')],
    toolVersions: { node: '24.0.0' },
    ...o,
  };
  return { kind: 'verify', verification, gateMs: 0 };
}

/** The same, with a red gate. */
export const refuted = (goal: OpenGoal, o: Partial<Payload<'candidate.verified'>> = {}) =>
  verified(goal, {
    passed: false,
    gates: (goal.oracle?.gates ?? [])
      .filter((one) => one.kind !== 'setup')
      .map((one) => gateRecord({ name: one.name, outcome: 'failed', failedTests: ['retry waits'] })),
    redToGreen: [],
    redToGreenCount: 0,
    reasons: [{ code: 'gate.failed', message: 'unit tests failed on the result: retry waits.' }],
    ...o,
  });

/** What a planner proposes: two tasks, the second after the first. */
export const planOf = (...tasks: readonly TaskSpec[]): Extract<AttemptResult, { kind: 'plan' }> => ({
  kind: 'plan',
  tasks: tasks.length > 0 ? [...tasks] : [taskOf('parser'), taskOf('docs', 'parser')],
  documents: {
    brief: 'The retry test waits for a clock that nobody moves.',
    technicalPlan: 'Move the clock.',
    testSpec: 'The test passes ten times.',
    openQuestions: ['May the public API change?'],
  },
});

export const taskOf = (id: string, ...dependencies: readonly string[]): TaskSpec => ({
  id,
  title: `Do ${id}`,
  description: `Everything about ${id}.`,
  dependencies: [...dependencies],
  readSet: [],
  writeSet: [`src/${id}`],
  acceptance: ['npm test passes'],
  risk: 'low',
});

/** What another session remarks on the newest candidate. */
export const reviewed = (goal: OpenGoal): Extract<AttemptResult, { kind: 'review' }> => ({
  kind: 'review',
  review: {
    commit: goal.candidates.at(-1)?.commit ?? oidOf('nothing'),
    tree: goal.candidates.at(-1)?.tree ?? oidOf('nothing'),
    partial: false,
    remarks: [
      {
        section: 'code',
        rule: 'naming',
        severity: 'warning',
        file: 'src/retry.ts',
        line: 3,
        message: 'The name says nothing.',
      },
    ],
    summary: 'Good, but for a name.',
  },
});

export const landed = (goal: OpenGoal): AttemptResult => ({
  kind: 'land',
  landed: {
    ref: `refs/heads/goal/${goal.goalId}/result`,
    commit: goal.accepted?.commit ?? oidOf('nothing'),
    baseMovedBy: 0,
  },
});

/** What a world in which everything goes well reports. */
export function happyResult(goal: OpenGoal, attempt: Attempt, name = 'fix'): AttemptResult {
  switch (attempt.kind) {
    case 'prepare':
      return prepared();
    case 'setup':
      return sealed();
    case 'base':
      return checkedBase();
    case 'agent':
      return slice(name);
    case 'plan':
      return planOf();
    case 'review':
      return reviewed(goal);
    case 'verify':
      return verified(goal);
    case 'land':
      return landed(goal);
  }
}
