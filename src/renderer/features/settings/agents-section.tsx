import { useState } from 'react';
import { placesOf } from '../../../shared/agent-entry.ts';
import type { DetectedAgent } from '../../../shared/api/agents.ts';
import { usesUserHome } from '../../../shared/goal/user-home.ts';
import { useApp } from '../../app-context.ts';
import { t } from '../../strings.ts';
import { copyText, useAct } from '../../ui/act.ts';
import { agentLine } from '../../ui/agents.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/floating.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { useRemote } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Abilities } from './abilities.tsx';
import { AgentForm } from './agent-form.tsx';
import { TrialView } from './trial-view.tsx';
import { useTrial } from './use-trial.ts';

/** The agents of this machine: what each is, can do and lacks; trying one; adding and removing one's own. */
export function AgentsSection(props: { adding: boolean }) {
  const { router } = useApp();
  const agents = useRemote('agents refreshed', (client, signal) =>
    client.agents.list({ refresh: true }, { signal }),
  );
  const form = (open: boolean): void => router.go({ screen: 'settings', adding: open });
  return (
    <section aria-labelledby="agents-heading">
      <h2 className="label" id="agents-heading">
        {t.settings.agents}
      </h2>
      <div className="agents-list">
        {(agents.value ?? []).map((agent) => (
          <AgentRow key={agent.name} agent={agent} onChanged={agents.reload} />
        ))}
        {agents.phase === 'failed' && (
          <p role="alert" className="agents-wait">
            <Foreign text={agents.message} />
          </p>
        )}
        {agents.phase === 'loading' && agents.value === undefined && (
          <p className="ink-3 agents-wait">{t.firstRun.checking}</p>
        )}
      </div>
      {props.adding ? (
        <AgentForm
          taken={(agents.value ?? []).map(({ name }) => name)}
          onSaved={() => {
            agents.reload();
            form(false);
          }}
          onClose={() => form(false)}
        />
      ) : (
        <div className="agents-foot">
          <Button small icon="plus" onClick={() => form(true)}>
            {t.agents.add}
          </Button>
          <Button
            small
            variant="ghost"
            icon="retry"
            onClick={agents.reload}
            disabled={agents.phase === 'loading'}
          >
            {t.newGoal.refresh}
          </Button>
        </div>
      )}
    </section>
  );
}

function AgentRow(props: { agent: DetectedAgent; onChanged: () => void }) {
  const { agent } = props;
  const [open, setOpen] = useState(false);
  const usable = agent.spec !== null && agent.login !== 'signed_out';
  return (
    <div className="agent-row">
      <Icon name={usable ? 'pass' : 'warn'} tone={usable ? 'pass' : 'warn'} />
      <button type="button" className="agent-name" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon small name={open ? 'down' : 'right'} />
        <span className="mid ellipsis">
          <Foreign text={agent.title} />
        </span>
      </button>
      <span className="ink-2 agent-what">
        <Foreign text={agentLine(agent)} />
      </span>
      {agent.fixCommand === null ? <span /> : <CopyCommand command={agent.fixCommand} />}
      {open && <Detail agent={agent} onChanged={props.onChanged} />}
    </div>
  );
}

function Detail(props: { agent: DetectedAgent; onChanged: () => void }) {
  const { agent } = props;
  const act = useAct();
  const { trial, start, stop } = useTrial();
  const [asking, setAsking] = useState(false);
  const { spec } = agent;
  const remove = async (): Promise<void> => {
    const done = await act('agents.remove', agent.name, (client, commandId) =>
      client.agents.remove({ commandId, name: agent.name }),
    );
    if (done.ok) props.onChanged();
  };
  return (
    <div className="agent-detail">
      {spec !== null && (
        <code className="agent-command">
          <Foreign text={spec.argv.join(' ')} />
        </code>
      )}
      <p className="small ink-3">
        {t.agents.source[agent.source]}
        {spec !== null && spec.envNames.length > 0 && ` ${t.agents.passes(spec.envNames.join(', '))}`}
        {agent.login === 'signed_in' && ` ${t.agents.loginReadable}`}
        {spec !== null && usesUserHome(spec) && ` ${t.agents.homeExposed}`}
      </p>
      {agent.abilities && !trial?.agent && <Abilities abilities={agent.abilities} />}
      {trial && <TrialView trial={trial} />}
      <div className="agents-foot">
        {spec !== null &&
          (trial?.end === null ? (
            <Button small onClick={stop}>
              {t.trial.stop}
            </Button>
          ) : (
            <Button
              small
              icon="play"
              onClick={() =>
                start({
                  name: '',
                  protocol: agent.protocol,
                  command: spec.argv.map(quoted).join(' '),
                  env: [...spec.envNames],
                  ...placesOf(spec),
                })
              }
            >
              {trial === null ? t.trial.start : t.trial.again}
            </Button>
          ))}
        {agent.source === 'config' && (
          <Button small variant="ghost" icon="cross" onClick={() => setAsking(true)}>
            {t.agents.remove}
          </Button>
        )}
      </div>
      <Confirm
        open={asking}
        title={t.agents.removeTitle(agent.name)}
        action={t.agents.remove}
        onClose={() => setAsking(false)}
        onConfirm={() => void remove()}
      >
        {t.agents.removeText}
      </Confirm>
    </div>
  );
}

/** One word as a shell would have to be given it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

export function CopyCommand(props: { command: string }) {
  return (
    <span className="copy-command">
      <code>
        <Foreign text={props.command} />
      </code>
      <Button
        small
        variant="ghost"
        icon="copy"
        aria-label={t.agents.copy(props.command)}
        onClick={() => void copyText(props.command, props.command)}
      />
    </span>
  );
}
