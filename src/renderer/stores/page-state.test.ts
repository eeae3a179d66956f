import { describe, expect, it } from 'vitest';
import { GoalId } from '../../shared/kernel/ids.ts';
import { readBudget, writeBudget } from './budget-input.ts';
import { createActions, chordOf, createKeyReader } from './actions.ts';
import { runMenuCommand } from './menu-commands.ts';
import { formatRoute, parseRoute } from './route.ts';
import type { Route } from './route.ts';
import {
  clearComments,
  commentsOf,
  createUi,
  defaultUi,
  isViewed,
  setComment,
  setNote,
  setViewed,
} from './ui.ts';

const goalId = GoalId.parse('goal-20260105-130600-000-0a1b2c3d');

function memory(text: string | null) {
  const kept = { text };
  return {
    kept,
    getItem: () => kept.text,
    setItem: (_key: string, value: string) => {
      kept.text = value;
    },
  };
}

describe('what a person chose', () => {
  it('is there again after a reload', () => {
    const storage = memory(null);
    const ui = createUi(storage);
    ui.setState({ theme: 'dark' });
    setViewed(ui, goalId, 'src/a.ts', 'blob1', true);
    setNote(ui, goalId, 'Keep the');
    const again = createUi(storage).getState();
    expect(again.theme).toBe('dark');
    expect(isViewed(again, goalId, 'src/a.ts', 'blob1')).toBe(true);
    expect(again.notes[goalId]).toBe('Keep the');
    setNote(ui, goalId, '');
    expect(createUi(storage).getState().notes).toEqual({});
  });

  it('loses a value that cannot be read, and no other', () => {
    const storage = memory(JSON.stringify({ ...defaultUi, theme: 'purple', sidebar: false }));
    expect(createUi(storage).getState()).toMatchObject({ theme: 'system', sidebar: false });
  });

  it.each(['not json', 'null', '[]', '"x"'])('begins anew when %s is stored', (text) => {
    expect(createUi(memory(text)).getState()).toEqual(defaultUi);
  });

  it('holds until the window closes when nothing can be stored', () => {
    const ui = createUi({
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
    });
    ui.setState({ density: 'compact' });
    expect(ui.getState().density).toBe('compact');
  });

  it('counts a file as unseen once its content changes', () => {
    const ui = createUi(null);
    setViewed(ui, goalId, 'a', 'blob1', true);
    expect(isViewed(ui.getState(), goalId, 'a', 'blob2')).toBe(false);
    setViewed(ui, goalId, 'a', 'blob1', false);
    expect(isViewed(ui.getState(), goalId, 'a', 'blob1')).toBe(false);
  });

  it('keeps one comment a place, drops an empty one, and all once they were sent', () => {
    const ui = createUi(null);
    const place = { file: 'a', line: 3, side: 'new' as const };
    setComment(ui, goalId, { ...place, text: 'first' });
    setComment(ui, goalId, { ...place, text: 'second' });
    setComment(ui, goalId, { ...place, side: 'old', text: 'other side' });
    expect(commentsOf(ui.getState(), goalId).map((one) => one.text)).toEqual(['second', 'other side']);
    setComment(ui, goalId, { ...place, text: '  ' });
    expect(commentsOf(ui.getState(), goalId)).toHaveLength(1);
    clearComments(ui, goalId);
    expect(commentsOf(ui.getState(), goalId)).toEqual([]);
  });
});

