import { useMemo, useState } from 'react';
import type { GoalRow } from '../../../shared/api/goals.ts';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { age, workTime } from '../../../shared/units.ts';
import { useApp } from '../../app-context.ts';
import { groupByNeed, groupByProject } from '../../stores/goals.ts';
import { t } from '../../strings.ts';
import { Segmented } from '../../ui/choices.tsx';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import { moveBetweenRows, useConnection, useGoals, useNow, useUi } from '../../ui/hooks.ts';
import { Ring } from '../../ui/meters.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty, Loading } from '../../ui/notes.tsx';
import { Pips } from '../../ui/results.tsx';
import { useStanding } from '../../ui/standing.ts';
import { Status } from '../../ui/status.tsx';
import { FirstRun } from './first-run.tsx';
import './goal-list.css';

type Section = { readonly key: string; readonly title: string; readonly rows: readonly GoalRow[] };

/** All goals: whose move it is, and why each is not done, without opening anything. */
export function GoalListScreen(props: { onOpenRepository: () => void }) {
  const { ui, connection } = useApp();
  const { data, phase, error } = useGoals();
  const link = useConnection();
  const listBy = useUi((state) => state.listBy);
  const sections = useMemo(() => sectionsOf([...data.rows.values()], listBy), [data.rows, listBy]);

  if (link.phase === 'failed' || phase === 'failed') {
    return (
      <Empty
        screen
        title={t.connection.failedTitle}
        actions={
          <Button icon="retry" onClick={connection.retry}>
            {t.retry}
          </Button>
        }
      >
        {error ?? t.connection.failedText}
      </Empty>
    );
  }
  if (!data.complete) {
    return <Loading screen what={link.client ? t.goals.reading : t.connection.connecting} />;
  }
  if (data.rows.size === 0) return <FirstRun onOpen={props.onOpenRepository} />;
  return (
    <>
      <div className="toolbar">
        <h1 className="strong">{t.goals.title}</h1>
        <span className="ink-3 small num">{data.rows.size}</span>
        <span className="grow" />
        <Segmented
          small
          label={t.goals.groupBy}
          value={listBy}
          options={[
            { value: 'need', label: t.goals.byNeed },
            { value: 'project', label: t.goals.byProject },
          ]}
          onChange={(value) => ui.setState({ listBy: value })}
        />
      </div>
      <GoalSections sections={sections} />
    </>
  );
}

function sectionsOf(rows: readonly GoalRow[], by: 'need' | 'project'): Section[] {
  if (by === 'project') {
    return groupByProject(rows).map((project) => ({
      key: project.path,
      title: project.name,
      rows: project.rows,
    }));
  }
  const groups = groupByNeed(rows);
  return (['yours', 'under_way', 'finished'] as const)
    .map((key) => ({ key, title: t.goals[key], rows: groups[key] }))
    .filter((section) => section.rows.length > 0);
}

function GoalSections(props: { sections: readonly Section[] }) {
  const [peeked, setPeeked] = useState<GoalId | null>(null);
  const standing = useStanding(null);
  const now = useNow();
  return (
    // Arrow keys travel between the rows inside; the container itself takes no focus.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="goals-scroll" onKeyDown={moveBetweenRows}>
      {props.sections.map((section) => (
        <section key={section.key} aria-label={section.title}>
          <h2 className="goals-section">
            <Foreign text={section.title} />
            <span className="num">{section.rows.length}</span>
          </h2>
          {section.rows.map((row) => (
            <GoalLine
              key={row.goalId}
              row={row}
              now={now}
              stale={standing.get(row.goalId) ?? fresh}
              peeked={peeked === row.goalId}
              onPeek={() => setPeeked((last) => (last === row.goalId ? null : row.goalId))}
            />
          ))}
        </section>
      ))}
    </div>
  );
}

const fresh: readonly string[] = [];

function GoalLine(props: {
  row: GoalRow;
  now: number;
  stale: readonly string[];
  peeked: boolean;
  onPeek: () => void;
}) {
  const { row, now, stale, peeked, onPeek } = props;
  const { router } = useApp();
  const { gates } = row;
  return (
    <>
      <button
        type="button"
        className="goal-row"
        data-row
        aria-expanded={peeked}
        onClick={() => router.go({ screen: 'goal', goalId: row.goalId, tab: 'timeline' })}
        onKeyDown={(event) => {
          if (event.key !== ' ') return;
          event.preventDefault();
          onPeek();
        }}
        onKeyUp={(event) => event.key === ' ' && event.preventDefault()}
      >
        <span>
          <Status status={row.status} />
        </span>
        <span style={{ minWidth: 0 }}>
          <span className="goal-row__title ellipsis" style={{ display: 'block' }}>
            <Foreign text={row.title} />
          </span>
          <span className="goal-row__line ellipsis" style={{ display: 'block' }}>
            {stale.length > 0 && (
              <span className="tag" data-tone="warn" title={inertLine(stale.join(' '))}>
                {t.proof.stale}
              </span>
            )}{' '}
            <ForeignProse text={row.readOnly ?? row.line} />
          </span>
        </span>
        <span className="goal-row__gates num small ink-2 nowrap">
          {gates.total > 0 && (
            <>
              <Pips {...gates} />
              <span aria-hidden="true">
                {gates.passed}/{gates.total}
              </span>
            </>
          )}
        </span>
        <span className="goal-row__time num small">{workTime(row.agentMs)}</span>
        <span className="goal-row__ring">{row.budgetUsed !== null && <Ring share={row.budgetUsed} />}</span>
      </button>
      {peeked && (
        <div className="goal-peek small">
          <p>
            <ForeignProse text={row.line} />
          </p>
          {stale.map((note) => (
            <p key={note} className="tone-warn">
              <Foreign text={note} />
            </p>
          ))}
          {row.questions.map((asked) => (
            <p key={asked.questionId} className="tone-accent">
              {asked.question.title}
            </p>
          ))}
          <p className="ink-3">
            <code>
              <Foreign text={row.project.path} />
            </code>
            , {t.goals.openedBy(row.agentName)}, {t.goals.updated(age(now - row.updatedAt))}
          </p>
        </div>
      )}
    </>
  );
}
