import { describe, expect, test } from 'vitest';
import { verdict } from '../../../shared/goal/verdict.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';

const changed = (world: World, o: { byOperator?: boolean; what?: string[]; breach?: string[] } = {}): World =>
  world.must(
    { type: 'project.report_change', what: ['src/a.ts'], byOperator: false, breach: [], ...o },
    'host',
  );
const status = (world: World) => {
  const { status: word, reasons } = verdict(world.goal);
  return [word, reasons[0]?.code];
};
const questions = (world: World) =>
  world.goal.questions.filter((one) => one.question.kind === 'project.changed').length;
const auto = { accept: 'auto' } as const;

describe('the project changed', () => {
  test('by whom no agent could be: that is said and nothing else', () => {
    const world = changed(openGoal(auto).driveTo('verify'), { byOperator: true });
    expect(questions(world)).toBe(0);
    expect(world.driveTo(null).goal.concluded?.status).toBe('ready');
  });

  test('while an agent could have done it: one question beside the work, and accepting waits for it', () => {
    const world = changed(changed(openGoal(auto).driveTo('agent')), { what: ['src/b.ts'] });
    expect(questions(world)).toBe(1);
    expect(world.question('project.changed').question).toMatchObject({
      subject: 'src/a.ts',
      blocks: 'acceptance',
    });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    world.driveTo(null);
    expect(status(world)).toEqual(['blocked_on_human', 'question.open']);
    const commit = world.goal.candidates[0]?.commit;
    if (commit === undefined) throw new Error('There is no result.');
    expect(world.send({ type: 'goal.accept', commit, note: '' })).toMatchObject({
      ok: false,
      error: { code: 'goal.evidence_missing', missing: [{ code: 'project.changed' }] },
    });
    world.answer('project.changed', { choice: 'mine' }).driveTo(null);
    expect(world.goal.concluded?.status).toBe('ready');
  });

  test('by the person, as they say: that is remembered', () => {
    const world = changed(openGoal().driveTo('agent')).answer('project.changed', { choice: 'mine' });
    changed(world, { what: ['src/later.ts'] });
    expect(questions(world)).toBe(1);
    expect(world.goal.projectChanges.at(-1)).toMatchObject({ what: ['src/later.ts'], byOperator: true });
    world.driveTo(null).question('acceptance');
  });

  test('and not by the person: nothing of this try is believed, until they retry', () => {
    const world = changed(openGoal(auto).driveTo('verify'));
    const running = world.begin();
    world.answer('project.changed', { choice: 'not_mine' });
    expect(world.due()).toEqual([]);
    world.lose(running, 'interrupted');
    expect(status(world)).toEqual(['not_ready', 'project.breached']);
    expect(world.must({ type: 'goal.retry' }).driveTo(null).goal.concluded?.status).toBe('ready');
    expect(questions(world)).toBe(1);
  });

  test('after a retry a further change is asked about again', () => {
    const world = changed(openGoal(auto).driveTo('verify'));
    changed(world).answer('project.changed', { choice: 'not_mine' }).must({ type: 'goal.retry' });
    expect(questions(world)).toBe(1);
    expect(questions(changed(world))).toBe(2);
  });

  test('where its repository runs something: a breach, whoever accepts', () => {
    const world = openGoal(auto).driveTo('verify');
    changed(world, { what: [], breach: ['hooks', 'config'] });
    expect(status(world)).toEqual(['not_ready', 'project.breached']);
    expect(verdict(world.goal).reasons[0]?.message).toContain('hooks, config');
    expect(world.due()).toEqual([]);
    // Pausing is no retry.
    world.must({ type: 'goal.pause' }).must({ type: 'goal.resume' });
    expect(status(world)).toEqual(['not_ready', 'project.breached']);
    expect(world.must({ type: 'goal.retry' }).driveTo(null).goal.concluded?.status).toBe('ready');
  });
});
