import { useState } from 'react';
import { checkLines } from '../../../shared/goal/check-view.ts';
import { proofView } from '../../../shared/goal/proof-view.ts';
import type { ProofView } from '../../../shared/goal/proof-view.ts';
import { reviewSectionsOf } from '../../../shared/goal/review-view.ts';
import { openQuestionsOf } from '../../../shared/goal/selectors.ts';
import { short } from '../../../shared/units.ts';
import { t } from '../../strings.ts';
import { copyText } from '../../ui/act.ts';
import { EvidenceLink } from '../../ui/artifact-dialog.tsx';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import type { GoalView } from '../../ui/goal-view.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { Note } from '../../ui/notes.tsx';
import { useStanding } from '../../ui/standing.ts';
import { ProofDock } from './proof-dock.tsx';
import { ProofTools } from './proof-tools.tsx';
import { RejectDialog } from '../../ui/reject-dialog.tsx';
import './proof.css';
import { Scroller } from '../../ui/scroller.tsx';
import { Checks, ReviewWall } from './proof-checks.tsx';
import { useSendFindings } from './send-findings.ts';

/** One sentence, then because, then claims against evidence, then the decision. */
export function ProofPanel(props: { view: GoalView }) {
  const { view } = props;
  const proof = proofView(view.state);
  const [rejecting, setRejecting] = useState(false);
  const [findings, setFindings] = useState('');
  const checks = checkLines(view.state);
  const sections = reviewSectionsOf(view.state);
  const stale = useStanding(view.state.goalId, answersTo(view)).get(view.state.goalId) ?? [];
  const sendFindings = useSendFindings(view, (reason) => {
    setFindings(reason);
    setRejecting(true);
  });
  const asksYou = openQuestionsOf(view.state).some((asked) => asked.question.kind === 'acceptance');
  return (
    <>
      <ProofTools view={view} />
      <div className="proof">
        <Scroller className="proof-text" label={t.goal.tab.proof}>
          {stale.length > 0 && (
            <div className="proof-stale">
              <Note tone="warn" icon="warn" title={t.proof.staleTitle}>
                <ForeignProse text={stale.join(' ')} />
              </Note>
            </div>
          )}
          <h2 className="proof-verdict">
            <VerdictSentence sentence={proof.sentence} tone={proof.tone} />
          </h2>
          {proof.because.length > 0 && (
            <>
              <h3 className="label">{t.proof.because}</h3>
              <Chain proof={proof} asksYou={asksYou} />
            </>
          )}
          {checks.length > 0 && <Checks lines={checks} />}
          {sections.length > 0 && <ReviewWall sections={sections} onSendBack={sendFindings} />}
          {proof.claims.length > 0 && (
            <>
              <h3 className="label">{t.proof.claims}</h3>
              <Claims proof={proof} />
            </>
          )}
          {proof.summary !== '' && (
            <>
              <h3 className="label">{t.proof.words}</h3>
              <blockquote className="proof-words small">
                <ForeignProse text={proof.summary} />
              </blockquote>
            </>
          )}
          <div className="proof-facts-inline">
            <Facts proof={proof} />
          </div>
        </Scroller>
        <aside className="proof-facts" aria-label={t.proof.facts}>
          <Facts proof={proof} />
        </aside>
      </div>
      <ProofDock view={view} proof={proof} onReject={() => setRejecting(true)} />
      <RejectDialog
        view={view}
        open={rejecting}
        reason={findings}
        onClose={() => {
          setRejecting(false);
          setFindings('');
        }}
      />
    </>
  );
}

/** What the proof speaks about: only when that changes is the project looked at again. */
const answersTo = ({ state }: GoalView): number =>
  state.verifications.length * 2 + (state.landed === null ? 0 : 1);

