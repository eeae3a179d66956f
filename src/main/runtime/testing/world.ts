import { createHash } from 'node:crypto';
import type { AttemptResult, GoalCommand, Rejection } from '../../../shared/goal/commands.ts';
import { evolve } from '../../../shared/goal/evolve.ts';
import type { GoalEvent, NewEvent, Payload } from '../../../shared/goal/events.ts';
import { noGoal } from '../../../shared/goal/state.ts';
import type { Attempt, GoalState, OpenGoal } from '../../../shared/goal/state.ts';
import { defaultBudget, defaultPolicy, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Actor, Failure, GateRecord, GoalPolicy } from '../../../shared/goal/vocabulary.ts';
import { AttemptId, CommandId, Digest, GoalId, Oid } from '../../../shared/kernel/ids.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { decide, settle } from '../decide/index.ts';
import { plan } from '../plan.ts';

export const digestOf = (text: string): Digest =>
  Digest.parse(createHash('sha256').update(text).digest('hex'));
export const oidOf = (name: string): Oid => Oid.parse(createHash('sha1').update(name).digest('hex'));

/** What the world under test consists of; a mutant replaces one of them. */
export type Core = {
  readonly decide: typeof decide;
  readonly settle: typeof settle;
  readonly evolve: typeof evolve;
  readonly plan: typeof plan;
};
export const realCore: Core = { decide, settle, evolve, plan };

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
    policy: { ...defaultPolicy, yesPlan: true, trustGates: true, ...policy },
    gates: { added: [], selection: {} },
    trustedDigest: null,
    probes: [],
    ...more,
  };
}

/**
 * A host in memory: decides, settles, appends, folds. No store and no clock, so a test reaches any moment at once. It keeps
 * the log, which is what everything is judged by.
 */
export class World {
  readonly log: GoalEvent[] = [];
  state: GoalState = noGoal;
  now = 1_767_268_800_000;
  readonly core: Core;
  private ids = 0;
  private commands = 0;

  constructor(core: Core = realCore) {
    this.core = core;
  }

  get goal(): OpenGoal {
    if (!this.state.exists) throw new Error('No goal was opened.');
    return this.state;
  }

  nextId(): string {
    this.ids += 1;
    return `id-${this.ids}`;
  }

  /** As the engine does it: decide, settle, one append. */
  send(command: GoalCommand, actor: Actor = 'operator'): Result<readonly GoalEvent[], Rejection> {
    const decided = this.core.decide(this.state, command, {
      now: this.now,
      actor,
      nextId: () => this.nextId(),
      digest: digestOf,
    });
    if (!decided.ok) return decided;
    this.commands += 1;
    const added = [...this.append(decided.value, actor)];
    added.push(...this.append(this.core.settle(this.state), actor));
    return { ok: true, value: added };
  }

  append(events: readonly NewEvent[], actor: Actor): readonly GoalEvent[] {
    const commandId = CommandId.parse(`command-${this.commands}`);
    return events.map((one) => {
      const version = this.log.length + 1;
      const event: GoalEvent = {
        ...one,
        position: version,
        goalId,
        version,
        eventId: `event-${version}`,
        at: this.now,
        actor,
        commandId,
        causationId: null,
      };
      this.log.push(event);
      this.state = this.core.evolve(this.state, event);
      return event;
    });
  }

  /** Sends what must not be refused. */
  must(command: GoalCommand, actor: Actor = 'operator'): this {
    const sent = this.send(command, actor);
    if (!sent.ok) throw new Error(`${command.type} was refused: ${sent.error.code}: ${sent.error.message}`);
    return this;
  }

  due(): readonly { readonly kind: Attempt['kind']; readonly taskId: string | null }[] {
    return this.core
      .plan(this.state, this.now, { agents: 16, gates: 16 })
      .flatMap((one) => (one.type === 'start' ? [{ kind: one.kind, taskId: one.taskId }] : []));
  }

  /** Begins the one attempt that is due and says which it is. */
  begin(): Attempt {
    const [next] = this.due();
    if (!next) throw new Error('Nothing is due.');
    const attemptId = AttemptId.parse(`attempt-${this.nextId()}`);
    this.must({ type: 'attempt.begin', attemptId, ...next }, 'host');
    return this.attempt(attemptId);
  }

  attempt(attemptId: AttemptId): Attempt {
    const attempt = this.goal.attempts.find((one) => one.attemptId === attemptId);
    if (!attempt) throw new Error('No such attempt.');
    return attempt;
  }

  finish({ attemptId, fence }: Attempt, result: AttemptResult): this {
    return this.must(
      { type: 'attempt.report', attemptId, fence, outcome: { type: 'finished', result, evidence: [] } },
      'host',
    );
  }

  fail({ attemptId, fence }: Attempt, failure: Partial<Failure>): this {
    return this.must(
      {
        type: 'attempt.report',
        attemptId,
        fence,
        outcome: { type: 'failed', failure: { ...someFailure, ...failure }, evidence: [] },
      },
      'host',
    );
  }

  lose(
    { attemptId }: Attempt,
    reason: 'host_restarted' | 'lease_expired' | 'interrupted' = 'host_restarted',
  ): this {
    return this.must({ type: 'attempt.lose', attemptId, reason }, 'host');
  }

  types(): readonly string[] {
    return this.log.map((one) => one.type);
  }
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
    case 'verify':
      return verified(goal);
    case 'land':
      return landed(goal);
  }
}
