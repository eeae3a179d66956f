import { t } from '../strings.ts';
import { Icon, PairArrow } from './icon.tsx';
import type { IconName } from './icon.tsx';

/** What a check read as: shape first. */
export type CheckResult = 'passed' | 'failed' | 'flaky' | 'skipped' | 'absent';

const glyph: Record<CheckResult, { icon: IconName; tone: string }> = {
  passed: { icon: 'pass', tone: 'pass' },
  failed: { icon: 'cross', tone: 'fail' },
  flaky: { icon: 'flaky', tone: 'warn' },
  skipped: { icon: 'dash', tone: 'mute' },
  absent: { icon: 'absent', tone: 'mute' },
};

export function ResultGlyph(props: { result: CheckResult; small?: boolean }) {
  const { icon, tone } = glyph[props.result];
  return (
    <>
      <Icon name={icon} tone={tone} small={props.small ?? false} />
      <span className="visually-hidden">{t.result[props.result]}</span>
    </>
  );
}

/** Base → result: what changed in truth. */
export function Pair(props: { base: CheckResult; result: CheckResult }) {
  return (
    <span className="pair">
      <ResultGlyph result={props.base} />
      <PairArrow />
      <ResultGlyph result={props.result} />
    </span>
  );
}

/** Required gates at a glance: full bar passed, outlined bar failed, stub open. */
export function Pips(props: { passed: number; failed: number; total: number }) {
  const { passed, failed, total } = props;
  const shown = Math.min(total, 12);
  const pips = Array.from({ length: shown }, (_, index) =>
    index < passed ? 'passed' : index < passed + failed ? 'failed' : 'open',
  );
  return (
    <span className="pips" role="img" aria-label={t.gatesSummary(passed, failed, total)}>
      {pips.map((pip, index) => (
        <i key={index} data-pip={pip} />
      ))}
    </span>
  );
}
