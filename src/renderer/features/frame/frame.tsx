import type { ReactNode } from 'react';
import { useApp } from '../../app-context.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { useConnection, useMedia, useUi } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { FactsBar } from './facts-bar.tsx';
import { Rail, Sidebar } from './sidebar.tsx';
import { TitleBar } from './title-bar.tsx';
import './frame.css';

/** The window around a screen. `review`: the screen needs the width, so goals fold to a rail and needs-you closes. */
export function Frame(props: { review: boolean; needs: ReactNode; needsOpen: boolean; children: ReactNode }) {
  const sidebar = useUi((ui) => ui.sidebar);
  const small = useMedia('(max-width: 760px)');
  const rail = props.review || !sidebar || small;
  return (
    <div className="app" data-side={rail ? 'rail' : 'open'} data-needs={props.needsOpen ? 'open' : 'closed'}>
      <a className="btn skip" href="#main" onClick={focusMain}>
        {t.frame.skip}
      </a>
      <TitleBar />
      {rail ? <Rail /> : <Sidebar />}
      <main className="main" id="main" tabIndex={-1}>
        <Offline />
        {props.children}
      </main>
      {props.needsOpen && props.needs}
      <FactsBar />
    </div>
  );
}

function focusMain(event: React.MouseEvent): void {
  // The address after `#` is the route.
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Offline() {
  const { connection } = useApp();
  const { phase } = useConnection();
  if (phase !== 'stale') return null;
  return (
    <div className="offline">
      <Icon name="offline" />
      <span className="grow">
        <b className="mid">{t.connection.staleTitle}</b>{' '}
        <span className="small ink-2">{t.connection.staleText}</span>
      </span>
      <Button small onClick={connection.retry}>
        {t.retry}
      </Button>
    </div>
  );
}
