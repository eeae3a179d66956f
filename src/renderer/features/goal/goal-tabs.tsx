import type { ReactNode } from 'react';
import { budgetView } from '../../../shared/goal/budget-view.ts';
import type { BudgetBar } from '../../../shared/goal/budget-view.ts';
import { goalTabs } from '../../stores/route.ts';
import type { GoalTab } from '../../stores/route.ts';
import { t } from '../../strings.ts';
import type { GoalView } from '../../ui/goal-view.ts';
import { Ring } from '../../ui/meters.tsx';

export function GoalTabs(props: {
  view: GoalView;
  tab: GoalTab;
  onTab: (tab: GoalTab) => void;
  tools: ReactNode;
}) {
  const { view, tab, onTab } = props;
  const { state } = view;
  const counts: Partial<Record<GoalTab, number>> = {
    tasks: (state.plan?.proposed.tasks ?? state.tasks).length,
    changes: state.verifications.at(-1)?.changedCount ?? state.candidates.at(-1)?.files ?? 0,
  };
  const tightest = tightestBar(budgetView(state).bars);
  return (
    <div className="goal-tabs-row">
      <div
        className="goal-tabs"
        role="tablist"
        tabIndex={-1}
        aria-label={t.goal.tabs}
        onKeyDown={(event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          const next = goalTabs[(goalTabs.indexOf(tab) + step + goalTabs.length) % goalTabs.length];
          if (!next) return;
          onTab(next);
          document.getElementById(`tab-${next}`)?.focus();
        }}
      >
        {goalTabs.map((one) => (
          <button
            key={one}
            type="button"
            className="goal-tab"
            role="tab"
            id={`tab-${one}`}
            aria-selected={one === tab}
            aria-controls={one === tab ? `panel-${one}` : undefined}
            tabIndex={one === tab ? 0 : -1}
            onClick={() => onTab(one)}
          >
            {t.goal.tab[one]}
            {(counts[one] ?? 0) > 0 && <span className="count">{counts[one]}</span>}
          </button>
        ))}
      </div>
      <div className="goal-tools">
        {props.tools}
        {tightest && (tab === 'timeline' || tab === 'tasks' || tab === 'changes') && (
          <span className="goal-tools__budget num">
            <Ring share={tightest.share ?? 0} />
            {t.budget.used(tightest.usedText, tightest.totalText)}
          </span>
        )}
      </div>
    </div>
  );
}

/** The limit nearest to its end: a row of tabs has room for one. */
const tightestBar = (bars: readonly BudgetBar[]): BudgetBar | null =>
  bars.reduce<BudgetBar | null>(
    (most, bar) => (bar.share !== null && (most === null || bar.share > (most.share ?? 0)) ? bar : most),
    null,
  );
