import { describe, expect, test } from 'vitest';
import { GoalRow } from '../api/goals.ts';
import { gateRecord, prepared, refuted, testGate, verified } from '../../main/runtime/testing/results.ts';
import { verdictCases } from '../../main/runtime/testing/verdict-cases.ts';
import { openGoal } from '../../main/runtime/testing/world.ts';
import type { World } from '../../main/runtime/testing/world.ts';
import { foldGoal } from './evolve.ts';
import { goalRow, nowNextBlocks } from './selectors.ts';

const row = (world: World) => goalRow(world.goal, world.now);

describe('a row', () => {
  test.each(verdictCases)('can be made of $name', ({ log, status }) => {
    const state = foldGoal(log);
    if (!state.exists) return;
    const made = GoalRow.parse(goalRow(state, 0));
    expect(made.status).toBe(status);
    expect(made.line.trim()).not.toBe('');
    expect(made.line).not.toMatch(/undefined|null|\[object/);
  });

  test('counts required gates by what the newest verification said', () => {
    const world = openGoal();
    const optional = { ...testGate, name: 'bench', required: false };
    world.finish(world.begin(), prepared({ gates: [testGate, { ...testGate, name: 'types' }, optional] }));
    world.driveTo('verify');
    expect(row(world).gates).toEqual({ passed: 0, failed: 0, total: 2 });
    const gates = [gateRecord(), gateRecord({ name: 'types', outcome: 'timed_out' })];
    world.finish(world.begin(), verified(world.goal, { gates }));
    expect(row(world).gates).toEqual({ passed: 1, failed: 1, total: 2 });
  });

  test('shows the most used share of any limit', () => {
    const world = openGoal({}, { budget: { timeMs: 1_000, tokens: 100, usd: null } });
    const spent = { ...world.goal.spend, agentMs: 900, tokensTotal: 20 };
    expect(goalRow({ ...world.goal, spend: spent }, 0).budgetUsed).toBe(0.9);
    expect(row(openGoal({}, { budget: { timeMs: null, tokens: null, usd: null } })).budgetUsed).toBeNull();
  });

  test('carries open questions with what identifies them', () => {
    const [question] = row(openGoal().driveTo(null)).questions;
    expect(question).toMatchObject({ goalTitle: 'Fix the flaky retry test in the client', attemptId: null });
  });

  test('says why a goal stopped, and what else holds', () => {
    const world = openGoal({ maxAttempts: 1 }).deliver('wrong');
    world.finish(world.begin(), refuted(world.goal));
    expect(row(world).line).toBe('unit tests failed on the result: retry waits.');
  });
});

describe('now, next, blocks', () => {
  test('follow a goal from kind to kind', () => {
    const world = openGoal();
    const said: string[] = [];
    for (const kind of ['prepare', 'base', 'agent', 'verify'] as const) {
      const attempt = world.driveTo(kind).begin();
      const { now, next } = nowNextBlocks(world.state);
      said.push(`${now} ${next}`);
      world.lose(attempt);
    }
    expect(said).toEqual([
      'omk copies courier and looks for its gates. Next: run the gates on base.',
      'The gates run on base, to know what fails before anybody changes anything. Next: the agent begins.',
      'demo works on the goal, attempt 1 of 3. Next: verify what it leaves.',
      expect.stringMatching(
        /^The gates run on [0-9a-f]{7}, in a clean place that no agent knows\. Next: you decide/,
      ),
    ]);
  });

  test('name the attempt of this wave, not of all time', () => {
    const world = openGoal({ maxAttempts: 2 });
    for (const name of ['one', 'two']) {
      world.deliver(name);
      world.finish(world.begin(), refuted(world.goal));
    }
    world.must({ type: 'goal.retry' }).begin();
    expect(nowNextBlocks(world.state).now).toBe('demo works on the goal, attempt 1 of 2.');
  });

  test('say what blocks', () => {
    const world = openGoal().driveTo(null);
    expect(nowNextBlocks(world.state)).toMatchObject({ next: '', blocks: 'Accept and land this result?' });
  });

  test('say that a pause holds, without promising a next', () => {
    const world = openGoal().driveTo('agent').must({ type: 'goal.pause' });
    expect(nowNextBlocks(world.state)).toEqual({ now: 'You paused it.', next: '', blocks: '' });
  });

  test('promise nothing after the end', () => {
    const world = openGoal({ accept: 'auto' }).driveTo(null);
    expect(nowNextBlocks(world.state).next).toBe('');
  });
});
