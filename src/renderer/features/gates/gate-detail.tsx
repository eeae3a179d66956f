import { useState } from 'react';
import type { ReactNode } from 'react';
import { gateSide, testRows } from '../../../shared/goal/gate-readings.ts';
import type { GateSide, Reading } from '../../../shared/goal/gate-readings.ts';
import type { GateRow, GateTable } from '../../../shared/goal/gate-table.ts';
import type { Digest } from '../../../shared/kernel/ids.ts';
import { short } from '../../../shared/units.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { t } from '../../strings.ts';
import { ArtifactText } from '../../ui/artifact-text.tsx';
import { Segmented } from '../../ui/choices.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ResultGlyph } from '../../ui/results.tsx';
import { Scroller } from '../../ui/scroller.tsx';

export function GateDetail(props: {
  gate: GateRow;
  table: GateTable;
  baseCommit: string | null;
  picker: ReactNode;
}) {
  const { gate, table } = props;
  const base = gate.base && gateSide(gate.base);
  const result = gate.result && gateSide(gate.result);
  const notes = [...(gate.base?.notes ?? []), ...(gate.result?.notes ?? [])];
  return (
    <section className="gate-detail" aria-label={inertLine(gate.name)}>
      <div className="gate-detail__head">
        <div className="row">
          {props.picker}
          <h2 className="ellipsis only-wide">
            <Foreign text={gate.name} />
          </h2>
          <span className="tag">{t.gates.kind[gate.kind]}</span>
          {!gate.required && <span className="tag">{t.newGoal.optional}</span>}
        </div>
        <dl className="facts gate-facts">
          <dt>{t.gates.command}</dt>
          <dd>
            <code>
              <Foreign text={gate.command} />
            </code>
          </dd>
          {gate.script !== null && (
            <>
              <dt className="fold">{t.gates.runsScript}</dt>
              <dd className="fold">
                <code>
                  <Foreign text={gate.script} />
                </code>
              </dd>
            </>
          )}
          <dt className="fold">{t.gates.from}</dt>
          <dd className="fold ink-2">
            <Foreign text={gate.source} />
            {gate.cwd !== '' && (
              <>
                , {t.gates.inFolder.toLowerCase()} <Foreign text={gate.cwd} />
              </>
            )}
          </dd>
        </dl>
        {notes.length > 0 && (
          <ul className="gate-notes small">
            {[...new Set(notes)].map((note) => (
              <li key={note}>
                <Icon name="info" tone="warn" />
                <Foreign text={note} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <Matrix gate={gate} table={table} base={base} result={result} baseCommit={props.baseCommit} />
      <Output gate={gate} />
    </section>
  );
}

function Matrix(props: {
  gate: GateRow;
  table: GateTable;
  base: GateSide | null;
  result: GateSide | null;
  baseCommit: string | null;
}) {
  const { gate, table, base, result } = props;
  const tests = testRows(gate, table);
  const baseRuns = base?.runs ?? ['absent' as const];
  const resultRuns = result?.runs ?? ['absent' as const];
  const setup = gate.kind === 'setup';
  return (
    <Scroller className="gate-matrix-scroll" label={t.gates.check}>
      <table className="matrix gate-matrix">
        <thead>
          <tr>
            <th style={{ paddingLeft: 'var(--pad)' }}>{t.gates.check}</th>
            <th className="edge" colSpan={baseRuns.length}>
              {t.gates.base} {props.baseCommit && <code>{short(props.baseCommit)}</code>}
            </th>
            {!setup && (
              <th className="edge" colSpan={resultRuns.length}>
                {t.gates.result} {table.resultCommit && <code>{short(table.resultCommit)}</code>}
              </th>
            )}
            <th className="reads">{t.gates.readsAs}</th>
          </tr>
        </thead>
        <tbody>
          <tr className="whole">
            <td className="check-name" style={{ paddingLeft: 'var(--pad)' }}>
              {t.gates.whole}{' '}
              <span className="ink-3" style={{ fontWeight: 400 }}>
                {[
                  base && `${t.gates.base.toLowerCase()}: ${base.says}, ${base.took}`,
                  result && `${t.gates.result.toLowerCase()}: ${result.says}, ${result.took}`,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </td>
            <Runs runs={baseRuns} />
            {!setup && <Runs runs={resultRuns} />}
            <td className="reads">{gate.reads}</td>
          </tr>
          {tests.map((test) => (
            <tr key={test.id}>
              <td className="check-name" title={test.id} style={{ paddingLeft: 'var(--pad)' }}>
                <code>
                  <Foreign text={test.id} />
                </code>
              </td>
              <Runs runs={baseRuns.map(() => test.base)} />
              <Runs runs={resultRuns.map(() => test.result)} />
              <td className="reads">
                <span className={`tone-${test.tone}`}>{test.lead}</span> {test.rest}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {(base || result) && !setup && (
        <p className="gate-hint small ink-3">
          {gate.base?.parsed === false && gate.result?.parsed !== true
            ? t.gates.unparsed
            : tests.length === 0
              ? t.gates.noRed
              : t.gates.onlyRed}
        </p>
      )}
    </Scroller>
  );
}

function Runs(props: { runs: readonly Reading[] }) {
  return (
    <>
      {props.runs.map((run, index) => (
        <td
          // A run is its number.
          key={index}
          className={index === 0 ? 'run edge' : 'run'}
          data-red={run === 'failed' || undefined}
          data-flaky={run === 'flaky' || undefined}
        >
          <ResultGlyph result={run} />
        </td>
      ))}
    </>
  );
}

type Output = { readonly key: string; readonly label: string; readonly digest: Digest };

function Output(props: { gate: GateRow }) {
  const { gate } = props;
  const of = (side: 'base' | 'result'): Output[] =>
    (gate[side]?.evidence ?? []).map((digest, index) => ({
      key: `${side}-${index}`,
      label: t.gates.outputOf(t.gates[side], index + 1),
      digest,
    }));
  const outputs = [...of('result'), ...of('base')].slice(0, 8);
  const [chosen, setChosen] = useState(outputs[0]?.key ?? '');
  const [open, setOpen] = useState(false);
  const output = outputs.find((one) => one.key === chosen) ?? outputs[0];
  return (
    <div className="gate-output" data-open={open || undefined}>
      <div className="gate-output__head">
        <button
          type="button"
          className="strong"
          aria-expanded={open}
          onClick={() => setOpen((last) => !last)}
        >
          {t.gates.output}
        </button>
        {outputs.length > 1 && output && (
          <Segmented
            small
            label={t.gates.pickOutput}
            value={output.key}
            options={outputs.map((one) => ({ value: one.key, label: one.label }))}
            onChange={(key) => {
              setChosen(key);
              setOpen(true);
            }}
          />
        )}
      </div>
      {output ? (
        <ArtifactText key={output.digest} digest={output.digest} />
      ) : (
        <p className="gate-hint small ink-3">{t.gates.noOutput}</p>
      )}
    </div>
  );
}
