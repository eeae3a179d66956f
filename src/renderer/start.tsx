// First, so that the rules of a feature come after the general ones.
// Bundled, so that the same text has the same width on every machine and nothing is fetched from outside.
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/floating.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { CommandId } from '../shared/kernel/ids.ts';
import type { Transport } from '../shared/rpc/frames.ts';
import { AppContext } from './app-context.ts';
import type { App } from './app-context.ts';
import { AppShell } from './app.tsx';
import { createConnection, waitOnClock } from './connection.ts';
import { createActions } from './stores/actions.ts';
import { createGoalMirrors } from './stores/goal-mirrors.ts';
import { createGoalsMirror } from './stores/goals.ts';
import { createPending } from './stores/pending.ts';
import { createRouter } from './stores/route.ts';
import { createUi } from './stores/ui.ts';
import { followAppearance } from './theme.ts';

// Without it zod probes for `new Function`, which the page's policy forbids and the browser would log.
z.config({ jitless: true });

/** Starts the page in `root` over transports that `open` gives. */
export function start(root: HTMLElement, open: () => Promise<Transport>): void {
  const connection = createConnection({ open, wait: waitOnClock });
  const now = (): number => Date.now();
  // A hidden window draws no frames, and must still not fall behind.
  const flush = (publish: () => void): void => {
    if (document.hidden) setTimeout(publish, 250);
    else requestAnimationFrame(publish);
  };
  const pending = createPending({ connection, now, newId: () => CommandId.parse(crypto.randomUUID()) });
  const ui = createUi(storage());
  const { omk } = window;
  const app: App = {
    connection,
    pending,
    ui,
    goals: createGoalsMirror(connection, flush),
    goal: createGoalMirrors({ connection, pending, now, flush }),
    router: createRouter(window),
    actions: createActions(),
    home: omk ? 'desktop' : 'browser',
    pathForFile: (file) => omk?.pathForFile(file) ?? null,
  };
  followAppearance(ui, window);
  createRoot(root).render(
    <StrictMode>
      <AppContext value={app}>
        <AppShell />
      </AppContext>
    </StrictMode>,
  );
}

/** `null` where the browser keeps nothing for this page. */
function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
