import { useMemo, useState } from 'react';
import type { GoalRow } from '../../../shared/api/goals.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { useApp } from '../../app-context.ts';
import { filterRows, groupByProject } from '../../stores/goals.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Tip } from '../../ui/floating.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { moveBetweenRows, useGoals, useRoute } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Keys } from '../../ui/keys.tsx';
import { Ring } from '../../ui/meters.tsx';
import { Status } from '../../ui/status.tsx';

export const FILTER_ID = 'goal-filter';

/** A goal still consumes until it is over: only then does its ring say something. */
const consumes = (row: GoalRow): boolean =>
  row.budgetUsed !== null && !['ready', 'not_ready', 'cancelled', 'failed_infra'].includes(row.status);

export function Sidebar() {
  const { router } = useApp();
  const { data } = useGoals();
  const [filter, setFilter] = useState('');
  const projects = useMemo(
    () => groupByProject(filterRows(data.rows.values(), filter, (row) => t.status[row.status])),
    [data.rows, filter],
  );
  return (
    <nav className="sidebar" aria-label={t.frame.projects}>
      <Button
        className="sidebar-new"
        icon="plus"
        shortcut="n"
        onClick={() => router.go({ screen: 'new', path: null })}
      >
        {t.frame.newGoal}
      </Button>
      {data.rows.size > 0 && (
        <div className="field">
          <Icon name="search" />
          <input
            id={FILTER_ID}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              event.stopPropagation();
              setFilter('');
              event.currentTarget.blur();
            }}
            placeholder={t.frame.filterGoals}
            aria-label={t.frame.filterGoals}
          />
          <Keys keys="/" />
        </div>
      )}
      {/* Arrow keys travel between the buttons inside; the container itself takes no focus. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className="sidebar-goals" onKeyDown={moveBetweenRows}>
        {projects.map((project) => (
          <section className="project" key={project.path}>
            <h2 title={inertLine(project.path)}>
              <Icon name="folder" />
              <span className="ellipsis">
                <Foreign text={project.name} />
              </span>
            </h2>
            {project.rows.map((row) => (
              <SideGoal key={row.goalId} row={row} />
            ))}
          </section>
        ))}
        {projects.length === 0 && data.complete && (
          <p className="sidebar-empty small ink-3">
            {data.rows.size === 0 ? t.frame.noProjects : t.frame.noMatch}
          </p>
        )}
      </div>
      <div className="sidebar-foot">
        <Button
          variant="ghost"
          small
          icon="gear"
          onClick={() => router.go({ screen: 'settings', adding: false })}
        >
          {t.frame.settings}
        </Button>
        <Button variant="ghost" small icon="info" onClick={() => router.go({ screen: 'doctor' })}>
          {t.frame.doctor}
        </Button>
      </div>
    </nav>
  );
}

function SideGoal(props: { row: GoalRow }) {
  const { row } = props;
  const { router } = useApp();
  const route = useRoute();
  const current = route.screen === 'goal' && route.goalId === row.goalId;
  return (
    <button
      type="button"
      className="side-goal"
      data-row
      data-asks={row.questions.length > 0 || undefined}
      aria-current={current ? 'page' : undefined}
      title={inertLine(row.title)}
      onClick={() => router.go({ screen: 'goal', goalId: row.goalId, tab: current ? route.tab : 'timeline' })}
    >
      <Status status={row.status} iconOnly />
      <span className="ellipsis grow">
        <Foreign text={row.title} />
      </span>
      {consumes(row) && <Ring share={row.budgetUsed ?? 0} />}
    </button>
  );
}

/** The sidebar folded to icons: one for each goal that is not over, each with its name. */
export function Rail() {
  const { router, ui } = useApp();
  const { data } = useGoals();
  const route = useRoute();
  const rows = useMemo(
    () =>
      [...data.rows.values()]
        .filter((row) => row.status !== 'cancelled' && row.status !== 'ready')
        .sort((a, b) => b.openedAt - a.openedAt)
        .slice(0, 30),
    [data.rows],
  );
  return (
    <nav className="rail" aria-label={t.frame.projects}>
      <Tip text={t.frame.showSidebar} side="right">
        <button
          type="button"
          className="rail-item"
          aria-label={t.frame.showSidebar}
          onClick={() => {
            ui.setState({ sidebar: true });
            router.go({ screen: 'goals' });
          }}
        >
          <Icon name="panel" />
        </button>
      </Tip>
      <Tip text={t.frame.newGoal} side="right">
        <button
          type="button"
          className="rail-item"
          aria-label={t.frame.newGoal}
          onClick={() => router.go({ screen: 'new', path: null })}
        >
          <Icon name="plus" />
        </button>
      </Tip>
      <div className="rail-goals">
        {rows.map((row) => (
          <Tip key={row.goalId} text={<Foreign text={row.title} />} side="right">
            <button
              type="button"
              className="rail-item"
              aria-label={`${inertLine(row.title)}, ${t.status[row.status]}`}
              aria-current={route.screen === 'goal' && route.goalId === row.goalId ? 'page' : undefined}
              onClick={() => router.go({ screen: 'goal', goalId: row.goalId, tab: 'timeline' })}
            >
              <Status status={row.status} iconOnly />
            </button>
          </Tip>
        ))}
      </div>
      <Tip text={t.frame.doctor} side="right">
        <button
          type="button"
          className="rail-item"
          aria-label={t.frame.doctor}
          onClick={() => router.go({ screen: 'doctor' })}
        >
          <Icon name="info" />
        </button>
      </Tip>
      <Tip text={t.frame.settings} side="right">
        <button
          type="button"
          className="rail-item"
          aria-label={t.frame.settings}
          onClick={() => router.go({ screen: 'settings', adding: false })}
        >
          <Icon name="gear" />
        </button>
      </Tip>
    </nav>
  );
}
