import { useState } from 'react';
import { useApp } from '../app-context.ts';
import { clearComments, commentsOf } from '../stores/ui.ts';
import { t } from '../strings.ts';
import { useAct } from './act.ts';
import { Button } from './button.tsx';
import { Radio, Radios } from './choices.tsx';
import { Sheet } from './floating.tsx';
import { Foreign } from './foreign.tsx';
import type { GoalView } from './goal-view.ts';
import { useUi } from './hooks.ts';

type Mode = 'revise' | 'conclude';

/** Sends the comments on lines in one batch with the reason, or ends the goal. */
export function RejectDialog(props: {
  view: GoalView;
  open: boolean;
  onClose: () => void;
  /** What stands there at first. */
  reason?: string;
}) {
  const { view, open, onClose } = props;
  const { goalId } = view.state;
  const { ui } = useApp();
  const act = useAct();
  const comments = useUi((state) => commentsOf(state, goalId));
  const [mode, setMode] = useState<Mode>('revise');
  const [typed, setReason] = useState<string | null>(null);
  const reason = typed ?? props.reason ?? '';
  const [sending, setSending] = useState(false);
  const says = reason.trim() !== '' || comments.length > 0 || mode === 'conclude';
  const send = async (): Promise<void> => {
    if (!says || sending) return;
    setSending(true);
    const answer = await act('goal.reject', goalId, (client, commandId) =>
      client.goals.reject({ commandId, goalId, mode, reason: reason.trim(), comments: [...comments] }),
    );
    setSending(false);
    if (!answer.ok) return;
    clearComments(ui, goalId);
    setReason(null);
    onClose();
  };
  return (
    <Sheet open={open} onClose={onClose} title={t.proof.rejectTitle} describe={t.proof.rejectText}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
        }}
      >
        <textarea
          className="text-area"
          style={{ marginTop: 12, minHeight: 84 }}
          value={reason}
          maxLength={8_000}
          onChange={(event) => setReason(event.target.value)}
          placeholder={t.proof.rejectReason}
          aria-label={t.proof.rejectReason}
        />
        {comments.length > 0 && (
          <ul className="reject-comments small">
            {comments.map((comment) => (
              <li key={`${comment.file} ${comment.side} ${comment.line}`}>
                <code className="ink-2">
                  <Foreign text={`${comment.file}:${comment.line}`} />
                </code>{' '}
                {comment.text}
              </li>
            ))}
          </ul>
        )}
        <Radios
          className="reject-mode"
          value={mode}
          onValueChange={(value) => setMode(value === 'conclude' ? 'conclude' : 'revise')}
          aria-label={t.proof.rejectMode}
        >
          <div>
            <Radio value="revise" id="reject-revise" />
            <label htmlFor="reject-revise">{t.proof.rejectRevise}</label>
            <span className="hint">{t.proof.rejectReviseHint}</span>
          </div>
          <div>
            <Radio value="conclude" id="reject-conclude" />
            <label htmlFor="reject-conclude">{t.proof.rejectConclude}</label>
            <span className="hint">{t.proof.rejectConcludeHint}</span>
          </div>
        </Radios>
        {!says && (
          <p className="hint" style={{ marginTop: 12 }}>
            {t.proof.rejectNeedsReason}
          </p>
        )}
        <div className="dialog-actions">
          <Button variant="ghost" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button
            submit
            variant={mode === 'conclude' ? 'danger-fill' : 'primary'}
            shortcut="mod+enter"
            disabled={!says || sending || view.frozen}
          >
            {mode === 'conclude' ? t.proof.rejectEnd : t.proof.rejectSend}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
