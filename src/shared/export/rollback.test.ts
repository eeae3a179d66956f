import { expect, it } from 'vitest';
import { openGoal } from '../../main/runtime/testing/world.ts';
import { rollbackDocument } from './rollback.ts';

const rejected = (mode: 'revise' | 'conclude') => {
  const world = openGoal().driveTo(null);
  world.must({ type: 'goal.reject', mode, reason: 'Wrong *approach*.', comments: [] });
  return world.goal;
};

it('a result that is rejected for good comes with a plan of what is left and how to be rid of it', () => {
  const goal = rejected('conclude');
  const text = rollbackDocument(goal) ?? '';
  expect(text).toContain(`Goal ID: ${goal.goalId}`);
  expect(text).toContain('Reason: Wrong \\*approach\\*.');
  expect(text).toContain('- no changed-file evidence recorded');
  expect(text).toMatch(
    /1\. Nothing landed: .*\n2\. What agents wrote is kept .*commit `[0-9a-f]{40}`.*\n3\. To try again/,
  );
  expect(rollbackDocument(goal)).toBe(text);
});

it('names what stood in the way of a delivery', () => {
  const world = openGoal({ accept: 'auto' });
  world.driveTo('land');
  world.fail(world.begin(), {
    code: 'landing.ref_conflict',
    message: 'A branch stands in the way.',
    retry: 'ask',
    blame: 'person',
    detail: { stderr: "'refs/heads/goal' exists ```" },
  });
  world.answer('landing.refused', { choice: 'conclude' });
  const text = rollbackDocument(world.goal) ?? '';
  expect(text).toMatch(
    /## Conflict evidence — slice `.+`\n\n\*\*Blocking reason:\*\* A branch stands in the way\.\n/,
  );
  expect(text).toContain('````text');
});

it('there is none while work goes on', () => {
  expect(rollbackDocument(rejected('revise'))).toBeNull();
  expect(rollbackDocument(openGoal().goal)).toBeNull();
});
