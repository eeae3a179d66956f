import { createContext, use } from 'react';
import type { HostConnection } from './connection.ts';
import type { Actions } from './stores/actions.ts';
import type { Mirror } from './stores/create-mirror.ts';
import type { GoalMirrors } from './stores/goal-mirrors.ts';
import type { GoalList } from './stores/goals.ts';
import type { Pending } from './stores/pending.ts';
import type { Router } from './stores/route.ts';
import type { UiStore } from './stores/ui.ts';

/** Everything a screen may reach. */
export type App = {
  readonly connection: HostConnection;
  readonly goals: Mirror<GoalList>;
  readonly goal: GoalMirrors;
  readonly pending: Pending;
  readonly ui: UiStore;
  readonly router: Router;
  readonly actions: Actions;
  /** `desktop`: the host can open a folder dialog and knows where a dropped folder lies. */
  readonly home: 'desktop' | 'browser';
  readonly pathForFile: (file: File) => string | null;
};

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = use(AppContext);
  if (!app) throw new Error('No app around this component.');
  return app;
}
