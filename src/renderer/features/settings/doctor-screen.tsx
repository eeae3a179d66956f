import type { Check } from '../../../shared/api/agents.ts';
import { count } from '../../../shared/units.ts';
import { useApp } from '../../app-context.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { useRemote } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/notes.tsx';
import { CopyCommand } from './agents-section.tsx';
import './settings.css';

const marks = {
  ok: { icon: 'pass', tone: 'pass' },
  warning: { icon: 'warn', tone: 'warn' },
  failed: { icon: 'cross', tone: 'fail' },
} as const;

/** What this machine has and lacks, worst first, each lack with its fix beside it. */
export function DoctorScreen() {
  const { router } = useApp();
  const doctor = useRemote('doctor', (client, signal) => client.app.doctor({}, { signal }));
  const checks = doctor.value?.checks ?? null;
  return (
    <div className="settings">
      <div className="settings-sheet">
        <div className="row doctor-head">
          <h1 className="grow">{t.doctor.title}</h1>
          <Button small icon="retry" onClick={doctor.reload} disabled={doctor.phase === 'loading'}>
            {t.doctor.again}
          </Button>
        </div>
        {checks === null && doctor.phase === 'loading' && <Loading what={t.firstRun.checking} />}
        {doctor.phase === 'failed' && (
          <p role="alert">
            <Foreign text={doctor.message} />
          </p>
        )}
        {checks !== null && (
          <>
            <p className="ink-2 doctor-sentence" role="status">
              {sentence(checks)}
            </p>
            <ul className="doctor">
              {[...checks]
                .sort((a, b) => rank[a.state] - rank[b.state])
                .map((check) => (
                  <CheckRow key={check.id} check={check} />
                ))}
            </ul>
            <div className="agents-foot">
              <Button small icon="gear" onClick={() => router.go({ screen: 'settings', adding: false })}>
                {t.doctor.agents}
              </Button>
            </div>
          </>
        )}
      </div>
    </div>
  );
}

const rank = { failed: 0, warning: 1, ok: 2 } as const;

function sentence(checks: readonly Check[]): string {
  const failed = checks.filter(({ state }) => state === 'failed').length;
  const warned = checks.filter(({ state }) => state === 'warning').length;
  if (failed > 0) return t.doctor.cannot(count(failed, 'thing'));
  return warned === 0 ? t.doctor.healthy : t.doctor.works(count(warned, 'thing'));
}

function CheckRow(props: { check: Check }) {
  const { title, state, found, fix, command } = props.check;
  const { icon, tone } = marks[state];
  return (
    <li className="doctor-row">
      <Icon name={icon} tone={tone} />
      <span className="mid">
        <Foreign text={title} />
        {state !== 'ok' && <span className="visually-hidden">, {t.doctor.state[state]}</span>}
      </span>
      <span className="ink-2">
        <Foreign text={found} />
        {fix !== null && (
          <span className="doctor-fix">
            <Foreign text={fix} />
          </span>
        )}
        {command !== null && <CopyCommand command={command} />}
      </span>
    </li>
  );
}
