import type { DetectedAgent } from '../../../shared/api/agents.ts';
import { useApp } from '../../app-context.ts';
import { chosenAgent, CUSTOM_AGENT, usable } from '../../stores/new-goal-form.ts';
import type { NewGoalForm } from '../../stores/new-goal-form.ts';
import { t } from '../../strings.ts';
import { agentLine } from '../../ui/agents.ts';
import { Button } from '../../ui/button.tsx';
import { Radio, Radios } from '../../ui/choices.tsx';
import { Foreign } from '../../ui/foreign.tsx';

/** Agents found on this machine, with what is wrong with those that cannot be used, and a command of one's own. */
export function AgentsSet(props: {
  agents: readonly DetectedAgent[] | null;
  form: NewGoalForm;
  customProblem: string | null;
  onChange: (part: Partial<NewGoalForm>) => void;
  onRefresh: () => void;
}) {
  const { agents, form, onChange } = props;
  const { router } = useApp();
  const chosen =
    form.agent === CUSTOM_AGENT ? CUSTOM_AGENT : (chosenAgent(form, agents ?? [])?.name ?? form.agent);
  return (
    <section className="set">
      <h2 id="agents-label">{t.newGoal.agents}</h2>
      <div>
        <Radios value={chosen} onValueChange={(agent) => onChange({ agent })} aria-labelledby="agents-label">
          {agents === null && (
            <p className="ink-3" style={{ lineHeight: '26px' }}>
              {t.firstRun.checking}
            </p>
          )}
          {agents?.map((agent) => (
            <div className="set-line" key={agent.name} data-off={!usable(agent) || undefined}>
              <Radio value={agent.name} id={`agent-${agent.name}`} disabled={!usable(agent)} />
              <label className="name" htmlFor={`agent-${agent.name}`} title={agent.title}>
                <Foreign text={agent.title} />
              </label>
              <span className="what ink-2">
                <Foreign text={agentLine(agent)} />
              </span>
              <span />
            </div>
          ))}
          <div className="set-line">
            <Radio value={CUSTOM_AGENT} id="agent-custom" />
            <label className="name" htmlFor="agent-custom">
              {t.newGoal.customAgent}
            </label>
            {form.agent === CUSTOM_AGENT ? (
              <span className="what">
                <span className="field wide" data-bad={props.customProblem !== null || undefined}>
                  <input
                    className="mono"
                    value={form.customCommand}
                    maxLength={8_000}
                    spellCheck={false}
                    autoComplete="off"
                    placeholder={t.newGoal.customPlaceholder}
                    aria-label={t.newGoal.customAgent}
                    aria-invalid={props.customProblem !== null}
                    onChange={(event) => onChange({ customCommand: event.target.value })}
                  />
                </span>
              </span>
            ) : (
              <span className="what ink-3">{t.newGoal.customHint}</span>
            )}
            <Button
              small
              variant="ghost"
              icon="retry"
              aria-label={t.newGoal.refresh}
              onClick={props.onRefresh}
            />
          </div>
        </Radios>
        <p className="hint">
          <button
            type="button"
            className="link"
            onClick={() => router.go({ screen: 'settings', adding: true })}
          >
            {t.agents.add}
          </button>
        </p>
        {form.agent === CUSTOM_AGENT && (
          <p className="hint" data-bad={props.customProblem !== null || undefined}>
            {props.customProblem ?? t.newGoal.customHint}
          </p>
        )}
      </div>
    </section>
  );
}
