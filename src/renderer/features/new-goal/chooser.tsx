import { useState } from 'react';
import type { ReactNode } from 'react';
import { age } from '../../../shared/units.ts';
import { useApp } from '../../app-context.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { moveBetweenRows, useNow, useRemote } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';

/** Names the repository: by dropping, by the system's dialog, by typing, or from those used before. */
export function Chooser(props: { pickFolder: () => void; problem: ReactNode }) {
  const { router, home } = useApp();
  const [path, setPath] = useState('');
  const now = useNow();
  const recent = useRemote('recent', (client, signal) => client.projects.recent({}, { signal }));
  const open = (where: string): void => router.go({ screen: 'new', path: where });
  return (
    <div className="new-goal" style={{ display: 'flex' }}>
      <div className="chooser">
        <h1>{t.newGoal.chooseTitle}</h1>
        <p className="ink-2">{t.newGoal.chooseText}</p>
        {props.problem}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (path.trim() !== '') open(path.trim());
          }}
        >
          <div className="field">
            <Icon name="folder" />
            <input
              // The one thing to do on this screen.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              value={path}
              maxLength={4_096}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setPath(event.target.value)}
              placeholder={t.newGoal.pathPlaceholder}
              aria-label={t.newGoal.pathLabel}
            />
          </div>
          <Button submit variant="primary" disabled={path.trim() === ''}>
            {t.newGoal.openPath}
          </Button>
          {home === 'desktop' && <Button onClick={props.pickFolder}>{t.newGoal.choose}</Button>}
        </form>
        {recent.value !== undefined && recent.value.length > 0 && (
          // Arrow keys travel between the rows inside.
          // eslint-disable-next-line jsx-a11y/no-static-element-interactions
          <div className="recent" onKeyDown={moveBetweenRows}>
            <h2 className="label" style={{ marginBottom: 6 }}>
              {t.newGoal.recent}
            </h2>
            {recent.value.map((project) => (
              <button key={project.path} type="button" data-row onClick={() => open(project.path)}>
                <Icon name="folder" tone="mute" />
                <span className="mid">
                  <Foreign text={project.name} />
                </span>
                <code className="ink-3 ellipsis small">
                  <Foreign text={project.path} />
                </code>
                <span className="small ink-3 num">{age(now - project.lastUsedAt)}</span>
              </button>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
