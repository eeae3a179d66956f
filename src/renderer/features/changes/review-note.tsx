import { useEffect, useRef, useState } from 'react';
import type { Finding, Remark } from '../../../shared/goal/vocabulary.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';

type Place = { readonly line: number; readonly side: 'old' | 'new' };

/** What stands between the lines of a diff. */
export type ReviewNote = Place &
  (
    | { readonly kind: 'comment'; readonly text: string }
    | { readonly kind: 'draft'; readonly text: string }
    | { readonly kind: 'finding'; readonly finding: Finding }
    | { readonly kind: 'remark'; readonly remark: Remark }
  );

export function ReviewNoteView(props: {
  note: ReviewNote;
  onEdit: () => void;
  onSave: (text: string) => void;
  onLeave: () => void;
  onTake: (remark: Remark) => void;
}) {
  const { note } = props;
  switch (note.kind) {
    case 'finding':
      return (
        <div className="review-note" data-kind={note.finding.severity}>
          <Icon
            name={note.finding.severity === 'blocker' ? 'failed_infra' : 'warn'}
            tone={note.finding.severity === 'blocker' ? 'fail' : 'warn'}
          />
          <div>
            <Foreign text={note.finding.message} />
            <div className="tiny ink-3 mono">
              <Foreign text={note.finding.rule} />
            </div>
          </div>
        </div>
      );
    case 'remark':
      return (
        <div className="review-note" data-kind="remark">
          <Icon name="agent" tone="mute" />
          <div>
            <Foreign text={note.remark.message} />
            <div className="row tiny ink-3">
              <span>{t.changes.opinion}</span>
              <span className="mono">
                <Foreign text={note.remark.rule} />
              </span>
              <Button small variant="ghost" className="push" onClick={() => props.onTake(note.remark)}>
                {t.changes.takeRemark}
              </Button>
            </div>
          </div>
        </div>
      );
    case 'comment':
      return (
        <div className="review-comment">
          <div className="row small">
            <span className="ink-3">{t.changes.commentOn(note.line, note.side)}</span>
            <span className="tag push" data-tone="accent">
              {t.changes.notSent}
            </span>
            <Button small variant="ghost" onClick={props.onEdit}>
              {t.changes.editComment}
            </Button>
            <Button
              small
              variant="ghost"
              icon="cross"
              aria-label={t.changes.deleteComment}
              onClick={() => props.onSave('')}
            />
          </div>
          <p className="review-comment__text">{note.text}</p>
        </div>
      );
    case 'draft':
      return <Draft note={note} onSave={props.onSave} onLeave={props.onLeave} />;
  }
}

function Draft(props: {
  note: ReviewNote & { kind: 'draft' };
  onSave: (text: string) => void;
  onLeave: () => void;
}) {
  const { note, onSave, onLeave } = props;
  const [text, setText] = useState(note.text);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  return (
    <form
      className="review-comment"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(text);
      }}
    >
      <textarea
        ref={area}
        className="text-area"
        value={text}
        maxLength={4_000}
        placeholder={t.changes.commentPlaceholder}
        aria-label={`${t.changes.comment} ${t.changes.commentOn(note.line, note.side)}`}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onLeave();
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.stopPropagation();
            event.preventDefault();
            onSave(text);
          }
        }}
      />
      <div className="row" style={{ marginTop: 6, justifyContent: 'flex-end' }}>
        <Button small variant="ghost" onClick={onLeave}>
          {t.cancel}
        </Button>
        <Button
          small
          variant="primary"
          submit
          shortcut="mod+enter"
          disabled={text.trim() === '' && note.text === ''}
        >
          {t.changes.comment}
        </Button>
      </div>
    </form>
  );
}
