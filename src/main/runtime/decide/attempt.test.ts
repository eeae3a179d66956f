import { describe, expect, test } from 'vitest';
import { AttemptId } from '../../../shared/kernel/ids.ts';
import { plan } from '../plan.ts';
import { expectStatus, given } from '../testing/given.ts';
import { checkedBase, oidOf, openedWith, prepared, slice, verified } from '../testing/results.ts';
import { openGoal, World } from '../testing/world.ts';
import { leaseMs } from './attempt.ts';

const attemptId = AttemptId.parse('attempt-x');
const begin = (kind: 'agent' | 'prepare' | 'verify') =>
  ({ type: 'attempt.begin', attemptId, kind, taskId: kind === 'agent' ? 'slice-1' : null }) as const;

describe('beginning', () => {
  test('only what the goal needs now may begin', () => {
    given(openGoal()).when(begin('agent'), 'host').thenRejected('attempt.not_due');
    given(openGoal()).when(begin('prepare'), 'host').thenEvents('attempt.started');
    given(openGoal().driveTo(null)).when(begin('verify'), 'host').thenRejected('attempt.not_due');
  });

  test('a second live attempt at the same thing is refused', () => {
    const world = openGoal().driveTo('agent');
    world.begin();
    expect(world.due()).toEqual([]);
    given(world).when(begin('agent'), 'host').thenRejected('attempt.not_due');
  });

  test('fences rise by one and an id is used once', () => {
    const world = openGoal();
    const first = world.begin();
    world.lose(first);
    const { attemptId: again } = first;
    given(world)
      .when({ type: 'attempt.begin', attemptId: again, kind: 'prepare', taskId: null }, 'host')
      .thenRejected('attempt.not_due');
    expect(world.begin().fence).toBe(first.fence + 1);
  });

  test('an agent gets a lease and what is left of the budget; a gate has no allowance', () => {
    const world = openGoal({}, { budget: { timeMs: 5_000, tokens: null, usd: null } });
    expect(world.driveTo('base').begin()).toMatchObject({ allowanceMs: null, allowanceTokens: null });
    const agent = new World().must({
      type: 'goal.open',
      opened: openedWith({}, { budget: { timeMs: 5_000, tokens: 70, usd: null } }),
    });
    expect(agent.driveTo('agent').begin()).toMatchObject({
      allowanceMs: 5_000,
      allowanceTokens: 70,
      leaseUntil: agent.now + leaseMs,
    });
  });
});

describe('leases', () => {
  test('a renewal extends the lease and never shortens it', () => {
    const world = openGoal();
    const { attemptId: id, fence, leaseUntil } = world.begin();
    world.now += 60_000;
    world.must({ type: 'attempt.renew', attemptId: id, fence }, 'host');
    expect(world.attempt(id).leaseUntil).toBe(leaseUntil + 60_000);
    world.now -= 100_000;
    world.must({ type: 'attempt.renew', attemptId: id, fence }, 'host');
    expect(world.attempt(id).leaseUntil).toBe(leaseUntil + 60_000);
  });

  test('an expired lease is planned as such, and nothing takes its place before it is declared lost', () => {
    const world = openGoal();
    const attempt = world.begin();
    const lose = { type: 'attempt.lose', attemptId: attempt.attemptId, reason: 'lease_expired' } as const;
    given(world).when(lose, 'host').thenRejected('attempt.not_due');
    world.now = attempt.leaseUntil;
    expect(plan(world.state, world.now, { agents: 1, gates: 1 })).toEqual([
      { type: 'expire', attemptId: attempt.attemptId, fence: attempt.fence },
    ]);
    given(world).when(lose, 'host').thenEvents('attempt.lost');
    expect(world.due()).toEqual([{ kind: 'prepare', taskId: null }]);
  });

  test('a renewal with another fence or of an ended attempt is refused', () => {
    const world = openGoal();
    const { attemptId: id, fence } = world.begin();
    given(world)
      .when({ type: 'attempt.renew', attemptId: id, fence: fence + 1 }, 'host')
      .thenRejected('attempt.fenced');
    world.lose(world.attempt(id));
    given(world).when({ type: 'attempt.renew', attemptId: id, fence }, 'host').thenRejected('attempt.fenced');
    given(world).when({ type: 'attempt.renew', attemptId, fence }, 'host').thenRejected('attempt.unknown');
  });
});

describe('reporting', () => {
  const report = (id: AttemptId, fence: number) =>
    ({
      type: 'attempt.report',
      attemptId: id,
      fence,
      outcome: { type: 'finished', result: prepared(), evidence: [] },
    }) as const;

  test('a late report from a lost attempt is kept as evidence once and changes nothing', () => {
    const world = openGoal();
    const { attemptId: id, fence } = world.begin();
    world.lose(world.attempt(id));
    given(world).when(report(id, fence), 'host').thenEvents('attempt.late_report');
    expect(world.goal.base).toBeNull();
    expect(world.attempt(id).outcome.type).toBe('lost');
    given(world).when(report(id, fence), 'host').thenRejected('attempt.fenced');
  });

  test('a report with another fence ends nothing', () => {
    const world = openGoal();
    const { attemptId: id, fence } = world.begin();
    given(world)
      .when(report(id, fence + 1), 'host')
      .thenEvents('attempt.late_report');
    expect(world.attempt(id).outcome.type).toBe('in_flight');
  });

  test('a report of an attempt nobody began is refused', () => {
    given(openGoal()).when(report(attemptId, 1), 'host').thenRejected('attempt.unknown');
  });

  test('the result of another kind of work is a failure of omk', () => {
    const world = openGoal();
    world.finish(world.begin(), slice('fix'));
    expectStatus(world, 'failed_infra', 'attempt.wrong_result');
  });

  test('a verification of bytes that no agent delivered is a failure of omk', () => {
    const world = openGoal().driveTo('verify');
    world.finish(world.begin(), verified(world.goal, { tree: oidOf('other') }));
    expect(world.goal.verifications).toEqual([]);
    expectStatus(world, 'failed_infra', 'verification.wrong_tree');
  });

  test('a verification against another base is a failure of omk', () => {
    const world = openGoal().driveTo('verify');
    world.finish(world.begin(), verified(world.goal, { baseTree: oidOf('other') }));
    expectStatus(world, 'failed_infra', 'verification.wrong_tree');
  });

  test('landing another commit than the accepted one is a failure of omk', () => {
    const world = openGoal({ accept: 'auto' }).driveTo('land');
    world.finish(world.begin(), {
      kind: 'land',
      landed: { ref: 'refs/heads/x', commit: oidOf('other'), baseMovedBy: 0 },
    });
    expectStatus(world, 'failed_infra', 'landing.wrong_commit');
  });

  test('time of gates is recorded once, however it is sent', () => {
    const world = openGoal().driveTo('base');
    const { attemptId: id } = world.begin();
    world.must(
      {
        type: 'budget.spend',
        attemptId: id,
        usageId: `${id}:gates`,
        tokens: null,
        meteredTokens: 0,
        usd: 0,
        agentMs: 0,
        gateMs: 40,
      },
      'host',
    );
    world.finish(world.attempt(id), { ...checkedBase(), gateMs: 40 } as ReturnType<typeof checkedBase>);
    expect(world.goal.spend.gateMs).toBe(40);
  });
});
