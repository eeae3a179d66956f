import { useMemo, useState } from 'react';
import type { AppInfo, DetectedAgent } from '../../../shared/api/agents.ts';
import type { Inspection } from '../../../shared/api/projects.ts';
import { testabilityProblem } from '../../../shared/goal/testability.ts';
import { useApp } from '../../app-context.ts';
import type { Action } from '../../stores/actions.ts';
import { readBudget } from '../../stores/budget-input.ts';
import {
  agentSpec,
  changesOracle,
  CUSTOM_AGENT,
  firstForm,
  startingGates,
} from '../../stores/new-goal-form.ts';
import type { NewGoalForm } from '../../stores/new-goal-form.ts';
import { t } from '../../strings.ts';
import { useAct } from '../../ui/act.ts';
import { BudgetFields } from '../../ui/budget-fields.tsx';
import { Button } from '../../ui/button.tsx';
import { useActions, useRemote, useUi } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Keys } from '../../ui/keys.tsx';
import { AgentsSet } from './agents-set.tsx';
import { GatesSet } from './gates-set.tsx';
import { PolicySets } from './policy-sets.tsx';
import { ProbesSet } from './probes-set.tsx';
import { ProjectLine } from './project-line.tsx';

/** The text and everything it starts with. The button says what it trusts. */
export function GoalForm(props: {
  inspection: Inspection;
  info: AppInfo;
  agents: readonly DetectedAgent[] | null;
  onRefreshAgents: () => void;
  onLeave: () => void;
}) {
  const { inspection, info, agents } = props;
  const { router, ui } = useApp();
  const act = useAct();
  const text = useUi((one) => one.draftText);
  const [form, setForm] = useState<NewGoalForm>(() => firstForm(info.defaults));
  const [sending, setSending] = useState(false);
  const change = (part: Partial<NewGoalForm>): void => setForm((last) => ({ ...last, ...part }));

  const customText = form.customCommand.trim();
  const parsed = useRemote(
    form.agent === CUSTOM_AGENT && customText !== '' ? `command ${customText}` : null,
    (client, signal) => client.agents.parseCommand({ text: customText }, { signal }),
  );
  const custom =
    form.agent === CUSTOM_AGENT && customText !== '' && parsed.value?.ok ? parsed.value.value : null;
  const spec = agentSpec(form, agents ?? [], custom);
  const gates = startingGates(form, inspection);
  const { budget, problems } = readBudget(form.budget);
  const digest = useOracleDigest(inspection, form);

  const problem =
    text.trim() === ''
      ? t.newGoal.needText
      : spec === null
        ? t.newGoal.needAgent
        : budget === null
          ? ''
          : null;
  const ready = problem === null && !sending && (digest !== null || gates.length === 0);
  const start = async (): Promise<void> => {
    if (!ready || spec === null || budget === null) return;
    setSending(true);
    const answer = await act('goal.open', inspection.path, (client, commandId) =>
      client.goals.open({
        commandId,
        text,
        path: inspection.path,
        agent: spec,
        budget,
        policy: form.policy,
        gates: { added: [...form.added], selection: { ...form.selection } },
        trustedDigest: gates.length === 0 && form.probes.length === 0 ? null : digest,
        probes: [...form.probes],
      }),
    );
    setSending(false);
    if (!answer.ok) return;
    ui.setState({ draftText: '' });
    router.go({ screen: 'goal', goalId: answer.value.goalId, tab: 'timeline' });
  };
  const startAction = useMemo<Action[]>(
    () => [
      {
        id: 'new.start',
        title: t.newGoal.start,
        group: 'goal',
        keys: 'mod+enter',
        run: () => document.querySelector<HTMLButtonElement>('#start-goal')?.click(),
      },
    ],
    [],
  );
  useActions(startAction);

  const commands = gates.length + form.probes.length;
  return (
    <>
      <div className="new-goal">
        <div className="new-goal__sheet">
          <ProjectLine
            inspection={inspection}
            policy={form.policy}
            onPolicy={(policy) => change({ policy })}
          />
          <textarea
            className="goal-box"
            // The one thing that has to be said on this screen.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={text}
            maxLength={1_100_000}
            rows={2}
            placeholder={t.newGoal.textPlaceholder}
            aria-label={t.newGoal.textLabel}
            onChange={(event) => ui.setState({ draftText: event.target.value })}
            onKeyDown={(event) => {
              if (event.key === 'Escape') props.onLeave();
              // A line break is Shift+Enter; while an input method composes, Enter belongs to it.
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              void start();
            }}
          />
          <VagueHint text={text} />
          <GatesSet
            inspection={inspection}
            form={form}
            onChange={change}
            digest={digest}
            commands={commands}
          />
          <AgentsSet
            agents={agents}
            form={form}
            customProblem={parsed.value && !parsed.value.ok ? parsed.value.message : null}
            onChange={change}
            onRefresh={props.onRefreshAgents}
          />
          <section className="set">
            <h2>{t.newGoal.budget}</h2>
            <div>
              <div className="set-row">
                <BudgetFields
                  prefix="budget"
                  input={form.budget}
                  problems={problems}
                  placeholder={t.newGoal.noLimit}
                  onChange={(input) => change({ budget: input })}
                />
              </div>
              <p className="hint">{t.newGoal.budgetHint}</p>
            </div>
          </section>
          <PolicySets form={form} info={info} onChange={change} />
          <ProbesSet form={form} onChange={change} />
        </div>
      </div>
      <div className="new-goal__dock">
        <Button
          id="start-goal"
          variant="primary"
          shortcut="enter"
          disabled={!ready}
          onClick={() => void start()}
          aria-describedby="start-why"
        >
          {sending ? t.newGoal.starting : startLabel(commands)}
        </Button>
        <span className="small ink-3 grow ellipsis" id="start-why">
          {problem ?? (commands === 0 ? t.newGoal.firstNoGates : t.newGoal.first)}
        </span>
        <span className="small ink-3 nowrap only-wide">
          <Keys keys="escape" /> {t.newGoal.escClose}
        </span>
      </div>
    </>
  );
}

const startLabel = (commands: number): string =>
  commands === 0 ? t.newGoal.startUntrusted : t.newGoal.trustAndStart(commands);

/** The digest of the gates as they will be found, asked again when the choices change them. */
function useOracleDigest(inspection: Inspection, form: NewGoalForm): Inspection['gates']['digest'] | null {
  const { path } = inspection;
  const changed = changesOracle(form, inspection);
  const chosen = { added: [...form.added], selection: { ...form.selection }, probes: [...form.probes] };
  const asked = useRemote(changed ? `oracle ${path} ${JSON.stringify(chosen)}` : null, (client, signal) =>
    client.projects.inspect({ path, chosen }, { signal }),
  );
  if (!changed) return inspection.gates.digest;
  return asked.phase === 'ready' && asked.value.ok ? asked.value.value.gates.digest : null;
}

/** Vagueness is questioned while it is typed; starting stays possible, omk then asks. */
function VagueHint(props: { text: string }) {
  const { text } = props;
  const problem = text.trim() === '' ? null : testabilityProblem(text);
  return (
    <div aria-live="polite">
      {problem !== null && (
        <p className="vague">
          <Icon name="chat" />
          <span>
            <b className="mid">{t.newGoal.vagueHow}</b> <span className="ink-2">{t.newGoal.vagueKeep}</span>
          </span>
        </p>
      )}
    </div>
  );
}
