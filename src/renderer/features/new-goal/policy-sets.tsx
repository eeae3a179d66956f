import type { AppInfo } from '../../../shared/api/agents.ts';
import type { GoalPolicy } from '../../../shared/goal/vocabulary.ts';
import type { NewGoalForm } from '../../stores/new-goal-form.ts';
import { t } from '../../strings.ts';
import { Check, Segmented } from '../../ui/choices.tsx';

/** Isolation, what is asked, the kind of goal, and who accepts. */
export function PolicySets(props: {
  form: NewGoalForm;
  info: AppInfo;
  onChange: (part: Partial<NewGoalForm>) => void;
}) {
  const { policy } = props.form;
  const set = (part: Partial<GoalPolicy>): void => props.onChange({ policy: { ...policy, ...part } });
  return (
    <>
      <section className="set">
        <h2>{t.newGoal.isolation}</h2>
        <div className="set-row">
          <Segmented
            label={t.newGoal.isolation}
            value={policy.isolation}
            options={[
              { value: 'namespaces', label: t.newGoal.isolationNamespaces },
              { value: 'none', label: t.newGoal.isolationNone },
            ]}
            onChange={(isolation) => set({ isolation })}
          />
          <span className="small ink-3 grow">
            {policy.isolation === 'none' ? t.newGoal.isolationNoneNote : props.info.isolation.note}
          </span>
        </div>
      </section>
      <section className="set">
        <h2>{t.newGoal.approvals}</h2>
        <div className="set-row">
          <Segmented
            label={t.newGoal.approvals}
            value={policy.approvals}
            options={[
              { value: 'auto', label: t.newGoal.approvalsAuto },
              { value: 'manual', label: t.newGoal.approvalsManual },
              { value: 'never', label: t.newGoal.approvalsNever },
            ]}
            onChange={(approvals) => set({ approvals })}
          />
          <span className="small ink-3 grow">{t.newGoal.approvalsHint[policy.approvals]}</span>
        </div>
      </section>
      <section className="set">
        <h2>{t.newGoal.kind}</h2>
        <div>
          <div className="set-row">
            <Segmented
              label={t.newGoal.kind}
              value={policy.kind}
              options={[
                { value: 'change', label: t.newGoal.kindChange },
                { value: 'refactor', label: t.newGoal.kindRefactor },
                { value: 'docs', label: t.newGoal.kindDocs },
              ]}
              onChange={(kind) => set({ kind })}
            />
            <span className="small ink-3 grow">{t.newGoal.kindHint[policy.kind]}</span>
          </div>
          <div style={{ marginTop: 8 }}>
            <Check checked={policy.testsMayChange} onChange={(testsMayChange) => set({ testsMayChange })}>
              {t.newGoal.testsMayChange}
            </Check>
          </div>
        </div>
      </section>
      <section className="set">
        <h2>{t.newGoal.planning}</h2>
        <div>
          <div className="set-row">
            <Segmented
              label={t.newGoal.planning}
              value={policy.planning}
              options={[
                { value: 'agent', label: t.newGoal.planningAgent },
                { value: 'heuristic', label: t.newGoal.planningHeuristic },
              ]}
              onChange={(planning) => set({ planning })}
            />
            <span className="small ink-3 grow">{t.newGoal.planningHint[policy.planning]}</span>
          </div>
          <div style={{ marginTop: 8 }}>
            <Check checked={!policy.yesPlan} onChange={(show) => set({ yesPlan: !show })}>
              {t.newGoal.plan}
            </Check>
          </div>
        </div>
      </section>
      <section className="set">
        <h2>{t.newGoal.accept}</h2>
        <div>
          <div className="set-row">
            <Segmented
              label={t.newGoal.accept}
              value={policy.accept}
              options={[
                { value: 'manual', label: t.newGoal.acceptManual },
                { value: 'auto', label: t.newGoal.acceptAuto },
              ]}
              onChange={(accept) => set({ accept })}
            />
            <span className="small ink-3 grow">
              {policy.accept === 'auto' ? t.newGoal.acceptAutoHint : t.newGoal.acceptManualHint}
            </span>
          </div>
          <div style={{ marginTop: 8 }}>
            <Check
              checked={policy.review === 'agent'}
              onChange={(wanted) => set({ review: wanted ? 'agent' : 'none' })}
            >
              {t.newGoal.review}
            </Check>
          </div>
        </div>
      </section>
    </>
  );
}
