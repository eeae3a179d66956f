import type { SentBack } from '../../../shared/goal/sent-back.ts';
import { t } from '../../strings.ts';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';
import { clockTime } from '../../ui/time.ts';

/** What was sent back to the agents, and whether they have it. */
export function SentBackNote(props: { sent: readonly SentBack[] }) {
  const [newest] = props.sent;
  if (!newest) return null;
  return (
    <details className="sent-back">
      <summary>
        <Icon
          name={newest.receivedAt === null ? 'waiting' : 'pass'}
          tone={newest.receivedAt === null ? 'mute' : 'pass'}
        />
        <span className="strong">{t.changes.sentBack(clockTime(newest.at), newest.comments.length)}</span>{' '}
        <span className="ink-2">
          {newest.receivedAt === null
            ? t.changes.notReceived
            : t.changes.received(clockTime(newest.receivedAt))}
        </span>
      </summary>
      {newest.reason !== '' && (
        <p>
          <ForeignProse text={newest.reason} />
        </p>
      )}
      {newest.comments.length > 0 && (
        <ul className="small">
          {newest.comments.map((comment) => (
            <li key={`${comment.file} ${comment.side} ${comment.line} ${comment.text}`}>
              <code className="ink-2">
                <Foreign text={`${comment.file}:${comment.line}`} />
              </code>{' '}
              <Foreign text={comment.text} />
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
