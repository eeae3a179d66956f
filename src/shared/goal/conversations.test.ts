import { expect, test } from 'vitest';
import { given } from '../../main/runtime/testing/given.ts';
import { someFailure } from '../../main/runtime/testing/results.ts';
import { openGoal } from '../../main/runtime/testing/world.ts';
import type { World } from '../../main/runtime/testing/world.ts';
import { conversationToContinue } from './conversations.ts';
import type { Attempt } from './state.ts';

const speak = (world: World, { attemptId, fence }: Attempt, conversationId = 'session_1', prompt = 1) =>
  world.must({ type: 'conversation.open', attemptId, fence, conversationId, prompt }, 'host');

/** What the next attempt goes on with. */
function next(world: World) {
  const attempt = world.begin();
  return conversationToContinue(world.goal, attempt);
}

test('an attempt that was lost in the middle of its turn is followed by one that goes on with it', () => {
  const world = openGoal().driveTo('agent');
  const first = world.begin();
  expect(conversationToContinue(world.goal, first)).toBeNull();
  speak(world, first);
  world.lose(first);
  expect(next(world)).toMatchObject({
    attemptId: first.attemptId,
    conversationId: 'session_1',
    prompt: 1,
  });
});

test('so is one that crashed, but not one that finished or whose conversation is to blame', () => {
  for (const [code, goesOn] of [
    ['agent.crashed', true],
    ['agent.stalled', true],
    ['agent.context_overflow', false],
    ['agent.flooded', false],
    ['agent.turn_failed', false],
  ] as const) {
    const world = openGoal({ maxAttempts: 3 }).driveTo('agent');
    const first = world.begin();
    speak(world, first);
    world.fail(first, { ...someFailure, code });
    expect([code, next(world) !== null]).toEqual([code, goesOn]);
  }
});

test('one that could not be opened again is not tried a third time', () => {
  const world = openGoal({ maxAttempts: 4 }).driveTo('agent');
  const first = world.begin();
  speak(world, first);
  world.lose(first);
  world.fail(world.begin(), { ...someFailure, code: 'agent.crashed' });
  expect(next(world)).toBeNull();
});

test('a late word of an attempt that has ended opens nothing', () => {
  const world = openGoal().driveTo('agent');
  const first = world.begin();
  world.lose(first);
  const late = { attemptId: first.attemptId, fence: first.fence, conversationId: 'x', prompt: 1 };
  given(world)
    .when({ type: 'conversation.open', ...late }, 'host')
    .thenRejected('attempt.fenced');
});
