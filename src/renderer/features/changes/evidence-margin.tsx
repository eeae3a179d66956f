import { readingOf } from '../../../shared/goal/gate-readings.ts';
import { gateTable } from '../../../shared/goal/gate-table.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import { nameOf } from '../../stores/changes.ts';
import type { ReviewedFile } from '../../stores/changes.ts';
import { t } from '../../strings.ts';
import { Foreign } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Pair } from '../../ui/results.tsx';

/** What was found about the file that is read, and what the gates say about the result it belongs to. */
export function EvidenceMargin(props: { state: OpenGoal; file: ReviewedFile | null }) {
  const { state, file } = props;
  const table = gateTable(state);
  const verification = state.verifications.at(-1);
  const about = verification?.commit === state.candidates.at(-1)?.commit ? verification : undefined;
  return (
    <aside className="evidence-margin" aria-label={t.changes.evidence}>
      {file && (
        <>
          <h3>
            <Foreign text={nameOf(file.path)} />
          </h3>
          {file.findings.length === 0 && (
            <div className="evidence-item">
              <Icon name="pass" tone="pass" />
              <span>{about ? t.changes.noFindings : t.changes.notVerified}</span>
            </div>
          )}
          {file.remarks.map((remark) => (
            <div className="evidence-item" key={`${remark.rule} ${remark.line} ${remark.message}`}>
              <Icon name="agent" tone="mute" />
              <span>
                <Foreign text={remark.message} />
                <span className="ink-3">
                  {remark.line !== null && ` :${remark.line},`} {t.changes.opinion}
                </span>
              </span>
            </div>
          ))}
          {file.findings.map((finding) => (
            <div className="evidence-item" key={`${finding.rule} ${finding.line} ${finding.message}`}>
              <Icon
                name={finding.severity === 'blocker' ? 'failed_infra' : 'warn'}
                tone={finding.severity === 'blocker' ? 'fail' : 'warn'}
              />
              <span>
                <Foreign text={finding.message} />
                {finding.line !== null && <span className="ink-3"> :{finding.line}</span>}
              </span>
            </div>
          ))}
        </>
      )}
      {about && (
        <>
          <Checks title={t.changes.turnedGreen} ids={about.redToGreen} base="failed" result="passed" />
          <Checks title={t.changes.wentRed} ids={about.greenToRed} base="passed" result="failed" />
          <h3>{t.changes.gates}</h3>
          {table.rows
            .filter((row) => row.selected && row.kind !== 'setup')
            .map((row) => (
              <div className="evidence-item" key={row.name}>
                <Pair
                  base={row.base ? readingOf(row.base.outcome) : 'absent'}
                  result={row.result ? readingOf(row.result.outcome) : 'absent'}
                />
                <Foreign text={row.name} />
              </div>
            ))}
        </>
      )}
    </aside>
  );
}

function Checks(props: {
  title: string;
  ids: readonly string[];
  base: 'failed' | 'passed';
  result: 'failed' | 'passed';
}) {
  if (props.ids.length === 0) return null;
  return (
    <>
      <h3>{props.title}</h3>
      {props.ids.slice(0, 12).map((id) => (
        <div className="evidence-item" key={id}>
          <Pair base={props.base} result={props.result} />
          <span className="mono">
            <Foreign text={id} />
          </span>
        </div>
      ))}
      {props.ids.length > 12 && <div className="evidence-item">+{props.ids.length - 12}</div>}
    </>
  );
}
