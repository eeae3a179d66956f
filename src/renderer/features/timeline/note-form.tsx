import { useState } from 'react';
import { noteLimits } from '../../../shared/goal/notes.ts';
import { useApp } from '../../app-context.ts';
import { setNote } from '../../stores/ui.ts';
import { t } from '../../strings.ts';
import { useAct } from '../../ui/act.ts';
import { Button } from '../../ui/button.tsx';
import { NOTE_ID } from '../../ui/goal-view.ts';
import type { GoalView } from '../../ui/goal-view.ts';
import { useUi } from '../../ui/hooks.ts';

/** Says something to the agent. What became of it stands on its row in the timeline. */
export function NoteForm(props: { view: GoalView }) {
  const { goalId, attempts } = props.view.state;
  const { ui } = useApp();
  const act = useAct();
  const text = useUi((state) => state.notes[goalId] ?? '');
  const [sending, setSending] = useState(false);
  const empty = text.trim() === '';
  // A session that only reads is not told what comes while it reads.
  const works = attempts.some((one) => one.outcome.type === 'in_flight' && one.kind === 'agent');
  const send = async (): Promise<void> => {
    if (empty || sending) return;
    setSending(true);
    const answer = await act('goal.note', goalId, (client, commandId) =>
      client.goals.note({ commandId, goalId, text }),
    );
    setSending(false);
    if (answer.ok) setNote(ui, goalId, '');
  };
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        id={NOTE_ID}
        className="text-area"
        rows={1}
        value={text}
        maxLength={noteLimits.characters}
        aria-label={t.timeline.note}
        placeholder={works ? t.timeline.noteNow : t.timeline.noteLater}
        onChange={(event) => setNote(ui, goalId, event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            event.currentTarget.blur();
          } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            void send();
          }
        }}
      />
      <Button submit shortcut="enter" disabled={empty || sending}>
        {sending ? t.timeline.noteSending : t.timeline.noteSend}
      </Button>
    </form>
  );
}
