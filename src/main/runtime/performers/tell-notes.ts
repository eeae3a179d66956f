import { waitingNotes } from '../../../shared/goal/notes.ts';
import type { Note } from '../../../shared/goal/state.ts';
import type { NoteId } from '../../../shared/kernel/ids.ts';
import type { AgentSession } from '../agent-backend.ts';
import type { Notes } from '../performer.ts';

/** Tells the agent of a running turn what the person writes meanwhile. */
export type NoteTeller = {
  /** Something may have become possible: the agent waits for nobody any more. */
  look(): void;
  end(): void;
};

/**
 * Each note once, in order, and never while the agent waits for the person: to break off its step would withdraw what it asks.
 * A note that the agent does not take stays waiting, and so does one whose telling the log does not hold after a crash: the next
 * prompt says it, if need be again.
 */
export function tellNotes(o: {
  readonly notes: Notes;
  readonly session: Pick<AgentSession, 'steer' | 'caps'>;
  readonly waiting: () => boolean;
}): NoteTeller {
  const { notes, session } = o;
  /** Also those whose telling the log did not take. */
  const told = new Set<NoteId>();
  let telling = false;
  let over = !session.caps.steer;
  const tell = async (): Promise<void> => {
    if (telling) return;
    telling = true;
    try {
      for (;;) {
        const due = waitingNotes(notes.now()).filter((one) => !told.has(one.noteId));
        if (over || due.length === 0 || o.waiting()) return;
        const how = await session.steer(noteWords(due));
        if (how === 'idle') return;
        for (const { noteId } of due) {
          told.add(noteId);
          notes.told(noteId, how);
        }
      }
    } finally {
      telling = false;
    }
  };
  const look = (): void => void tell();
  const forget = notes.onWritten(look);
  return {
    look,
    end() {
      over = true;
      forget();
    },
  };
}

/** First words of what an agent is told in the middle of a turn; the demonstration agent knows it by them. */
export const noteOpening = 'The person who set the goal writes to you:';

const noteWords = (notes: readonly Note[]): string =>
  [noteOpening, ...notes.map(({ text }) => text), 'Take it into account and go on with the goal.'].join(
    '\n\n',
  );
