import type { OpenGoal } from '../../../shared/goal/state.ts';
import { t } from '../../strings.ts';
import { ForeignProse } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Who planned and why, then the planner's own words: a quote, with its longer documents folded away. */
export function PlanBrief(props: { state: OpenGoal }) {
  const { plan, opened } = props.state;
  if (!plan) return null;
  const { documents, note, source } = plan.proposed;
  if (note !== undefined && source === 'heuristic') {
    return (
      <div className="plan-brief small">
        <p className="plan-brief__by">
          <Icon name="decision" tone="mute" />
          <span>
            {t.tasks.byOmk} <ForeignProse text={note} />
          </span>
        </p>
      </div>
    );
  }
  if (documents === undefined) return null;
  const folded = [
    { title: t.tasks.approach, text: documents.technicalPlan },
    { title: t.tasks.checks, text: documents.testSpec },
  ].filter(({ text }) => text.trim() !== '');
  return (
    <section className="plan-brief small" aria-label={t.tasks.brief}>
      <p className="plan-brief__by ink-3">
        <Icon name="agent" tone="mute" />
        <span>{t.tasks.byAgent(opened.agent.name)}</span>
      </p>
      <blockquote>
        <ForeignProse text={documents.brief} />
      </blockquote>
      {documents.openQuestions.length > 0 && (
        <>
          <h3 className="label">{t.tasks.openQuestions}</h3>
          <ul>
            {documents.openQuestions.map((one) => (
              <li key={one}>
                <ForeignProse text={one} />
              </li>
            ))}
          </ul>
        </>
      )}
      {folded.map(({ title, text }) => (
        <details key={title}>
          <summary>{title}</summary>
          <div className="plan-brief__text">
            <ForeignProse text={text} />
          </div>
        </details>
      ))}
    </section>
  );
}
