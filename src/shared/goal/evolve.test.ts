import { describe, expect, test } from 'vitest';
import {
  digestOf,
  oidOf,
  openedWith,
  pinned,
  slice,
  someFailure,
} from '../../main/runtime/testing/results.ts';
import { openGoal } from '../../main/runtime/testing/world.ts';
import type { World } from '../../main/runtime/testing/world.ts';
import { AttemptId, QuestionId } from '../kernel/ids.ts';
import { evolve, foldGoal } from './evolve.ts';
import { event } from './events.ts';
import type { GoalEvent, NewEvent } from './events.ts';
import { noGoal } from './state.ts';
import type { OpenGoal } from './state.ts';

/** Appends what no command would write: the fold has to bear any log. */
function append(world: World, ...events: readonly NewEvent[]): OpenGoal {
  world.append(events, 'host');
  return world.goal;
}
const stranger = AttemptId.parse('attempt-stranger');

describe('the fold', () => {
  test('knows nothing before a goal is opened', () => {
    const [opening, ...rest] = openGoal().driveTo(null).log;
    expect(foldGoal([])).toBe(noGoal);
    expect(foldGoal(rest)).toBe(noGoal);
    expect(foldGoal(opening ? [opening] : []).exists).toBe(true);
  });

  test('does not open a goal twice', () => {
    const world = openGoal();
    const twice = append(world, event('goal.opened', openedWith({}, { text: 'Another goal altogether' })));
    expect(twice.opened.text).toContain('flaky');
  });

  test('takes from an envelope its version, its place and its time', () => {
    const world = openGoal();
    world.now += 5_000;
    const goal = append(world, event('goal.paused', {}));
    expect(goal).toMatchObject({
      version: 2,
      position: 2,
      updatedAt: world.now,
      counts: { 'goal.paused': 1 },
    });
    expect(goal.openedAt).toBe(world.now - 5_000);
  });

  test('changes nothing for an attempt or a question it does not know', () => {
    const world = openGoal();
    const before = world.goal;
    const after = append(
      world,
      event('attempt.renewed', { attemptId: stranger, fence: 1, leaseUntil: 1 }),
      event('attempt.finished', { attemptId: stranger, fence: 1, evidence: [] }),
      event('attempt.late_report', { attemptId: stranger, fence: 1, outcome: 'finished' }),
      event('question.withdrawn', { questionId: QuestionId.parse('question-x'), reason: '' }),
      event('question.answered', {
        questionId: QuestionId.parse('question-x'),
        choice: null,
        text: 'a',
        digest: digestOf('a'),
      }),
      event('plan.accepted', { digest: digestOf('no plan') }),
    );
    expect({ ...after, version: 0, position: 0, counts: {} }).toEqual({
      ...before,
      version: 0,
      position: 0,
      counts: {},
    });
  });

  test('gives an attempt one outcome, and only under its own fence', () => {
    const world = openGoal();
    const { attemptId, fence } = world.begin();
    append(world, event('attempt.finished', { attemptId, fence: fence + 1, evidence: [] }));
    expect(world.attempt(attemptId).outcome.type).toBe('in_flight');
    append(
      world,
      event('attempt.failed', { attemptId, fence, failure: someFailure, evidence: [digestOf('log')] }),
      event('attempt.finished', { attemptId, fence, evidence: [] }),
    );
    expect(world.attempt(attemptId)).toMatchObject({
      outcome: { type: 'failed' },
      evidence: [digestOf('log')],
    });
  });

  test('counts the same usage once also when the log has it twice', () => {
    const world = openGoal().driveTo('agent');
    const { attemptId } = world.begin();
    const tokens = { input: 7, output: 3, cacheRead: 0, cacheWrite: 0 };
    const spent = event('budget.spent', {
      attemptId,
      usageId: 'one',
      tokens,
      meteredTokens: 0,
      usd: 0,
      agentMs: 5,
      gateMs: 0,
    });
    expect(append(world, spent, spent).spend).toMatchObject({
      tokensTotal: 10,
      agentMs: 5,
      unmetered: false,
    });
  });

  test('says that tokens are an estimate as soon as one attempt reported none', () => {
    const world = openGoal().driveTo('agent');
    const { attemptId } = world.begin();
    const guess = event('budget.spent', {
      attemptId,
      usageId: 'a',
      tokens: null,
      meteredTokens: 40,
      usd: 0,
      agentMs: 0,
      gateMs: 0,
    });
    expect(append(world, guess).spend).toMatchObject({ tokensTotal: 40, unmetered: true });
  });

  test('forgets what rested on an oracle when another one is defined', () => {
    const world = openGoal().driveTo('agent');
    const { oracle } = world.goal;
    if (!oracle) throw new Error('No oracle.');
    const goal = append(world, event('oracle.defined', { ...oracle, digest: digestOf('another') }));
    expect(goal).toMatchObject({ trustedDigest: null, baseChecked: null, setup: null });
  });

  test('keeps unfinished bytes until something is committed', () => {
    const world = openGoal().driveTo('agent');
    const { attemptId } = world.begin();
    const kept = {
      attemptId,
      taskId: 'slice-1',
      commit: oidOf('half'),
      tree: oidOf('half tree'),
      files: 1,
      custodyRef: 'r',
    };
    expect(append(world, event('slice.kept', kept)).kept?.commit).toBe(oidOf('half'));
    const committed = { ...slice('whole').slice, attemptId, taskId: 'slice-1' };
    expect(append(world, event('slice.committed', committed)).kept).toBeNull();
  });

  test('approves the oracle that was asked about, not one that came later', () => {
    const world = openGoal().driveTo(null);
    const { question, questionId } = world.question('acceptance');
    const [verification] = world.goal.verifications;
    if (!verification) throw new Error('Nothing was verified.');
    const { at: _at, version: _version, ...verified } = verification;
    const other = QuestionId.parse('question-oracle');
    const goal = append(
      world,
      event('question.withdrawn', { questionId, reason: '' }),
      event('candidate.verified', { ...verified, proposedOracle: digestOf('first') }),
      event('question.asked', {
        questionId: other,
        attemptId: null,
        question: { ...question, kind: 'oracle.changed' },
      }),
      event('candidate.verified', { ...verified, proposedOracle: digestOf('second') }),
      event('question.answered', {
        questionId: other,
        choice: 'approve',
        text: null,
        digest: question.digest,
      }),
    );
    expect(goal.approvedOracles.map((one) => one.digest)).toEqual([digestOf('first')]);
  });

  test('concludes once', () => {
    const world = openGoal();
    const goal = append(
      world,
      event('goal.concluded', { status: 'cancelled', reasons: [] }),
      event('goal.concluded', { status: 'ready', reasons: [] }),
    );
    expect(goal.concluded?.status).toBe('cancelled');
  });

  test('keeps the newest twenty changes of the project', () => {
    const world = openGoal();
    const changes = Array.from({ length: 25 }, (_, index) =>
      event('project.changed', { what: [`file ${index}`], byOperator: false }),
    );
    expect(append(world, ...changes).projectChanges.map((one) => one.what[0])).toEqual(
      Array.from({ length: 20 }, (_, index) => `file ${index + 5}`),
    );
  });

  test('does not change the state it was given', () => {
    const world = openGoal().driveTo('verify');
    const frozen = deepFreeze(world.goal);
    const next = world.driveTo(null).log.find((one) => one.version === frozen.version + 1);
    expect(() => evolve(frozen, next as GoalEvent)).not.toThrow();
  });

  test('walks through the phases', () => {
    const world = openGoal();
    const phases = [world.goal.phase];
    for (const kind of ['base', 'agent', 'verify', null] as const)
      phases.push(world.driveTo(kind).goal.phase);
    expect(phases).toEqual(['intake', 'verification_design', 'decomposition', 'execution', 'proof']);
    expect(append(openGoal(), event('base.pinned', pinned())).phase).toBe('intake');
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Set)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
