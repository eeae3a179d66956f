import type { ReactNode } from 'react';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { useRemote } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { agentLine } from '../../ui/agents.ts';

/** One sentence, one button, and the state of this machine. */
export function FirstRun(props: { onOpen: () => void }) {
  return (
    <div className="first-run-scroll">
      <div className="first-run">
        <svg
          className="first-run__mark"
          width="44"
          height="44"
          viewBox="0 0 44 44"
          fill="none"
          aria-hidden="true"
        >
          <circle cx="22" cy="22" r="17" stroke="var(--line-strong)" strokeWidth="2.5" />
          <g stroke="var(--text)" strokeWidth="2.5" strokeLinecap="round" strokeLinejoin="round">
            <path d="M22 5a17 17 0 1 1-16.4 21.5" />
            <path d="m15 22.5 5 5 9.5-11" />
          </g>
        </svg>
        <h1>{t.firstRun.title}</h1>
        <p className="first-run__text">{t.firstRun.text}</p>
        <Button variant="primary" icon="folder" shortcut="mod+o" onClick={props.onOpen}>
          {t.firstRun.open}
        </Button>
        <Machine />
      </div>
    </div>
  );
}

function Machine() {
  const info = useRemote('info', (client, signal) => client.app.info({}, { signal }));
  const agents = useRemote('agents', (client, signal) => client.agents.list({ refresh: false }, { signal }));
  return (
    <section className="machine">
      <h2 className="label" style={{ marginBottom: 6 }}>
        {t.firstRun.machine}
      </h2>
      {info.value && (
        <Line ok={info.value.git !== null} name={t.firstRun.git}>
          {info.value.git === null ? t.firstRun.gitMissing : t.firstRun.gitFound(info.value.git)}
        </Line>
      )}
      {(agents.value ?? []).map((agent) => (
        <Line key={agent.name} ok={agent.spec !== null && agent.login !== 'signed_out'} name={agent.title}>
          <Foreign text={agentLine(agent)} />
        </Line>
      ))}
      {agents.value?.length === 0 && (
        <Line ok={false} name={t.newGoal.agents}>
          {t.firstRun.noAgents}
        </Line>
      )}
      {info.value && (
        <>
          <Line ok={info.value.isolation.level >= 'L2'} name={t.firstRun.isolation}>
            {t.isolationLevel[info.value.isolation.level]}
            {info.value.isolation.note && `. ${info.value.isolation.note}`}
          </Line>
          <Line ok name={t.firstRun.state}>
            <Foreign text={t.firstRun.stateAt(info.value.stateDir)} />
          </Line>
        </>
      )}
      {!info.value && <p className="small ink-3">{t.firstRun.checking}</p>}
      <p className="machine-end small ink-3">{t.firstRun.promise}</p>
    </section>
  );
}

function Line(props: { ok: boolean; name: string; children: ReactNode }) {
  return (
    <div className="machine-row">
      <Icon name={props.ok ? 'pass' : 'warn'} tone={props.ok ? 'pass' : 'warn'} />
      <span className="mid">{props.name}</span>
      <span>{props.children}</span>
    </div>
  );
}
