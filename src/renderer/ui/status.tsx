import type { GoalStatus } from '../../shared/goal/vocabulary.ts';
import { t } from '../strings.ts';
import { Icon } from './icon.tsx';

const tones: Record<GoalStatus, 'text' | 'mute' | 'pass' | 'fail' | 'accent' | 'warn'> = {
  running: 'text',
  paused: 'mute',
  ready: 'pass',
  not_ready: 'fail',
  blocked_on_human: 'accent',
  blocked_on_external: 'warn',
  needs_more_budget: 'warn',
  failed_infra: 'fail',
  cancelled: 'mute',
};

/** Icon, word, and colour third. Without the word shown it is still there to be heard. */
export function Status(props: { status: GoalStatus; iconOnly?: boolean }) {
  const { status, iconOnly } = props;
  return (
    <span className="status" data-tone={tones[status]} data-status={status}>
      <Icon name={status} turning={status === 'running'} />
      {iconOnly ? <span className="visually-hidden">{t.status[status]}</span> : t.status[status]}
    </span>
  );
}
