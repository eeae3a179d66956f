import { GoalId } from '../../shared/kernel/ids.ts';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

export const goalTabs = ['timeline', 'tasks', 'changes', 'gates', 'budget', 'proof'] as const;
export type GoalTab = (typeof goalTabs)[number];

export type Route =
  | { readonly screen: 'goals' }
  | { readonly screen: 'goal'; readonly goalId: GoalId; readonly tab: GoalTab }
  /** `path`: the repository to begin with. */
  | { readonly screen: 'new'; readonly path: string | null }
  /** `adding`: with the form for an agent of one's own. */
  | { readonly screen: 'settings'; readonly adding: boolean }
  | { readonly screen: 'doctor' };

/** The address after `#`, so that a reload and a link come back to the same place. */
export function formatRoute(route: Route): string {
  switch (route.screen) {
    case 'goals':
      return '#/';
    case 'goal':
      return `#/goal/${route.goalId}/${route.tab}`;
    case 'new':
      return route.path === null ? '#/new' : `#/new/${encodeURIComponent(route.path)}`;
    case 'settings':
      return route.adding ? '#/settings/add-agent' : '#/settings';
    case 'doctor':
      return '#/doctor';
  }
}

/** Anything that is no address of ours is the list of goals. */
export function parseRoute(hash: string): Route {
  const [screen, first, second] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'settings') return { screen: 'settings', adding: first === 'add-agent' };
  if (screen === 'doctor') return { screen: 'doctor' };
  if (screen === 'new') return { screen: 'new', path: first ? decoded(first) : null };
  const goalId = GoalId.safeParse(first);
  if (screen !== 'goal' || !goalId.success) return { screen: 'goals' };
  return { screen: 'goal', goalId: goalId.data, tab: goalTabs.find((tab) => tab === second) ?? 'timeline' };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export type Router = {
  readonly store: StoreApi<Route>;
  readonly go: (route: Route) => void;
  /** Where the person came from; the list when they came from nowhere. */
  readonly back: () => void;
};

export function createRouter(view: Pick<Window, 'location' | 'history' | 'addEventListener'>): Router {
  const store = createStore<Route>(() => parseRoute(view.location.hash));
  let depth = 0;
  view.addEventListener('popstate', () => {
    depth = Math.max(0, depth - 1);
    store.setState(parseRoute(view.location.hash), true);
  });
  const go = (route: Route): void => {
    const hash = formatRoute(route);
    if (hash === formatRoute(store.getState())) return;
    depth += 1;
    view.history.pushState(null, '', hash);
    store.setState(route, true);
  };
  return {
    store,
    go,
    back: () => (depth > 0 ? view.history.back() : go({ screen: 'goals' })),
  };
}
