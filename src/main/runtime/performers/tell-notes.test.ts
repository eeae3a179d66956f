import { expect, test } from 'vitest';
import type { Note } from '../../../shared/goal/state.ts';
import { AttemptId, NoteId } from '../../../shared/kernel/ids.ts';
import type { Notes } from '../performer.ts';
import { writtenByPerson } from './prompt.ts';
import { tellNotes } from './tell-notes.ts';

type How = 'steered' | 'restarted' | 'idle';

/** A log of notes and an agent that takes them as it is told to. */
function desk(o: { readonly steer?: boolean; readonly forgetful?: boolean } = {}) {
  let notes: Note[] = [];
  let listeners: (() => void)[] = [];
  const heard: string[] = [];
  const answers: How[] = [];
  let waiting = false;
  const log: Notes = {
    now: () => notes,
    told(noteId, how) {
      const told = { attemptId: AttemptId.parse('attempt-1'), how, at: 0 };
      if (o.forgetful !== true) notes = notes.map((one) => (one.noteId === noteId ? { ...one, told } : one));
    },
    onWritten(listener) {
      listeners.push(listener);
      return () => (listeners = listeners.filter((one) => one !== listener));
    },
  };
  const teller = tellNotes({
    notes: log,
    session: {
      caps: { steer: o.steer ?? true } as never,
      async steer(text) {
        heard.push(text);
        return answers.shift() ?? 'steered';
      },
    },
    waiting: () => waiting,
  });
  return {
    heard,
    answers,
    teller,
    /** What became of each note. */
    told: () => notes.map((one) => one.told?.how ?? null),
    write: async (text: string): Promise<void> => {
      notes = [...notes, { noteId: NoteId.parse(`note-${notes.length}`), text, writtenAt: 0, told: null }];
      for (const listener of listeners) listener();
      await settle();
    },
    wait: async (now: boolean): Promise<void> => {
      waiting = now;
      teller.look();
      await settle();
    },
    listeners: () => listeners.length,
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a note is told in the words of the person, once, and by the way the agent took it', async () => {
  const { write, heard, told, answers } = desk();
  await write('/help is no command here');
  answers.push('restarted');
  await write('Keep\nthe names');
  expect(told()).toEqual(['steered', 'restarted']);
  expect(heard).toEqual([
    'The person who set the goal writes to you:\n\n/help is no command here\n\nTake it into account and go on with the goal.',
    'The person who set the goal writes to you:\n\nKeep\nthe names\n\nTake it into account and go on with the goal.',
  ]);
});

test('what the agent does not take waits, and goes out with the next note', async () => {
  const { write, heard, told, answers } = desk();
  answers.push('idle');
  await write('one');
  expect(told()).toEqual([null]);
  await write('two');
  expect(told()).toEqual(['steered', 'steered']);
  expect(heard[1]).toContain('one\n\ntwo');
});

test('nothing is told while the agent waits for the person', async () => {
  const { write, wait, heard, told } = desk();
  await wait(true);
  await write('one');
  await write('two');
  expect(heard).toEqual([]);
  await wait(false);
  expect(heard).toHaveLength(1);
  expect(told()).toEqual(['steered', 'steered']);
});

test('a log that takes nothing does not make an agent hear the same for ever', async () => {
  const { write, heard } = desk({ forgetful: true });
  await write('one');
  await write('two');
  expect(heard).toHaveLength(2);
  expect(heard[1]).not.toContain('one');
});

test('an agent that cannot be told between its turns is not, nor one whose turn is over', async () => {
  const unable = desk({ steer: false });
  await unable.write('one');
  expect(unable.heard).toEqual([]);
  const over = desk();
  over.teller.end();
  await over.write('one');
  expect([over.heard, over.told(), over.listeners()]).toEqual([[], [null], 0]);
});

test('a prompt holds every note, and the newest where there are too many', () => {
  const note = (text: string, at: number): Note => ({
    noteId: NoteId.parse(`note-${at}`),
    text,
    writtenAt: at,
    told: null,
  });
  expect(writtenByPerson([])).toBe('');
  expect(writtenByPerson([note('one', 1), note('two\nlines', 2)])).toMatch(
    /counts:\n- one\n- two\n {2}lines$/,
  );
  const many = writtenByPerson(Array.from({ length: 12 }, (_, at) => note(`${at} ${'x'.repeat(7_990)}`, at)));
  expect(many).not.toContain('- 1 x');
  for (let at = 2; at < 12; at += 1) expect(many).toContain(`- ${at} x`);
});
