import { describe, expect, it } from 'vitest';
import { digestOf, gateRecord, verified } from '../../main/runtime/testing/results.ts';
import { openGoal } from '../../main/runtime/testing/world.ts';
import { checkLines } from './check-view.ts';
import type { CheckLine } from './check-view.ts';
import { findingsAsComments, reviewSectionsOf } from './review-view.ts';
import { sentBack } from './sent-back.ts';
import type { Finding } from './vocabulary.ts';

const goalWith = (o: Parameters<typeof verified>[1]) => {
  const world = openGoal().driveTo('verify');
  world.finish(world.begin(), verified(world.goal, o));
  return world.goal;
};
const line = (key: CheckLine['key'], o: Parameters<typeof verified>[1]): string => {
  const found = checkLines(goalWith(o)).find((one) => one.key === key);
  return `${found?.state}: ${found?.text}`;
};

describe('how a result was checked', () => {
  it('is nothing before it was', () => expect(checkLines(openGoal().goal)).toEqual([]));

  it('says whose tests decided', () => {
    expect(line('oracle', {})).toMatch(
      /^holds: Tests, .* those of base: 3 files locked\. The result changes none/,
    );
    const changed = { lockedChanged: ['a.test.js'], proposedOracle: digestOf('new oracle') };
    expect(line('oracle', changed)).toMatch(
      /^weak: .*1 locked file \(a\.test\.js\)\. They were put back to base/,
    );
  });

  it('says what was red first, and what it lost', () => {
    expect(line('red_first', { redToGreen: ['a', 'b'], redToGreenCount: 2 })).toBe(
      'holds: 2 checks failed on base and pass now: a, b.',
    );
    expect(line('red_first', { onlyOwnTests: true })).toMatch(/^weak: .*all of them written by the agent/);
    expect(line('red_first', { redToGreen: [], redToGreenCount: 0 })).toMatch(/^weak: No check/);
    expect(line('red_first', { greenToRed: ['c'] })).toMatch(/^fails: .*1 check went from green to red: c\./);
  });

  it('counts canaries, and says when there was none', () => {
    const canary = { altered: 3, failed: 3, without: 1 };
    expect(line('canary', { gates: [gateRecord({ canary })] })).toBe(
      'holds: 3 of 3 altered tests failed, as they must. 1 test had no expectation that could be altered.',
    );
    expect(line('canary', { gates: [gateRecord({ canary: { ...canary, failed: 2 } })] })).toMatch(
      /^fails: 2 of 3/,
    );
    expect(
      line('canary', {
        gates: [gateRecord({ notes: ['Canary: 1 of 1 altered test failed, as they must.'] })],
      }),
    ).toMatch(/^holds: Canary/);
    expect(line('canary', {})).toMatch(/^weak: None: no fixed check/);
    expect(line('canary', { redToGreen: [], redToGreenCount: 0 })).toMatch(/^weak: None was run/);
  });

  it('counts repeats and flakes', () => {
    expect(line('repeats', { gates: [gateRecord()] })).toBe(
      'holds: Every gate ran 2 times, each time with the same result.',
    );
    expect(line('repeats', { gates: [gateRecord(), gateRecord({ name: 'slow', runs: 1 })] })).toBe(
      'weak: 1 of 2 gates ran 2 times, each time with the same result. Once only: slow.',
    );
    const flaky = gateRecord({ name: 'bench', outcome: 'flaky', passedRuns: 1, required: false });
    expect(line('repeats', { gates: [gateRecord(), flaky] })).toBe(
      'weak: bench: 1 of 2 runs passed: the same commit, different results.',
    );
  });

  it('tells probes and walls', () => {
    expect(line('probes', {})).toMatch(/^weak: None were given/);
    expect(line('probes', { gates: [gateRecord({ name: 'p', kind: 'probe' })] })).toBe(
      'holds: 1 of 1 probe passed: p.',
    );
    expect(line('isolation', { isolation: 'L2', isolationNote: 'Hidden.' })).toBe(
      'holds: Between the agent and what judges it: namespaces of the operating system. Hidden.',
    );
    expect(line('isolation', { isolation: 'L0' })).toMatch(/^weak:/);
    const goal = goalWith({ isolation: 'L2' });
    const agent = { ...goal.opened.agent, home: 'user' } as const;
    expect(checkLines({ ...goal, opened: { ...goal.opened, agent } }).at(-1)).toMatchObject({
      title: 'Isolation L2, user home exposed',
      state: 'weak',
      text: expect.stringMatching(/User home exposed/) as string,
    });
  });
});

describe('findings', () => {
  const finding = (rule: string, at: number | null, severity: Finding['severity'] = 'warning'): Finding => ({
    rule,
    severity,
    effect: 'none',
    file: 'a.js',
    line: at,
    message: 'Said.',
  });
  const goal = goalWith({
    findings: [finding('sink.eval', 3), finding('dependency.added', null), finding('slop.todo', 1, 'note')],
    sections: [
      { name: 'architect', state: 'findings', note: '' },
      { name: 'security', state: 'findings', note: '' },
    ],
  });
  it('stand in their section', () => {
    expect(reviewSectionsOf(goal).map((one) => one.findings.map((each) => each.rule))).toEqual([
      ['dependency.added'],
      ['sink.eval'],
    ]);
  });
  it('go back on their lines, those without one as words, notes not at all', () => {
    expect(findingsAsComments(goal)).toEqual({
      comments: [{ file: 'a.js', line: 3, side: 'new', text: 'Said. (sink.eval)' }],
      reason: 'a.js: Said. (dependency.added)',
    });
  });
});

describe('what was sent back', () => {
  it('is received with the next turn of an agent', () => {
    const world = openGoal().driveTo(null);
    const comments = [{ file: 'a.js', line: 1, side: 'new' as const, text: 'Shorter.' }];
    world.must({ type: 'goal.reject', mode: 'revise', reason: 'Not yet.', comments });
    expect(sentBack(world.goal)).toMatchObject([{ reason: 'Not yet.', comments, receivedAt: null }]);
    const attempt = world.begin();
    expect(attempt.kind).toBe('agent');
    expect(sentBack(world.goal)[0]?.receivedAt).toBe(attempt.startedAt);
  });
});
