import type { CheckLine } from '../../../shared/goal/check-view.ts';
import type { ReviewedSection } from '../../../shared/goal/review-view.ts';
import type { Finding } from '../../../shared/goal/vocabulary.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';

const checkMarks: Readonly<Record<CheckLine['state'], { icon: IconName; tone: string }>> = {
  holds: { icon: 'pass', tone: 'pass' },
  weak: { icon: 'absent', tone: 'warn' },
  fails: { icon: 'cross', tone: 'fail' },
};

/** What makes the result believable, and what each of it is good for. */
export function Checks(props: { lines: readonly CheckLine[] }) {
  return (
    <>
      <h3 className="label">{t.proof.how}</h3>
      <dl className="checks">
        {props.lines.map((line) => (
          <div key={line.key} data-state={line.state}>
            <dt>
              <Icon name={checkMarks[line.state].icon} tone={checkMarks[line.state].tone} />
              <span className="strong">{line.title}</span>
              <span className="visually-hidden">{t.proof.checkState[line.state]}</span>
            </dt>
            <dd>
              <ForeignProse text={line.text} />
              <span className="hint">{line.why}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const sectionMarks: Readonly<Record<ReviewedSection['state'], { icon: IconName; tone: string }>> = {
  passed: { icon: 'pass', tone: 'pass' },
  findings: { icon: 'warn', tone: 'warn' },
  not_assessed: { icon: 'absent', tone: 'mute' },
};

/** The review wall: six sections with what was found in each, and the way back to the agent. */
export function ReviewWall(props: {
  sections: readonly ReviewedSection[];
  /** `null`: nothing can be sent back now. */
  onSendBack: (() => void) | null;
}) {
  const worth = props.sections.some((section) => section.findings.some((one) => one.severity !== 'note'));
  return (
    <>
      <div className="row review-head">
        <h3 className="label">{t.proof.review}</h3>
        {worth && props.onSendBack !== null && (
          <Button small className="push" onClick={props.onSendBack}>
            {t.proof.sendFindings}
          </Button>
        )}
      </div>
      <dl className="checks">
        {props.sections.map((section) => (
          <div key={section.name} data-state={section.state}>
            <dt>
              <Icon name={sectionMarks[section.state].icon} tone={sectionMarks[section.state].tone} />
              <span className="strong">{t.proof.section[section.name]}</span>
              <span className="visually-hidden">{t.proof.sectionState[section.state]}</span>
            </dt>
            <dd>
              {section.findings.length > 0 ? (
                <ul className="review-findings">
                  {section.findings.map((finding) => (
                    <FindingLine
                      key={`${finding.rule} ${finding.file} ${finding.line} ${finding.message}`}
                      finding={finding}
                    />
                  ))}
                </ul>
              ) : (
                <span className={section.state === 'passed' ? undefined : 'ink-2'}>
                  <ForeignProse text={section.note} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const severityMarks: Readonly<Record<Finding['severity'], string>> = {
  blocker: 'fail',
  warning: 'warn',
  note: 'mute',
};

function FindingLine(props: { finding: Finding }) {
  const { finding } = props;
  const where = `${finding.file}${finding.line === null ? '' : `:${finding.line}`}`;
  return (
    <li>
      <span className="tag" data-tone={severityMarks[finding.severity]}>
        {t.proof.severity[finding.severity]}
      </span>{' '}
      <Foreign text={finding.message} />{' '}
      <span className="review-where">
        {finding.file !== '' && (
          <code className="ink-2">
            <Foreign text={where} />
          </code>
        )}{' '}
        <code className="ink-3">
          <Foreign text={finding.rule} />
        </code>
      </span>
    </li>
  );
}
