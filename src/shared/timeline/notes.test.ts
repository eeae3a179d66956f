import { expect, test } from 'vitest';
import { NoteId } from '../kernel/ids.ts';
import { attemptId, opened, started, story } from '../testing/story.ts';
import type { Story } from '../testing/story.ts';
import { newTimeline } from './model.ts';
import type { Timeline } from './model.ts';
import { addEvent } from './timeline.ts';

function timelineOf(told: Story): Timeline {
  const timeline = newTimeline();
  for (const event of told.events) addEvent(timeline, event);
  return timeline;
}

test('a row says of a note whether an agent was told, and that none will be once the goal has ended', () => {
  const [told, left] = [NoteId.parse('note-told'), NoteId.parse('note-left')];
  const written = story()
    .tell('goal.opened', opened('x'))
    .tell('attempt.started', started('one', 'agent', 1))
    .tell('note.written', { noteId: told, text: 'Keep\nthe names' }, { actor: 'operator' });
  expect(timelineOf(written).entries.at(-1)).toMatchObject({
    lead: 'You wrote',
    aside: 'not told yet',
    block: ['Keep', 'the names'],
  });
  written
    .tell('note.delivered', { noteId: told, attemptId: attemptId('one'), how: 'steered' }, { after: 2_000 })
    .tell('note.written', { noteId: left, text: 'And more' }, { actor: 'operator' });
  const asides = (): string[] =>
    timelineOf(written)
      .entries.filter((entry) => entry.lead === 'You wrote')
      .map((entry) => entry.aside);
  expect(asides()).toEqual(['told in the middle of its turn, after 2.0 s', 'not told yet']);
  written.tell('goal.concluded', {
    status: 'cancelled',
    reasons: [{ code: 'cancelled', message: 'You cancelled.' }],
  });
  expect(asides()[1]).toBe('no turn came after it');
});
