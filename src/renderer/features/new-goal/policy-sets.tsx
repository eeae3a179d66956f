import type { ReactNode } from 'react';
import type { AppInfo } from '../../../shared/api/agents.ts';
import type { GoalPolicy } from '../../../shared/goal/vocabulary.ts';
import type { NewGoalForm } from '../../stores/new-goal-form.ts';
import { t } from '../../strings.ts';
import { Check, Segmented } from '../../ui/choices.tsx';

/** Isolation, what is asked, the kind of goal, who plans, and who accepts. */
export function PolicySets(props: {
  form: NewGoalForm;
  info: AppInfo;
  onChange: (part: Partial<NewGoalForm>) => void;
}) {
  const { policy } = props.form;
  const set = (part: Partial<GoalPolicy>): void => props.onChange({ policy: { ...policy, ...part } });
  return (
    <>
      <PolicyChoice
        label={t.newGoal.isolation}
        value={policy.isolation}
        options={[
          { value: 'namespaces', label: t.newGoal.isolationNamespaces },
          { value: 'none', label: t.newGoal.isolationNone },
        ]}
        onChange={(isolation) => set({ isolation })}
        hint={policy.isolation === 'none' ? t.newGoal.isolationNoneNote : props.info.isolation.note}
      />
      <PolicyChoice
        label={t.newGoal.approvals}
        value={policy.approvals}
        options={[
          { value: 'auto', label: t.newGoal.approvalsAuto },
          { value: 'manual', label: t.newGoal.approvalsManual },
          { value: 'never', label: t.newGoal.approvalsNever },
        ]}
        onChange={(approvals) => set({ approvals })}
        hint={t.newGoal.approvalsHint[policy.approvals]}
      />
      <PolicyChoice
        label={t.newGoal.kind}
        value={policy.kind}
        options={[
          { value: 'change', label: t.newGoal.kindChange },
          { value: 'refactor', label: t.newGoal.kindRefactor },
          { value: 'docs', label: t.newGoal.kindDocs },
        ]}
        onChange={(kind) => set({ kind })}
        hint={t.newGoal.kindHint[policy.kind]}
      >
        <Check checked={policy.testsMayChange} onChange={(testsMayChange) => set({ testsMayChange })}>
          {t.newGoal.testsMayChange}
        </Check>
      </PolicyChoice>
      <PolicyChoice
        label={t.newGoal.planning}
        value={policy.planning}
        options={[
          { value: 'agent', label: t.newGoal.planningAgent },
          { value: 'heuristic', label: t.newGoal.planningHeuristic },
        ]}
        onChange={(planning) => set({ planning })}
        hint={t.newGoal.planningHint[policy.planning]}
      >
        <Check checked={!policy.yesPlan} onChange={(show) => set({ yesPlan: !show })}>
          {t.newGoal.plan}
        </Check>
      </PolicyChoice>
      <PolicyChoice
        label={t.newGoal.accept}
        value={policy.accept}
        options={[
          { value: 'manual', label: t.newGoal.acceptManual },
          { value: 'auto', label: t.newGoal.acceptAuto },
        ]}
        onChange={(accept) => set({ accept })}
        hint={policy.accept === 'auto' ? t.newGoal.acceptAutoHint : t.newGoal.acceptManualHint}
      >
        <Check
          checked={policy.review === 'agent'}
          onChange={(wanted) => set({ review: wanted ? 'agent' : 'none' })}
        >
          {t.newGoal.review}
        </Check>
      </PolicyChoice>
    </>
  );
}

/** One choice with what it means, and what belongs to it below. */
function PolicyChoice<V extends string>(props: {
  label: string;
  value: V;
  options: readonly { value: V; label: string }[];
  onChange: (value: V) => void;
  hint: string;
  children?: ReactNode;
}) {
  const { label, value, options, onChange, hint, children } = props;
  return (
    <section className="set">
      <h2>{label}</h2>
      <div>
        <div className="set-row">
          <Segmented label={label} value={value} options={options} onChange={onChange} />
          <span className="small ink-3 grow">{hint}</span>
        </div>
        {children !== undefined && <div style={{ marginTop: 8 }}>{children}</div>}
      </div>
    </section>
  );
}
