import { describe, expect, it } from 'vitest';
import { provenWorld } from '../../../test/proven-goal.ts';
import { oidOf } from '../../main/runtime/testing/results.ts';
import { openGoal } from '../../main/runtime/testing/world.ts';
import { staleness } from './staleness.ts';
import type { ProjectNow } from './staleness.ts';
import { verdict } from './verdict.ts';

const world = provenWorld();
const landedAt = world.goal.landed?.commit ?? null;
const stale = (now: Partial<ProjectNow>): readonly string[] =>
  staleness(world.goal, { project: true, landedAt, baseMovedBy: 0, ...now });

describe('a proof', () => {
  it('speaks about the project as long as nothing moved', () => {
    expect(stale({})).toEqual([]);
    expect(stale({ baseMovedBy: null })).toEqual([]);
  });
  it('is stale once the landed branch or base moved, and says what it covers', () => {
    expect(stale({ landedAt: oidOf('other') })[0]).toMatch(
      /^The branch goal\/\S+\/result moved to [0-9a-f]{7}; the proof covers [0-9a-f]{7} only\.$/,
    );
    expect(stale({ landedAt: null })[0]).toMatch(/is gone; the proof covers/);
    expect(stale({ baseMovedBy: 3 })).toEqual([
      `Base moved by 3 commits on main; the proof covers ${landedAt?.slice(0, 7)}, not a merge of it.`,
    ]);
    expect(stale({ project: false })).toHaveLength(1);
  });
  it('keeps its status', () => expect(verdict(world.goal).status).toBe('ready'));
  it('that is not there yet cannot be stale; one that waits for acceptance can', () => {
    expect(staleness(openGoal().goal, { project: true, landedAt: null, baseMovedBy: 2 })).toEqual([]);
    const waiting = openGoal().driveTo(null).goal;
    expect(staleness(waiting, { project: true, landedAt: null, baseMovedBy: 1 })).toEqual([
      expect.stringMatching(/^Base moved by 1 commit on main; the proof covers/),
    ]);
  });
});
