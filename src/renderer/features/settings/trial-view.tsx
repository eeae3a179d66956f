import { useEffect, useRef, useState } from 'react';
import { duration } from '../../../shared/units.ts';
import { t } from '../../strings.ts';
import { Foreign } from '../../ui/foreign.tsx';
import { useNow } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Abilities } from './abilities.tsx';
import type { Trial, TrialStage } from './use-trial.ts';

const marks = {
  running: { icon: 'running', tone: 'text' },
  ok: { icon: 'pass', tone: 'pass' },
  warning: { icon: 'warn', tone: 'warn' },
  failed: { icon: 'cross', tone: 'fail' },
} as const;

/** What happens while an agent is tried, each stage with its time and, where it went wrong, with a way on. */
export function TrialView(props: { trial: Trial }) {
  const { trial } = props;
  const { agent, end } = trial;
  const last = useRef<HTMLParagraphElement>(null);
  // It grows below what was being read; nothing above it moves.
  useEffect(() => {
    // Newer browsers answer with a promise, which is no clean-up.
    last.current?.scrollIntoView({ block: 'nearest' });
  }, [trial.stages.length, end]);
  return (
    <section className="trial" aria-label={t.trial.title}>
      <ol>
        {trial.stages.map((stage) => (
          <Stage key={stage.stage} stage={stage} stopped={end?.type === 'stopped'} />
        ))}
      </ol>
      {agent && (
        <div className="trial-agent">
          <b className="mid">
            <Foreign text={`${agent.name} ${agent.version}`} />
          </b>
          <span className="ink-2">
            {' '}
            <Foreign text={agent.protocol} />, {t.trial.isolated[agent.isolated]}
          </span>
          <Abilities abilities={agent.abilities} />
        </div>
      )}
      <p ref={last} className="trial-end" role="status" data-tone={toneOf(end)}>
        {end === null && t.trial.running}
        {end?.type === 'stopped' && t.trial.stopped}
        {end?.type === 'failed' && <Foreign text={end.message} />}
        {end?.type === 'ended' && (end.ok ? t.trial.works(duration(end.ms)) : t.trial.fails)}
      </p>
    </section>
  );
}

function toneOf(end: Trial['end']): 'pass' | 'fail' | undefined {
  if (end?.type === 'ended') return end.ok ? 'pass' : 'fail';
  return end?.type === 'failed' ? 'fail' : undefined;
}

function Stage(props: { stage: TrialStage; stopped: boolean }) {
  const { stage, text, fix, ms, state } = props.stage;
  const running = state === 'running' && !props.stopped;
  const mark =
    state === 'running' && props.stopped ? ({ icon: 'dash', tone: 'mute' } as const) : marks[state];
  return (
    <li className="trial-stage">
      <Icon name={mark.icon} tone={mark.tone} turning={running} />
      <span className="mid">{t.trial.stage[stage]}</span>
      <span className="ink-2">
        <Foreign text={text} />
        {fix !== null && (
          <span className="trial-fix">
            <Foreign text={fix} />
          </span>
        )}
      </span>
      <span className="ink-3 num small nowrap">
        {running ? <Elapsed /> : ms === null ? '' : duration(ms)}
      </span>
    </li>
  );
}

/** How long the stage on screen has taken so far. */
function Elapsed() {
  const now = useNow(500);
  const [since] = useState(now);
  return <>{duration(Math.max(0, now - since))}</>;
}
