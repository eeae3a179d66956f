import type { GoalCommand } from '../../../shared/goal/commands.ts';
import { event } from '../../../shared/goal/events.ts';
import { noteLimits, takesNotes, waitingNotes } from '../../../shared/goal/notes.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import { NoteId } from '../../../shared/kernel/ids.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { integer } from '../../../shared/units.ts';
import { liveAttempt } from './attempt.ts';
import { refuse } from './context.ts';
import type { DecideContext, Decided } from './context.ts';

/** Records what a person says to the agent. It asks for nothing and decides nothing: whoever works next is told. */
export function writeNote(state: OpenGoal, written: string, ctx: DecideContext): Decided {
  const text = written.trim();
  if (!takesNotes(state))
    return refuse('note.refused', 'No agent works on this goal any more, so nobody would read the note.');
  if (text === '') return refuse('note.refused', 'The note is empty. Say what the agent should know.');
  if (text.length > noteLimits.characters)
    return refuse(
      'note.refused',
      `A note has at most ${integer(noteLimits.characters)} characters; this one has ${integer(text.length)}.`,
    );
  if (waitingNotes(state.notes).length >= noteLimits.waiting)
    return refuse(
      'note.refused',
      `${noteLimits.waiting} notes wait for the next turn of an agent already; no more are taken before it.`,
    );
  if (state.notes.length >= noteLimits.all)
    return refuse('note.refused', `This goal holds ${noteLimits.all} notes already; no more are taken.`);
  return ok([event('note.written', { noteId: NoteId.parse(`note-${ctx.nextId()}`), text })]);
}

/** Records the first time an agent is told; that it is told again is nothing new. */
export function deliverNote(
  state: OpenGoal,
  { attemptId, fence, noteId, how }: Extract<GoalCommand, { type: 'note.deliver' }>,
): Decided {
  const live = liveAttempt(state, attemptId, fence);
  if (!live.ok) return live;
  const note = state.notes.find((one) => one.noteId === noteId);
  if (!note) return refuse('note.unknown', 'This goal has no such note.');
  return ok(note.told === null ? [event('note.delivered', { noteId, attemptId, how })] : []);
}
