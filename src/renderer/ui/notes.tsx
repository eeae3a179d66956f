import type { ReactNode } from 'react';
import { integer } from '../../shared/units.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';

/** What is so, what it means, what is safe, what to do. */
export function Note(props: {
  tone: 'warn' | 'fail' | 'plain';
  icon: IconName;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="note" data-tone={props.tone}>
      <Icon name={props.icon} />
      <div>
        <b className="strong">{props.title}</b>
        {props.children && <p>{props.children}</p>}
        {props.actions && <div className="note-actions">{props.actions}</div>}
      </div>
    </div>
  );
}

/** What will be here, and when. With `screen` it stands for a whole one and is its heading. */
export function Empty(props: { title: string; screen?: boolean; children?: ReactNode; actions?: ReactNode }) {
  const Title = props.screen ? 'h1' : 'b';
  return (
    <div className="empty">
      <Title className="strong">{props.title}</Title>
      {props.children && <p>{props.children}</p>}
      {props.actions && <div className="note-actions">{props.actions}</div>}
    </div>
  );
}

/** Long work with its number, when there is one. */
export function Loading(props: { what: string; screen?: boolean; done?: number; total?: number | null }) {
  const { done, total } = props;
  const What = props.screen ? 'h1' : 'span';
  return (
    <div className="loading" role="status">
      <div className="row">
        <Icon name="running" turning />
        <What className="mid">{props.what}</What>
        {done !== undefined && (
          <span className="push num small ink-3">
            {total === null || total === undefined ? integer(done) : `${integer(done)} / ${integer(total)}`}
          </span>
        )}
      </div>
      <span className="skeleton" style={{ width: '72%' }} />
      <span className="skeleton" style={{ width: '54%' }} />
      <span className="skeleton" style={{ width: '63%' }} />
    </div>
  );
}
