import { describe, expect, test } from 'vitest';
import { missingForPolicy } from '../../../shared/goal/missing-evidence.ts';
import { secondOpinion } from '../../../shared/goal/reviewing.ts';
import { verdict } from '../../../shared/goal/verdict.ts';
import { given } from '../testing/given.ts';
import { oidOf, reviewed } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';

const wanted = (more: object = {}): World => openGoal({ review: 'agent', ...more }).driveTo('review');
const opinion = (world: World) => {
  const verification = world.goal.verifications.at(-1);
  return verification ? secondOpinion(world.goal, verification) : null;
};

describe('a second opinion', () => {
  test('is asked for once a result has passed, and only where it is wanted', () => {
    expect(wanted().due()).toEqual([{ kind: 'review', taskId: null }]);
    const world = openGoal().driveTo(null);
    expect(opinion(world)).toBeNull();
    expect(world.question('acceptance')).toBeDefined();
  });

  test('is shown before anybody accepts, and missing evidence knows nothing of it', () => {
    const world = wanted();
    const { attemptId, fence } = world.begin();
    const outcome = { type: 'finished', result: reviewed(world.goal), evidence: [] } as const;
    given(world)
      .when({ type: 'attempt.report', attemptId, fence, outcome }, 'host')
      .thenEvents('attempt.finished', 'review.received', 'question.asked', 'goal.stopped');
    expect(opinion(world)).toMatchObject({ type: 'assessed', remarks: [{ severity: 'warning' }] });
    expect(world.question('acceptance').question.context).toContain('1 remark');
    expect(missingForPolicy(world.goal)).toEqual([]);
  });

  test('never keeps policy from accepting what is proven', () => {
    const world = wanted({ accept: 'auto' });
    world.finish(world.begin(), reviewed(world.goal)).driveTo(null);
    expect(verdict(world.state).status).toBe('ready');
  });

  test.each([
    [
      'fails',
      (world: World) => world.fail(world.begin(), { message: 'It was no review.' }),
      'It was no review.',
    ],
    [
      'needs a person to sign in',
      (world: World) =>
        world.fail(world.begin(), { blame: 'person', code: 'agent.auth_required', message: 'Sign in.' }),
      'Sign in.',
    ],
    [
      'is lost twice',
      (world: World) => world.lose(world.begin()).lose(world.begin()),
      'omk lost sight of the agent twice.',
    ],
  ] as const)('that %s is not assessed, and the goal goes on', (_, fail, why) => {
    const world = wanted();
    fail(world);
    expect(opinion(world)).toEqual({ type: 'not_assessed', why });
    expect(world.question('acceptance').question.context).toContain('Second opinion: not assessed.');
  });

  test('about other bytes than those delivered is a mistake of omk’s, and no opinion', () => {
    const world = wanted();
    const result = reviewed(world.goal);
    world.finish(world.begin(), { ...result, review: { ...result.review, tree: oidOf('other') } });
    expect(opinion(world)).toMatchObject({ type: 'not_assessed' });
  });

  test('is asked for again about the next result', () => {
    const world = wanted();
    world.finish(world.begin(), reviewed(world.goal));
    world.must({ type: 'goal.reject', mode: 'revise', reason: 'A better name.', comments: [] });
    world.deliver('better').driveTo('review');
    expect(world.due()).toEqual([{ kind: 'review', taskId: null }]);
  });

  test('is not waited for by a person who accepts before it is there', () => {
    const world = wanted();
    world.begin();
    const commit = world.goal.candidates.at(-1)?.commit ?? oidOf('none');
    given(world).when({ type: 'goal.accept', commit, note: '' }).thenEvents('goal.accepted');
    expect(world.due()).toEqual([{ kind: 'land', taskId: null }]);
  });
});
