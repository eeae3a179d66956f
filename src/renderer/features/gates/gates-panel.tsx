import { useState } from 'react';
import { gateTable } from '../../../shared/goal/gate-table.ts';
import type { GateRow, GateTable } from '../../../shared/goal/gate-table.ts';
import { readingOf, testRows } from '../../../shared/goal/gate-readings.ts';
import { userHomeExposed, usesUserHome } from '../../../shared/goal/user-home.ts';
import { count, duration, short } from '../../../shared/units.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/floating.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import type { GoalView } from '../../ui/goal-view.ts';
import { moveBetweenRows } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Empty } from '../../ui/notes.tsx';
import { ResultGlyph } from '../../ui/results.tsx';
import { GateDetail } from './gate-detail.tsx';
import './gates.css';

/** Read across: what ran on base, what ran on the result, and what the two say together. */
export function GatesPanel(props: { view: GoalView }) {
  const { state } = props.view;
  const table = gateTable(state);
  const [chosen, setChosen] = useState<string | null>(null);
  const first = mostTelling(table);
  const gate = table.rows.find((row) => row.name === chosen) ?? first ?? table.rows[0];
  if (!gate) return <Empty title={t.gates.emptyTitle}>{t.gates.emptyText}</Empty>;

  const sections: readonly [string, readonly GateRow[]][] = [
    [t.gates.required, table.rows.filter((row) => row.selected && row.required)],
    [t.gates.optional, table.rows.filter((row) => row.selected && !row.required)],
    [t.gates.off, table.rows.filter((row) => !row.selected)],
  ];
  return (
    <div className="gates">
      <nav className="gates-list" aria-label={t.gates.list} onKeyDown={moveBetweenRows}>
        {sections.map(
          ([title, rows]) =>
            rows.length > 0 && (
              <div key={title}>
                <h3 className="label">{title}</h3>
                {rows.map((row) => (
                  <GateItem
                    key={row.name}
                    row={row}
                    current={row.name === gate.name}
                    onChoose={() => setChosen(row.name)}
                  />
                ))}
              </div>
            ),
        )}
        <dl className="facts gates-facts hide-short">
          {state.isolation && (
            <>
              <dt>{t.gates.isolation}</dt>
              <dd>
                {state.isolation}, {t.isolationLevel[state.isolation].toLowerCase()}
                {usesUserHome(state.opened.agent) && `, ${userHomeExposed}`}
              </dd>
            </>
          )}
          {state.baseChecked && (
            <>
              <dt>{t.gates.redFirst}</dt>
              <dd>
                {state.baseChecked.red.length === 0
                  ? t.gates.redFirstNone
                  : count(state.baseChecked.red.length, 'check')}
              </dd>
            </>
          )}
          {state.oracle && (
            <>
              <dt>{t.gates.oracle}</dt>
              <dd className="mono">{short(state.oracle.digest)}</dd>
            </>
          )}
        </dl>
      </nav>
      <GateDetail
        key={gate.name}
        gate={gate}
        table={table}
        baseCommit={state.base?.commit ?? null}
        picker={
          <Menu
            label={t.gates.list}
            trigger={
              <Button small className="only-narrow gate-picker">
                <GateGlyph row={gate} />
                <span className="ellipsis">
                  <Foreign text={gate.name} />
                </span>
                <Icon name="down" small />
              </Button>
            }
            entries={table.rows.map((row) => ({
              label: row.name,
              icon: glyphOf(row),
              onSelect: () => setChosen(row.name),
            }))}
          />
        }
      />
    </div>
  );
}

/** What a person would open first: a required gate that is not passed, else one that reports single checks. */
function mostTelling(table: GateTable): GateRow | undefined {
  const deciding = table.rows.filter((row) => row.selected && row.kind !== 'setup');
  return (
    deciding.find((row) => row.required && row.tone === 'fail') ??
    deciding.find((row) => testRows(row, table).length > 0) ??
    deciding[0]
  );
}

function GateItem(props: { row: GateRow; current: boolean; onChoose: () => void }) {
  const { row } = props;
  const took = (row.result ?? row.base)?.durationMs;
  return (
    <button
      type="button"
      className="gate-item"
      data-row
      aria-current={props.current || undefined}
      onClick={props.onChoose}
    >
      <GateGlyph row={row} />
      <span className="mid ellipsis">
        {(row.kind === 'probe' || row.kind === 'golden') && (
          <span className="ink-3">{t.gates.kind[row.kind]}: </span>
        )}
        <Foreign text={row.name} />
      </span>
      <span className="num ink-3">{took === undefined ? '–' : duration(took)}</span>
      <code className="ellipsis">
        <Foreign text={row.command} />
      </code>
    </button>
  );
}

function glyphOf(row: GateRow) {
  const record = row.kind === 'setup' ? row.base : row.result;
  if (!record) return 'absent';
  return ({ passed: 'pass', failed: 'cross', flaky: 'flaky', skipped: 'dash', absent: 'absent' } as const)[
    readingOf(record.outcome)
  ];
}

function GateGlyph(props: { row: GateRow }) {
  const record = props.row.kind === 'setup' ? props.row.base : props.row.result;
  return (
    <span>
      <ResultGlyph result={record ? readingOf(record.outcome) : 'absent'} />
    </span>
  );
}
