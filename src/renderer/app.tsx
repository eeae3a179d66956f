import { lazy, Suspense, useCallback, useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { AppCommand } from '../shared/api/agents.ts';
import type { QuestionId } from '../shared/kernel/ids.ts';
import { useApp } from './app-context.ts';
import { Announcer } from './features/frame/announcer.tsx';
import { DropOverlay } from './features/frame/drop-overlay.tsx';
import { Frame } from './features/frame/frame.tsx';
import { GoalListScreen } from './features/goal-list/goal-list.tsx';
import { NeedsPanel } from './features/needs/needs-panel.tsx';
import type { AskedFor } from './features/needs/needs-panel.tsx';
import type { Action } from './stores/actions.ts';
import type { Route } from './stores/route.ts';
import { runMenuCommand } from './stores/menu-commands.ts';
import { isDark } from './theme.ts';
import { t } from './strings.ts';
import { useActions, useGoals, useMedia, useRoute, useUi } from './ui/hooks.ts';
import { TooltipProvider } from './ui/floating.tsx';
import { Loading } from './ui/notes.tsx';
import { Toasts } from './ui/toast.tsx';
import { useKeys } from './ui/use-keys.ts';

// Of the first screen nothing but the list is needed; the rest is fetched while it is looked at.
const load = {
  goal: async () => ({ default: (await import('./goal-page.tsx')).GoalPage }),
  newGoal: async () => ({ default: (await import('./features/new-goal/new-goal-screen.tsx')).NewGoalScreen }),
  settings: async () => ({
    default: (await import('./features/settings/settings-screen.tsx')).SettingsScreen,
  }),
  doctor: async () => ({ default: (await import('./features/settings/doctor-screen.tsx')).DoctorScreen }),
  palette: async () => ({ default: (await import('./features/palette/palette.tsx')).Palette }),
  keys: async () => ({ default: (await import('./features/palette/keys-dialog.tsx')).KeysDialog }),
};
const GoalPage = lazy(load.goal);
const NewGoalScreen = lazy(load.newGoal);
const SettingsScreen = lazy(load.settings);
const DoctorScreen = lazy(load.doctor);
const Palette = lazy(load.palette);
const KeysDialog = lazy(load.keys);

/** The window: frame, screen, and what floats above them. */
export function AppShell() {
  const route = useRoute();
  const [floating, setFloating] = useState<'palette' | 'keys' | null>(null);
  const needs = useNeeds(route);
  const pickFolder = usePickFolder();
  useGlobalActions({ setFloating, needs, pickFolder });
  useMenuCommands(needs.next);
  useKeys();
  useEffect(() => {
    // Before it is asked for, so that no click waits; a failure is met again by who really needs it.
    const idle = setTimeout(
      () => void Promise.allSettled([load.goal(), load.newGoal(), load.palette()]),
      400,
    );
    return () => clearTimeout(idle);
  }, []);
  const close = useCallback(() => setFloating(null), []);

  return (
    <TooltipProvider delayDuration={500}>
      <Frame
        review={route.screen === 'goal' && route.tab === 'changes'}
        needsOpen={needs.open}
        needs={<NeedsPanel overlay={needs.overlay} askedFor={needs.askedFor} onClose={needs.close} />}
      >
        <Suspense fallback={<Loading screen what={t.loading} />}>
          <Screen route={route} pickFolder={pickFolder} />
        </Suspense>
      </Frame>
      <DropOverlay />
      <Announcer />
      <Toasts />
      <Suspense>
        {floating === 'palette' && <Palette onClose={close} />}
        {floating === 'keys' && <KeysDialog onClose={close} />}
      </Suspense>
    </TooltipProvider>
  );
}

function Screen(props: { route: Route; pickFolder: () => void }) {
  const { route, pickFolder } = props;
  switch (route.screen) {
    case 'goals':
      return <GoalListScreen onOpenRepository={pickFolder} />;
    case 'new':
      return <NewGoalScreen path={route.path} pickFolder={pickFolder} />;
    case 'settings':
      return <SettingsScreen adding={route.adding} />;
    case 'doctor':
      return <DoctorScreen />;
    case 'goal':
      return <GoalPage key={route.goalId} goalId={route.goalId} tab={route.tab} />;
  }
}

type Needs = {
  readonly open: boolean;
  readonly overlay: boolean;
  readonly askedFor: AskedFor;
  readonly toggle: () => void;
  readonly close: () => void;
  /** Opens it and goes to the next question, or to a certain one. */
  readonly next: (questionId?: QuestionId) => void;
};

/** Beside the screens that have room for it; above the others, when it is asked for. */
function useNeeds(route: Route): Needs {
  const { ui, router } = useApp();
  const { data } = useGoals();
  const pinned = useUi((one) => one.needs);
  const narrow = useMedia('(max-width: 1080px)');
  // Opened above one place: somewhere else it is closed again.
  const [overAt, setOverAt] = useState<Route | null>(null);
  const over = overAt === route;
  const [askedFor, setAskedFor] = useState<AskedFor>({ times: 0, questionId: null });
  const hasGoals = data.rows.size > 0;
  const fitsBeside = useCallback(
    (at: Route): boolean =>
      !narrow &&
      ((at.screen === 'goals' && hasGoals) ||
        (at.screen === 'goal' && (at.tab === 'timeline' || at.tab === 'budget'))),
    [narrow, hasGoals],
  );
  const hasRoom = fitsBeside(route);
  const beside = hasRoom && pinned;
  return {
    open: beside || over,
    overlay: !beside,
    askedFor,
    toggle: useCallback(() => {
      if (hasRoom) ui.setState({ needs: !ui.getState().needs });
      else setOverAt((last) => (last === route ? null : route));
    }, [hasRoom, ui, route]),
    close: useCallback(() => setOverAt(null), []),
    next: useCallback(
      (questionId?: QuestionId) => {
        // Where the person is going, which the last render may not know yet.
        const at = router.store.getState();
        if (fitsBeside(at)) ui.setState({ needs: true });
        else setOverAt(at);
        setAskedFor((last) => ({ times: last.times + 1, questionId: questionId ?? null }));
      },
      [fitsBeside, ui, router],
    ),
  };
}

/** The system's dialog where there is one; the form asks for a path everywhere else. */
function usePickFolder(): () => void {
  const { connection, router, home } = useApp();
  return useCallback(() => {
    if (home === 'browser') return router.go({ screen: 'new', path: null });
    void connection
      .whenLive(AbortSignal.timeout(10_000))
      .then((client) => client.app.pickFolder({}))
      .then((picked) => picked && router.go({ screen: 'new', path: picked.path }))
      // No dialog: the form takes a path.
      .catch(() => router.go({ screen: 'new', path: null }));
  }, [connection, router, home]);
}

function useGlobalActions(o: {
  setFloating: (what: 'palette' | 'keys' | null) => void;
  needs: Needs;
  pickFolder: () => void;
}): void {
  const { setFloating, pickFolder } = o;
  const { toggle, next } = o.needs;
  const { router, ui } = useApp();
  const actions = useMemo<Action[]>(
    () => [
      {
        id: 'palette',
        title: t.actions.palette,
        group: 'go',
        keys: 'mod+k',
        run: () => setFloating('palette'),
      },
      { id: 'keys', title: t.actions.keys, group: 'view', keys: '?', run: () => setFloating('keys') },
      {
        id: 'new-goal',
        title: t.actions.newGoal,
        group: 'go',
        keys: 'n',
        run: () => router.go({ screen: 'new', path: null }),
      },
      { id: 'open', title: t.actions.openRepository, group: 'go', keys: 'mod+o', run: pickFolder },
      {
        id: 'filter',
        title: t.actions.filter,
        group: 'go',
        keys: '/',
        run: () => document.getElementById('goal-filter')?.focus(),
      },
      {
        id: 'goals',
        title: t.actions.goals,
        group: 'go',
        keys: 'g l',
        run: () => router.go({ screen: 'goals' }),
      },
      {
        id: 'settings',
        title: t.actions.settings,
        group: 'go',
        run: () => router.go({ screen: 'settings', adding: false }),
      },
      {
        id: 'doctor',
        title: t.actions.doctor,
        group: 'go',
        run: () => router.go({ screen: 'doctor' }),
      },
      {
        id: 'add-agent',
        title: t.actions.addAgent,
        group: 'go',
        run: () => router.go({ screen: 'settings', adding: true }),
      },
      {
        id: 'sidebar',
        title: t.actions.sidebar,
        group: 'view',
        keys: '[',
        run: () => ui.setState({ sidebar: !ui.getState().sidebar }),
      },
      { id: 'needs', title: t.actions.needs, group: 'view', keys: ']', run: toggle },
      { id: 'next-question', title: t.actions.nextQuestion, group: 'go', keys: 'q', run: next },
      {
        id: 'theme',
        title: t.actions.theme,
        group: 'view',
        keys: 'alt+t',
        run: () => ui.setState({ theme: isDark(ui.getState(), window) ? 'light' : 'dark' }),
      },
      { id: 'back', title: t.actions.back, group: 'go', keys: 'escape', run: router.back },
    ],
    [setFloating, router, ui, pickFolder, toggle, next],
  );
  useActions(actions);
}

/** What the menu, the tray and notifications ask of the page. */
function useMenuCommands(nextQuestion: (questionId: QuestionId) => void): void {
  const { connection, router, actions } = useApp();
  // Not a reason to listen anew: what is said in between would be lost.
  const obey = useEffectEvent((command: AppCommand): void =>
    runMenuCommand(command, { router, actions, nextQuestion }),
  );
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const listen = async (): Promise<void> => {
      while (!signal.aborted) {
        const client = await connection.whenLive(signal);
        try {
          for await (const command of client.app.menuCommands({}, { signal })) obey(command);
        } catch {
          // The connection says itself that it is gone; the next one is listened to as well.
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    };
    listen().catch(() => undefined);
    return () => controller.abort();
  }, [connection]);
}
