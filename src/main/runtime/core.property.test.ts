import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evolve, foldGoal } from '../../shared/goal/evolve.ts';
import { GoalEvent } from '../../shared/goal/events.ts';
import { isConcluding } from '../../shared/goal/next-step.ts';
import { noGoal } from '../../shared/goal/state.ts';
import type { GoalState } from '../../shared/goal/state.ts';
import { Adversary } from './testing/adversary.ts';
import { checkAll } from './testing/invariants.ts';
import { script } from './testing/script.ts';
import { plan, surplus } from './plan.ts';

const numRuns = Number(process.env['FC_RUNS'] ?? 300);
const capacity = { agents: 4, gates: 4 };

describe('whatever happens to a goal', () => {
  test('its log stays true, its status justified, and it comes to rest', () => {
    fc.assert(
      fc.property(script, (one) => {
        const adversary = new Adversary(one);
        adversary.play();
        checkAll(adversary);
      }),
      { numRuns },
    );
  });

  test('its state is a function of its log, wherever the log is cut in two', () => {
    fc.assert(
      fc.property(script, fc.nat(), (one, cut) => {
        const adversary = new Adversary(one);
        adversary.play();
        const { log, state } = adversary.world;
        expect(foldGoal(log)).toEqual(state);
        const at = cut % (log.length + 1);
        const first = log.slice(0, at).reduce(evolve, noGoal as GoalState);
        expect(log.slice(at).reduce(evolve, first)).toEqual(state);
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });

  test('every event it writes can be read back', () => {
    fc.assert(
      fc.property(script, (one) => {
        const adversary = new Adversary(one);
        adversary.play();
        for (const event of adversary.world.log) {
          expect(GoalEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
        }
      }),
      { numRuns: Math.ceil(numRuns / 6) },
    );
  });

  test('once what the plan says is begun, it says nothing more', () => {
    fc.assert(
      fc.property(script, (one) => {
        const adversary = new Adversary(one);
        adversary.play();
        const { world } = adversary;
        for (let round = 0; round < 3; round += 1) {
          if (world.due().length > 0) world.begin();
        }
        expect(plan(world.state, world.now, capacity).filter((intent) => intent.type === 'start')).toEqual(
          [],
        );
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });

  test('nothing in flight is unwanted but by a person, or because the result it looks at was decided on', () => {
    fc.assert(
      fc.property(script, (one) => {
        const adversary = new Adversary(one);
        adversary.play();
        const { goal } = adversary.world;
        if (goal.paused || goal.cancelRequested || isConcluding(goal)) return;
        expect(surplus(goal).filter(({ kind }) => kind !== 'verify' && kind !== 'review')).toEqual([]);
      }),
      { numRuns },
    );
  });
});
