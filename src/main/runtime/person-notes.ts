import type { Attempt } from '../../shared/goal/state.ts';
import type { GoalCommand } from '../../shared/goal/commands.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { Engine } from './engine.ts';
import type { Notes } from './performer.ts';

/** The notes of a goal for one of its attempts: read from the log, so that a host that starts again knows the same ones. */
export function personNotes(
  engine: Pick<Engine, 'state' | 'onCommit'>,
  goalId: GoalId,
  { attemptId, fence }: Pick<Attempt, 'attemptId' | 'fence'>,
  send: (command: GoalCommand) => void,
): Notes {
  return {
    now() {
      const state = engine.state(goalId);
      return state.exists ? state.notes : [];
    },
    told: (noteId, how) => send({ type: 'note.deliver', attemptId, fence, noteId, how }),
    onWritten: (listener) =>
      engine.onCommit((id, events) => {
        if (id === goalId && events.some((one) => one.type === 'note.written')) listener();
      }),
  };
}
