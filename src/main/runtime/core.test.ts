import { expect, test } from 'vitest';
import { verdict } from '../../shared/goal/verdict.ts';
import { happyResult, oidOf, openedWith } from './testing/results.ts';
import { World } from './testing/world.ts';

function drive(world: World): World {
  for (let step = 0; step < 20 && world.due().length > 0; step += 1) {
    const attempt = world.begin();
    world.finish(attempt, happyResult(world.goal, attempt));
  }
  return world;
}

test('a goal whose candidate passes is ready only after a person accepted it and it landed', () => {
  const world = drive(new World().must({ type: 'goal.open', opened: openedWith() }));
  expect(verdict(world.state).status).toBe('blocked_on_human');
  expect(world.goal.questions.at(-1)?.question.kind).toBe('acceptance');
  world.must({ type: 'goal.accept', commit: world.goal.candidates[0]?.commit ?? oidOf('none'), note: '' });
  expect(verdict(world.state).status).toBe('running');
  drive(world);
  expect(verdict(world.state).status).toBe('ready');
  expect(world.types()).toMatchInlineSnapshot(`
    [
      "goal.opened",
      "attempt.started",
      "attempt.finished",
      "base.pinned",
      "oracle.defined",
      "oracle.trusted",
      "attempt.started",
      "attempt.finished",
      "base.checked",
      "plan.proposed",
      "plan.accepted",
      "attempt.started",
      "attempt.finished",
      "slice.committed",
      "attempt.started",
      "attempt.finished",
      "candidate.verified",
      "question.asked",
      "goal.stopped",
      "question.withdrawn",
      "goal.accepted",
      "attempt.started",
      "attempt.finished",
      "result.landed",
      "goal.concluded",
    ]
  `);
});

test('with automatic acceptance nothing is asked', () => {
  const world = drive(new World().must({ type: 'goal.open', opened: openedWith({ accept: 'auto' }) }));
  expect(verdict(world.state).status).toBe('ready');
  expect(world.goal.questions).toEqual([]);
  expect(world.goal.accepted?.by).toBe('policy');
});
