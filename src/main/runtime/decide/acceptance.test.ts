import { describe, expect, test } from 'vitest';
import type { GoalCommand } from '../../../shared/goal/commands.ts';
import { expectStatus, given } from '../testing/given.ts';
import { landed, oidOf, refuted, slice, verified } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';

const accept = (world: World, commit = world.goal.candidates.at(-1)?.commit ?? oidOf('none')) =>
  ({ type: 'goal.accept', commit, note: 'Read it.' }) as const;
const reject = (mode: 'revise' | 'conclude', reason = 'The name is wrong.'): GoalCommand => ({
  type: 'goal.reject',
  mode,
  reason,
  comments: [],
});

describe('accepting', () => {
  test('answers the open question by itself and lands exactly that commit', () => {
    const world = openGoal().driveTo(null);
    given(world).when(accept(world)).thenEvents('question.withdrawn', 'goal.accepted');
    expect(world.due()).toEqual([{ kind: 'land', taskId: null }]);
    world.finish(world.begin(), landed(world.goal));
    expectStatus(world, 'ready', 'result.landed');
  });

  test('is refused before there is anything', () => {
    given(openGoal()).when(accept(openGoal())).thenRejected('goal.nothing_to_accept');
  });

  test('is refused for another commit than the newest', () => {
    const world = openGoal().driveTo(null);
    given(world)
      .when(accept(world, oidOf('older')))
      .thenRejected('goal.candidate_moved');
  });

  test('is refused with what is missing', () => {
    const world = openGoal().driveTo('verify');
    const early = world.send(accept(world));
    expect(early).toMatchObject({
      error: { code: 'goal.evidence_missing', missing: [{ code: 'verification.missing' }] },
    });
    world.finish(world.begin(), refuted(world.goal));
    expect(world.send(accept(world))).toMatchObject({
      error: { missing: [{ code: 'gate.failed' }, { code: 'red_to_green.missing' }] },
    });
  });

  test('is refused while nothing red became green and nobody took that risk', () => {
    const world = openGoal().driveTo('verify');
    world.finish(world.begin(), verified(world.goal, { redToGreenCount: 0, redToGreen: [] }));
    given(world).when(accept(world)).thenRejected('goal.evidence_missing');
    world.answer('red_to_green.missing', { choice: 'accept_risk' });
    given(world).when(accept(world)).thenEvents('question.withdrawn', 'goal.accepted');
  });

  test('happens once', () => {
    const world = openGoal().driveTo(null);
    world.must(accept(world));
    given(world).when(accept(world)).thenRejected('goal.nothing_to_accept');
  });

  test('is recorded while paused and lands after the pause', () => {
    const world = openGoal().driveTo(null).must({ type: 'goal.pause' });
    given(world).when(accept(world)).thenEvents('question.withdrawn', 'goal.accepted');
    expect(world.due()).toEqual([]);
    world.must({ type: 'goal.resume' });
    expect(world.due()).toEqual([{ kind: 'land', taskId: null }]);
  });

  test('by policy needs the isolation that policy asks for', () => {
    const low = openGoal({ accept: 'auto', minIsolation: 'L3' }).driveTo(null);
    low.question('acceptance');
    expect(openGoal({ accept: 'auto', minIsolation: 'L2' }).driveTo(null).goal.accepted?.by).toBe('policy');
  });

  test('by policy takes an exposed home for what it is, whatever level the gates reached', () => {
    const exposed = (minIsolation: 'L0' | 'L1') => {
      const { opened } = openGoal().goal;
      const agent = { ...opened.agent, home: 'user' as const };
      return openGoal({ accept: 'auto', minIsolation }, { agent }).driveTo(null);
    };
    exposed('L1').question('acceptance');
    expect(exposed('L0').goal.accepted?.by).toBe('policy');
  });
});

describe('rejecting', () => {
  test('for revision opens another wave with the comments', () => {
    const world = openGoal({ maxAttempts: 1 }).driveTo(null);
    given(world).when(reject('revise')).thenEvents('question.withdrawn', 'goal.rejected');
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    world.finish(world.begin(), slice('better')).driveTo(null);
    given(world).when(accept(world)).thenStatus('running');
  });

  test('the same result again after it was sent back is no progress', () => {
    const world = openGoal().driveTo(null);
    world.must(reject('revise')).finish(world.begin(), slice('fix'));
    expectStatus(world, 'not_ready', 'slice.no_progress', 'goal.rejected');
  });

  test('needs a result to send back', () => {
    given(openGoal().driveTo('agent')).when(reject('revise')).thenRejected('goal.nothing_to_accept');
    const twice = openGoal().driveTo(null).must(reject('revise'));
    given(twice).when(reject('revise')).thenRejected('goal.nothing_to_accept');
  });

  test('for good concludes as not ready, with the reason', () => {
    const world = openGoal().driveTo(null);
    given(world).when(reject('conclude')).thenEvents('question.withdrawn', 'goal.rejected', 'goal.concluded');
    expect(world.goal.concluded).toMatchObject({ status: 'not_ready', reasons: [{ code: 'goal.rejected' }] });
  });

  test('for good waits for what is in flight', () => {
    const world = openGoal().driveTo('agent');
    const attempt = world.begin();
    given(world).when(reject('conclude')).thenEvents('goal.rejected');
    expectStatus(world, 'not_ready', 'goal.rejected');
    world.lose(attempt, 'interrupted');
    expect(world.goal.concluded?.status).toBe('not_ready');
  });

  test('is too late once the result is being landed', () => {
    const world = openGoal({ accept: 'auto' }).driveTo('land');
    given(world).when(reject('revise')).thenRejected('goal.nothing_to_accept');
    world.begin();
    given(world).when(reject('conclude')).thenRejected('goal.nothing_to_accept');
  });
});

test('a cancel that comes while the result lands says that it had landed', () => {
  const world = openGoal({ accept: 'auto' }).driveTo('land');
  const attempt = world.begin();
  world.must({ type: 'goal.cancel' }).finish(attempt, landed(world.goal));
  expect(world.goal.concluded).toMatchObject({
    status: 'cancelled',
    reasons: [{ code: 'goal.cancelled' }, { code: 'result.landed' }],
  });
});