/** The accent is kept for the clause that is the person's move. */
function VerdictSentence(props: { sentence: string; tone: ProofView['tone'] }) {
  const { sentence, tone } = props;
  const lead = /^(?:Not proven|Nothing concluded):/.exec(sentence)?.[0] ?? '';
  const yours = sentence.endsWith(t.proof.yours) ? t.proof.yours : '';
  const middle = sentence.slice(lead.length, sentence.length - yours.length);
  return (
    <>
      {lead !== '' && <span className={tone === 'not_proven' ? 'tone-fail' : 'ink-2'}>{lead}</span>}
      <ForeignProse text={middle} />
      {yours !== '' && <span className="tone-accent">{yours}</span>}
    </>
  );
}

function Chain(props: { proof: ProofView; asksYou: boolean }) {
  const { because } = props.proof;
  return (
    <ol className="chain">
      {because.map((reason, index) => {
        const mine = !reason.holds && index === because.length - 1 && reason.evidence.length === 0;
        return (
          <li key={reason.text}>
            {mine ? (
              <Icon
                name={props.asksYou ? 'blocked_on_human' : 'waiting'}
                tone={props.asksYou ? 'accent' : 'mute'}
              />
            ) : (
              <Icon name={reason.holds ? 'pass' : 'warn'} tone={reason.holds ? 'pass' : 'warn'} />
            )}
            <span className={mine ? 'strong' : undefined}>
              <ForeignProse text={reason.text} />
            </span>
            <EvidenceLink
              digests={reason.evidence}
              label={t.proof.evidence(reason.evidence.length)}
              title={reason.text}
            />
          </li>
        );
      })}
    </ol>
  );
}

const marks: Record<ProofView['claims'][number]['verdict'], { icon: IconName; tone: string }> = {
  supported: { icon: 'pass', tone: 'pass' },
  contradicted: { icon: 'cross', tone: 'fail' },
  unsupported: { icon: 'absent', tone: 'warn' },
};

function Claims(props: { proof: ProofView }) {
  return (
    <table className="claims">
      <thead>
        <tr>
          <th className="claim-verdict">
            <span className="visually-hidden">{t.proof.claims}</span>
          </th>
          <th>{t.proof.said}</th>
          <th className="claim-found">{t.proof.found}</th>
        </tr>
      </thead>
      <tbody>
        {props.proof.claims.map((claim) => (
          <tr key={claim.said}>
            <td className="claim-verdict">
              <span className={`claim-mark tone-${marks[claim.verdict].tone}`}>
                <Icon name={marks[claim.verdict].icon} />
                <span>{t.proof.verdict[claim.verdict]}</span>
              </span>
            </td>
            <td>
              “<ForeignProse text={claim.said} />”
            </td>
            <td className="claim-found">
              <ForeignProse text={claim.found} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Facts(props: { proof: ProofView }) {
  const { proof } = props;
  return (
    <>
      <h3 className="label">{t.proof.gaps}</h3>
      {proof.gaps.length === 0 ? (
        <p className="small ink-2">{t.proof.noGaps}</p>
      ) : (
        <ul className="small">
          {proof.gaps.map((gap) => (
            <li key={gap} className="gap">
              <Icon name={gap.includes('flaky') ? 'flaky' : 'absent'} />
              <Foreign text={gap} />
            </li>
          ))}
        </ul>
      )}
      <h3 className="label">{t.proof.digests}</h3>
      <dl className="facts">
        {proof.digests.map(({ label, value }) => (
          <DigestFact key={label} label={label} value={value} />
        ))}
      </dl>
      <p className="hint" style={{ marginTop: 4 }}>
        {t.proof.says}
      </p>
      <h3 className="label">{t.proof.spent}</h3>
      <dl className="facts num">
        {proof.spent.map(({ label, value }) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function DigestFact(props: { label: string; value: string }) {
  const { label, value } = props;
  const long = value.length > 16;
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <button type="button" className="digest" title={value} onClick={() => void copyText(value, label)}>
          <span className="visually-hidden">{t.proof.copyValue(label)} </span>
          {long ? `${short(value)}…${value.slice(-4)}` : value}
        </button>
      </dd>
    </>
  );
}
