import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import { useApp } from '../../app-context.ts';
import type { GoalTab } from '../../stores/route.ts';
import type { GoalData } from '../../stores/goal.ts';
import { stateAt } from '../../stores/travel.ts';
import type { GoalState, OpenGoal } from '../../../shared/goal/state.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { TabTools } from '../../ui/goal-view.ts';
import type { GoalView } from '../../ui/goal-view.ts';
import { useConnection, useGoal, useGoalRow } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Empty, Loading, Note } from '../../ui/notes.tsx';
import { clockTime } from '../../ui/time.ts';
import { GoalHead } from './goal-head.tsx';
import { GoalTabs } from './goal-tabs.tsx';
import './goal.css';

/** One goal: its status as a sentence, then one of its parts. `renderTab` draws the part. */
export function GoalScreen(props: {
  goalId: GoalId;
  tab: GoalTab;
  renderTab: (tab: GoalTab, view: GoalView) => ReactNode;
}) {
  const { goalId } = props;
  const { router } = useApp();
  const mirror = useGoal(goalId);
  const row = useGoalRow(goalId);
  const data = mirror?.data ?? null;
  if (mirror?.phase === 'failed') {
    return (
      <Empty screen title={t.goal.readOnlyTitle}>
        {mirror.error}
      </Empty>
    );
  }
  if (!data || !data.caughtUp) {
    return <Loading screen what={t.goal.reading} done={data?.version ?? 0} total={row?.version ?? null} />;
  }
  if (!data.state.exists) {
    const why = data.readOnly ?? row?.readOnly ?? null;
    return (
      <Empty
        screen
        title={why === null ? t.goal.unknownTitle : t.goal.readOnlyTitle}
        actions={<Button onClick={() => router.go({ screen: 'goals' })}>{t.frame.allGoals}</Button>}
      >
        {why ?? t.goal.unknownText}
      </Empty>
    );
  }
  return <OpenGoalScreen {...props} key={goalId} data={data} now={data.state} />;
}

function OpenGoalScreen(props: {
  goalId: GoalId;
  tab: GoalTab;
  data: GoalData;
  now: OpenGoal;
  renderTab: (tab: GoalTab, view: GoalView) => ReactNode;
}) {
  const { goalId, tab, data, now, renderTab } = props;
  const { router } = useApp();
  const { phase } = useConnection();
  const row = useGoalRow(goalId);
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const [version, travel] = useState<number | null>(null);
  const then = usePast(goalId, data, version);
  const state = then?.exists ? then : now;
  const past = then?.exists ? { version: then.version, at: then.updatedAt } : null;
  const readOnly = data.readOnly ?? row?.readOnly ?? null;
  const view: GoalView = {
    state,
    data,
    past,
    travel,
    frozen: past !== null || phase !== 'live' || readOnly !== null,
  };
  return (
    <TabTools value={tools}>
      <GoalHead
        view={view}
        tabs={
          <GoalTabs
            view={view}
            tab={tab}
            onTab={(next) => router.go({ screen: 'goal', goalId, tab: next })}
            tools={<span className="goal-tools__slot" ref={setTools} />}
          />
        }
      />
      {past && (
        <div className="goal-past">
          <Icon name="clock" />
          <span className="grow">{t.goal.past(clockTime(past.at, { seconds: true }))}</span>
          <Button small onClick={() => travel(null)}>
            {t.goal.backToNow}
          </Button>
        </div>
      )}
      {readOnly !== null && (
        <div className="goal-banner">
          <Note tone="fail" icon="failed_infra" title={t.goal.readOnlyTitle}>
            {readOnly} {t.goal.readOnlyText}
          </Note>
        </div>
      )}
      <div
        className="goal-panel"
        role="tabpanel"
        id={`panel-${tab}`}
        aria-labelledby={`tab-${tab}`}
        key={tab}
      >
        <h2 className="visually-hidden">{t.goal.tab[tab]}</h2>
        {renderTab(tab, view)}
      </div>
    </TabTools>
  );
}

/** The state at a version, once it has been read; `null` while looking at now. */
function usePast(goalId: GoalId, data: GoalData, version: number | null): GoalState | null {
  const { connection } = useApp();
  const [past, setPast] = useState<{ version: number; state: GoalState } | null>(null);
  const latest = useMemo(() => ({ data }), [data]);
  useEffect(() => {
    if (version === null) return undefined;
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      const client = await connection.whenLive(controller.signal);
      const state = await stateAt(client, goalId, latest.data, version, controller.signal);
      if (!controller.signal.aborted) setPast({ version, state });
    };
    // A lost connection shows itself; the moment asked for stays the last one that was read.
    read().catch(() => undefined);
    return () => controller.abort();
    // Only the moment asked for starts a reading: new events do not change the past.
    // eslint-disable-next-line react/exhaustive-deps
  }, [connection, goalId, version]);
  return version === null ? null : (past?.state ?? null);
}
