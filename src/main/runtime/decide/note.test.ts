import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../shared/goal/state.ts';
import { NoteId } from '../../../shared/kernel/ids.ts';
import { expectStatus, given } from '../testing/given.ts';
import { slice } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';

const note = (text: string) => ({ type: 'goal.note', text }) as const;

const working = () => {
  const world = openGoal({ yesPlan: true, trustGates: true }).driveTo('agent');
  const attempt = world.begin();
  return { world, attempt };
};

const tell = (world: World, { attemptId, fence }: Attempt) =>
  ({
    type: 'note.deliver',
    attemptId,
    fence,
    noteId: world.goal.notes.at(-1)?.noteId ?? NoteId.parse('note-none'),
    how: 'steered',
  }) as const;

describe('a note to the agent', () => {
  test('is recorded as the person’s, and changes nothing but that', () => {
    const { world } = working();
    const before = world.goal;
    const { events } = given(world).when(note('  Keep the old names.\n')).thenEvents('note.written');
    expect(events[0]).toMatchObject({ actor: 'operator', payload: { text: 'Keep the old names.' } });
    expect(world.goal).toEqual({
      ...before,
      version: before.version + 1,
      position: before.position + 1,
      counts: { ...before.counts, 'note.written': 1 },
      notes: [{ ...world.goal.notes[0], text: 'Keep the old names.', told: null }],
    });
  });

  test('is told once, by an attempt that is in flight', () => {
    const { world, attempt } = working();
    world.must(note('Keep the old names.'));
    const told = tell(world, attempt);
    given(world)
      .when({ ...told, fence: 99 }, 'host')
      .thenRejected('attempt.fenced');
    given(world)
      .when({ ...told, noteId: NoteId.parse('note-other') }, 'host')
      .thenRejected('note.unknown');
    given(world).when(told, 'host').thenEvents('note.delivered');
    given(world)
      .when({ ...told, how: 'prompt' }, 'host')
      .thenEvents();
    expect(world.goal.notes[0]?.told).toMatchObject({ attemptId: attempt.attemptId, how: 'steered' });
    world.must(note('One more.')).finish(attempt, slice('fix'));
    given(world).when(tell(world, attempt), 'host').thenRejected('attempt.fenced');
    expect(world.goal.notes[1]?.told).toBeNull();
  });

  test('waits where nothing is in flight, and sets nothing going', () => {
    const { world, attempt } = working();
    world.must({ type: 'goal.pause' }).lose(attempt, 'interrupted');
    given(world).when(note('Later.')).thenEvents('note.written');
    expectStatus(world, 'paused');
    world.must({ type: 'goal.resume' });
    world.fail(world.begin(), { retry: 'never', blame: 'agent' });
    const stops = world.types().filter((one) => one === 'goal.stopped').length;
    const due = world.due();
    world.must(note('Try the other way.'));
    expect(world.due()).toEqual(due);
    expect(world.types().filter((one) => one === 'goal.stopped')).toHaveLength(stops);
  });

  test('is refused in words when it says nothing, too much, or comes too often', () => {
    const { world, attempt } = working();
    for (const [text, why] of [
      [' \n ', 'The note is empty. Say what the agent should know.'],
      ['x'.repeat(8_001), 'A note has at most 8,000 characters; this one has 8,001.'],
    ] as const)
      expect(world.send(note(text))).toMatchObject({ error: { code: 'note.refused', message: why } });
    world.must(note('x'.repeat(8_000)));
    for (let more = 1; more < 10; more += 1) world.must(note(`Note ${more}`));
    expect(world.send(note('One too many.'))).toMatchObject({
      error: {
        code: 'note.refused',
        message: '10 notes wait for the next turn of an agent already; no more are taken before it.',
      },
    });
    world.must(tell(world, attempt), 'host');
    given(world).when(note('There is room again.')).thenEvents('note.written');
  });

  test('is refused once no agent can come to work any more', () => {
    const accepted = openGoal({ yesPlan: true, trustGates: true, accept: 'auto' }).driveTo('land');
    given(accepted).when(note('Wait!')).thenRejected('note.refused');
    const ended = openGoal({ yesPlan: true, trustGates: true, accept: 'auto' }).driveTo(null);
    given(ended).when(note('Wait!')).thenRejected('goal.concluded');
    const { world } = working();
    world.must({ type: 'goal.cancel' });
    given(world).when(note('Wait!')).thenRejected('note.refused');
  });
});