describe('addresses', () => {
  it.each<Route>([
    { screen: 'goals' },
    { screen: 'settings', adding: false },
    { screen: 'settings', adding: true },
    { screen: 'doctor' },
    { screen: 'new', path: null },
    { screen: 'new', path: '/home/user/a b/%2F#' },
    { screen: 'goal', goalId, tab: 'proof' },
  ])('%o come back as they were', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it.each(['', '#', '#/goal/../../etc', '#/goal/x/proof', '#/nowhere', '#/new/%E0%A4%A'])(
    '%s is harmless',
    (hash) => {
      expect(['goals', 'new']).toContain(parseRoute(hash).screen);
    },
  );

  it('shows the timeline for a tab that does not exist', () => {
    expect(parseRoute(`#/goal/${goalId}/nothing`)).toEqual({ screen: 'goal', goalId, tab: 'timeline' });
  });
});

describe('keys', () => {
  const press = (key: string, more: Partial<Parameters<typeof chordOf>[0]> = {}): string | null =>
    chordOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

  it('spell chords the way actions name them', () => {
    expect(press('k', { metaKey: true })).toBe('mod+k');
    expect(press('F', { shiftKey: true })).toBe('shift+f');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press(' ')).toBe('space');
    expect(press('Shift', { shiftKey: true })).toBeNull();
  });

  function reader() {
    const ran: string[] = [];
    const actions = createActions();
    let now = 0;
    const action = (id: string, keys: string) => ({
      id,
      title: id,
      group: 'go' as const,
      keys,
      run: () => ran.push(id),
    });
    actions.register('page', [action('goals', 'g l'), action('new', 'n'), action('palette', 'mod+k')]);
    const read = createKeyReader(actions, () => now);
    return { ran, actions, action, read, pass: (ms: number) => (now += ms) };
  }
  const page = { typing: false, modal: false };

  it('run sequences pressed in time, and forget those that were not', () => {
    const { ran, read, pass } = reader();
    expect(read('g', page)).toBe(true);
    expect(read('l', page)).toBe(true);
    read('g', page);
    pass(1_500);
    expect(read('l', page)).toBe(false);
    expect(ran).toEqual(['goals']);
  });

  it('leave single letters to a text field, but not chords', () => {
    const { ran, read } = reader();
    expect(read('n', { typing: true, modal: false })).toBe(false);
    expect(read('mod+k', { typing: true, modal: false })).toBe(true);
    expect(ran).toEqual(['palette']);
  });

  it('do nothing behind a dialog', () => {
    const { ran, read } = reader();
    expect(read('n', { typing: false, modal: true })).toBe(false);
    expect(ran).toEqual([]);
  });

  it('belong to what was mounted last, and go back when it leaves', () => {
    const { ran, read, actions, action } = reader();
    const leave = actions.register('panel', [action('note', 'n')]);
    read('n', page);
    leave();
    read('n', page);
    expect(ran).toEqual(['note', 'new']);
  });
});

describe('what the menu asks for', () => {
  it('is done by the page’s own action, and not when the page does not offer it', () => {
    const ran: string[] = [];
    const actions = createActions();
    actions.register('goal', [
      { id: 'goal.pause', title: 'Pause', group: 'goal', run: () => ran.push('pause') },
    ]);
    const routes: Route[] = [];
    const on = {
      router: { go: (route: Route) => routes.push(route) },
      actions,
      nextQuestion: () => ran.push('question'),
    };
    runMenuCommand({ command: 'run', action: 'goal-pause' }, on);
    runMenuCommand({ command: 'run', action: 'goal-resume' }, on);
    runMenuCommand({ command: 'new-goal', path: '/repo' }, on);
    expect(ran).toEqual(['pause']);
    expect(routes).toEqual([{ screen: 'new', path: '/repo' }]);
  });
});

describe('budgets as they are typed', () => {
  it.each([
    ['2h', '2M', '$12', { timeMs: 7_200_000, tokens: 2_000_000, usd: 12 }],
    ['90 m', '500k', '7.50', { timeMs: 5_400_000, tokens: 500_000, usd: 7.5 }],
    ['', '', '', { timeMs: null, tokens: null, usd: null }],
    ['1d', '1,200,000', '0', { timeMs: 86_400_000, tokens: 1_200_000, usd: 0 }],
  ])('reads %s, %s and %s', (time, tokens, usd, budget) => {
    expect(readBudget({ time, tokens, usd })).toEqual({ budget, problems: {} });
  });

  it.each([
    ['3 hourss', '2M', '', 'time'],
    ['90', '2M', '', 'time'],
    ['2h', 'many', '', 'tokens'],
    ['2h', '-5', '', 'tokens'],
    ['2h', '9e99M', '', 'tokens'],
    ['2h', '2M', '1.234', 'usd'],
    ['2h', '2M', '-1', 'usd'],
  ] as const)('says what is wrong with %s, %s, %s', (time, tokens, usd, field) => {
    const { budget, problems } = readBudget({ time, tokens, usd });
    expect(budget).toBeNull();
    expect(Object.keys(problems)).toEqual([field]);
  });

  it('writes what it reads', () => {
    const budget = { timeMs: 5_400_000, tokens: 1_250_000, usd: 7.5 };
    expect(readBudget(writeBudget(budget)).budget).toEqual(budget);
  });
});
