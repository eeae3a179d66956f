import { Fragment, useState } from 'react';
import { taskRows } from '../../../shared/goal/task-rows.ts';
import type { TaskRow } from '../../../shared/goal/task-rows.ts';
import { count } from '../../../shared/units.ts';
import { t } from '../../strings.ts';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import type { GoalView } from '../../ui/goal-view.ts';
import { Icon } from '../../ui/icon.tsx';
import { Empty } from '../../ui/notes.tsx';
import { PlanBrief } from './plan-brief.tsx';
import './tasks.css';
import { Scroller } from '../../ui/scroller.tsx';

/** The plan as a list: what each task may write, what it waits for, and what it must show. */
export function TasksPanel(props: { view: GoalView }) {
  const { state } = props.view;
  const rows = taskRows(state);
  const [open, setOpen] = useState<string | null>(rows.length === 1 ? (rows[0]?.task.id ?? null) : null);
  if (rows.length === 0) return <Empty title={t.tasks.emptyTitle}>{t.tasks.emptyText}</Empty>;
  const of = (status: TaskRow['status']): number => rows.filter((row) => row.status === status).length;
  return (
    <>
      <div className="toolbar">
        <span className="small ink-2 num">
          {count(rows.length, 'task')}: {of('done')} {t.tasks.done.toLowerCase()}, {of('running')}{' '}
          {t.tasks.running.toLowerCase()}, {of('waiting') + of('failed')} {t.tasks.waiting.toLowerCase()}
        </span>
        <span className="grow" />
        {state.plan && !state.plan.accepted && (
          <span className="tag" data-tone="accent">
            {t.tasks.proposed}
          </span>
        )}
      </div>
      <Scroller className="tasks-scroll" label={t.tasks.list}>
        <PlanBrief state={state} />
        <table className="matrix tasks-table">
          <thead>
            <tr>
              <th>
                <span className="visually-hidden">{t.tasks.status}</span>
              </th>
              <th>{t.tasks.task}</th>
              <th>{t.tasks.status}</th>
              <th className="tasks-optional">{t.tasks.attempts}</th>
              <th>{t.tasks.mayWrite}</th>
              <th className="tasks-optional">{t.tasks.after}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Fragment key={row.task.id}>
                <Line
                  row={row}
                  open={open === row.task.id}
                  onOpen={() => setOpen((last) => (last === row.task.id ? null : row.task.id))}
                />
                {open === row.task.id && (
                  <tr>
                    <td colSpan={6} style={{ padding: 0, height: 'auto' }}>
                      <Detail row={row} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
        {state.proposals.length > 0 && <Proposals proposals={state.proposals.map(({ task }) => task)} />}
      </Scroller>
    </>
  );
}

const marks = {
  done: { icon: 'pass', tone: 'pass' },
  running: { icon: 'running', tone: 'text' },
  failed: { icon: 'cross', tone: 'fail' },
  waiting: { icon: 'waiting', tone: 'mute' },
} as const;

function Line(props: { row: TaskRow; open: boolean; onOpen: () => void }) {
  const { task, status, tries } = props.row;
  return (
    <tr data-open={props.open || undefined}>
      <td>
        <Icon name={marks[status].icon} tone={marks[status].tone} turning={status === 'running'} />
      </td>
      <td>
        <button type="button" className="task-name" aria-expanded={props.open} onClick={props.onOpen}>
          <Foreign text={task.title} />
        </button>
      </td>
      <td className="ink-2 nowrap">{t.tasks[status]}</td>
      <td className="ink-2 num tasks-optional">{tries}</td>
      <td className="ink-2 small">
        <Paths paths={task.writeSet} none={t.tasks.everything} />
      </td>
      <td className="ink-2 small tasks-optional">{task.dependencies.join(', ')}</td>
    </tr>
  );
}

function Paths(props: { paths: readonly string[]; none: string }) {
  const { paths } = props;
  if (paths.length === 0 || (paths.length === 1 && paths[0] === '**')) return <>{props.none}</>;
  return (
    <>
      {paths.slice(0, 4).map((path, index) => (
        <Fragment key={path}>
          {index > 0 && ', '}
          <code>
            <Foreign text={path} />
          </code>
        </Fragment>
      ))}
      {paths.length > 4 && ` +${paths.length - 4}`}
    </>
  );
}

/** Follow-up work that agents proposed: shown, never started. */
function Proposals(props: { proposals: readonly TaskRow['task'][] }) {
  return (
    <section className="task-proposals" aria-labelledby="task-proposals">
      <h3 className="label" id="task-proposals">
        {t.tasks.proposals}
      </h3>
      <p className="small ink-3">{t.tasks.proposalsText}</p>
      <ul>
        {props.proposals.map((task) => (
          <li key={task.id}>
            <b className="mid">
              <Foreign text={task.title} />
            </b>{' '}
            <span className="tag">{t.tasks.proposed}</span>
            <p className="ink-2 small">
              <ForeignProse text={task.description} />
            </p>
            <p className="small ink-3">
              {t.tasks.mayWrite}: <Paths paths={task.writeSet} none={t.tasks.everything} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Detail(props: { row: TaskRow }) {
  const { task } = props.row;
  return (
    <div className="task-detail small">
      {task.description !== task.title && (
        <p>
          <ForeignProse text={task.description} />
        </p>
      )}
      <div>
        <h3 className="label">{t.tasks.mustShow}</h3>
        <ul>
          {task.acceptance.map((one) => (
            <li key={one}>
              <ForeignProse text={one} />
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h3 className="label">{t.tasks.reads}</h3>
        <Paths paths={task.readSet} none={t.tasks.everythingRead} />
      </div>
      <div>
        <h3 className="label">{t.tasks.mayWrite}</h3>
        <Paths paths={task.writeSet} none={t.tasks.everything} />
        <div className="ink-3">{t.tasks.risk(task.risk)}</div>
      </div>
    </div>
  );
}
