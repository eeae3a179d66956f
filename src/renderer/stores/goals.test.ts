import { describe, expect, it } from 'vitest';
import type { GoalRow } from '../../shared/api/goals.ts';
import { goalRow } from '../../shared/goal/selectors.ts';
import { foldGoal } from '../../shared/goal/evolve.ts';
import { opened, story } from '../../shared/testing/story.ts';
import {
  applyListItem,
  filterRows,
  groupByNeed,
  groupByProject,
  groupOf,
  noGoals,
  openQuestions,
} from './goals.ts';

function row(seed: string, more: Partial<GoalRow> = {}): GoalRow {
  const state = foldGoal(story(seed).tell('goal.opened', opened(`goal ${seed}`)).events);
  if (!state.exists) throw new Error('The story begins with an opening.');
  return { ...goalRow(state, 0), ...more };
}

describe('list of goals', () => {
  it('takes a newer row of a goal and refuses an older one', () => {
    const newer = row('a', { version: 7, line: 'new' });
    const list = applyListItem(noGoals, { type: 'rows', rows: [newer] });
    const again = applyListItem(list, { type: 'rows', rows: [row('a', { version: 6, line: 'old' })] });
    expect(again.rows.get(newer.goalId)?.line).toBe('new');
  });

  it('puts whatever waits for the person first, and a running goal that asks among it', () => {
    const asking = row('asks', { status: 'running' });
    const rows = [
      row('done', { status: 'ready' }),
      row('runs', { status: 'running' }),
      row('broken', { status: 'failed_infra' }),
      row('budget', { status: 'needs_more_budget' }),
      row('human', { status: 'blocked_on_human' }),
      { ...asking, questions: [{} as GoalRow['questions'][number]] },
      row('outside', { status: 'blocked_on_external' }),
    ];
    const groups = groupByNeed(rows);
    expect(groups.yours.map((one) => one.title)).toEqual([
      'goal human',
      'goal budget',
      'goal broken',
      'goal asks',
    ]);
    expect(groups.under_way.map((one) => one.title)).toEqual(['goal runs', 'goal outside']);
    expect(groups.finished.map((one) => one.title)).toEqual(['goal done']);
  });

  it('gives every status exactly one group', () => {
    const statuses = [
      'running',
      'paused',
      'ready',
      'not_ready',
      'blocked_on_human',
      'blocked_on_external',
      'needs_more_budget',
      'failed_infra',
      'cancelled',
    ] as const;
    expect(statuses.map((status) => groupOf(row(status, { status })))).toHaveLength(9);
  });

  it('orders projects by the goal opened last', () => {
    const projects = groupByProject([
      row('a', { project: { path: '/a', name: 'a' }, openedAt: 1 }),
      row('b', { project: { path: '/b', name: 'b' }, openedAt: 3 }),
      row('c', { project: { path: '/a', name: 'a' }, openedAt: 2 }),
    ]);
    expect(projects.map((project) => [project.name, project.rows.length])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
  });

  it('finds goals by words of title, project and status', () => {
    const rows = [row('flaky', { status: 'paused' }), row('other')];
    expect(
      filterRows(rows, 'PAUSED courier', (one) => (one.status === 'paused' ? 'Paused' : '')),
    ).toHaveLength(1);
    expect(filterRows(rows, '  ', () => '')).toHaveLength(2);
  });

  it('shows the newest question first, of whichever goal', () => {
    const ask = (askedAt: number) => ({ askedAt }) as GoalRow['questions'][number];
    const questions = openQuestions([
      row('a', { questions: [ask(1), ask(3)] }),
      row('b', { questions: [ask(2)] }),
    ]);
    expect(questions.map((one) => one.askedAt)).toEqual([3, 2, 1]);
  });
});
