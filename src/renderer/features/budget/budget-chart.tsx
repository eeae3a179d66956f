import type { BudgetBar } from '../../../shared/goal/budget-view.ts';
import { t } from '../../strings.ts';
import type { GoalView } from '../../ui/goal-view.ts';
import { clockTime } from '../../ui/time.ts';

const WIDTH = 600;
const HEIGHT = 120;

/** One limit over time as steps, its end as a dashed line. */
export function BudgetChart(props: { view: GoalView; bar: BudgetBar }) {
  const { bar, view } = props;
  const { state, data } = view;
  const pick = { time: 'timeMs', tokens: 'tokens', usd: 'usd' } as const;
  const until = view.past?.at ?? state.updatedAt;
  const samples = data.timeline.spending.filter((one) => one.at <= until);
  if (samples.length < 2 || until <= state.openedAt) return null;
  const most = Math.max(bar.total ?? 0, bar.used) * 1.06 || 1;
  const x = (at: number): number => ((at - state.openedAt) / (until - state.openedAt)) * WIDTH;
  const y = (value: number): number => HEIGHT - (value / most) * HEIGHT;
  const steps = samples
    .map((one) => `H${x(one.at).toFixed(1)}V${y(one[pick[bar.limit]]).toFixed(1)}`)
    .join('');
  const line = `M0 ${HEIGHT}${steps}H${WIDTH}`;
  return (
    <section>
      <h3 className="label">
        {t.budget.over}: {bar.label}
      </h3>
      <div className="budget-chart">
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${t.budget.overLabel(bar.label)}: ${t.budget.used(bar.usedText, bar.totalText)}`}
        >
          <path d={`${line}V${HEIGHT}Z`} fill="var(--selected)" />
          <path
            d={line}
            fill="none"
            stroke="var(--text-2)"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
          {bar.total !== null && (
            <path
              d={`M0 ${y(bar.total)}H${WIDTH}`}
              stroke="var(--warn)"
              strokeWidth="1.2"
              strokeDasharray="4 4"
              vectorEffect="non-scaling-stroke"
            />
          )}
        </svg>
      </div>
      <div className="budget-chart__axis tiny ink-3 num" aria-hidden="true">
        <span>{clockTime(state.openedAt)}</span>
        <span>{clockTime(until)}</span>
      </div>
    </section>
  );
}
