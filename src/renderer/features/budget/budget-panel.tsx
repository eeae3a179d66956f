import { useMemo } from 'react';
import { spentIn } from '../../../shared/goal/budget-forecast.ts';
import { budgetView } from '../../../shared/goal/budget-view.ts';
import type { BudgetBar } from '../../../shared/goal/budget-view.ts';
import { duration, integer, money, percent, tokens } from '../../../shared/units.ts';
import { drivesAgent } from '../../../shared/goal/vocabulary.ts';
import { t } from '../../strings.ts';
import { Foreign } from '../../ui/foreign.tsx';
import type { GoalView } from '../../ui/goal-view.ts';
import { Icon } from '../../ui/icon.tsx';
import { Bar } from '../../ui/meters.tsx';
import { Note } from '../../ui/notes.tsx';
import { BudgetChart } from './budget-chart.tsx';
import { ExtendForm } from './extend-form.tsx';
import './budget.css';
import { Scroller } from '../../ui/scroller.tsx';

/** Three limits, what is held for the turn that runs, and more of it in place. */
export function BudgetPanel(props: { view: GoalView }) {
  const { view } = props;
  const { state } = view;
  const budget = budgetView(state);
  const over = state.concluded !== null || state.cancelRequested;
  const charted = mostUsed(budget.bars);
  const reserved = budget.bars.some((bar) => bar.reserved > 0);
  return (
    <Scroller className="budget" label={t.budget.title}>
      <div className="budget-inner">
        {budget.exhausted !== null && !over && (
          <Note
            tone="warn"
            icon="needs_more_budget"
            title={t.budget.exhausted(t.budget.limit[budget.exhausted])}
          />
        )}
        <section>
          <div className="budget-bars num">
            {budget.bars.map((bar) => (
              <Line key={bar.limit} bar={bar} />
            ))}
          </div>
          <p className="budget-legend hint">
            {reserved && `${t.budget.spent} `}
            {charted && forecast(charted, state.spend.agentMs)}
          </p>
          {budget.unmetered && (
            <p className="hint row">
              <Icon name="warn" tone="warn" />
              {t.budget.unmetered}
            </p>
          )}
        </section>
        {!over && (
          <section>
            <h3 className="label">{t.budget.extendTitle}</h3>
            <ExtendForm goalId={state.goalId} frozen={view.frozen} />
            <p className="hint" style={{ marginTop: 6 }}>
              {t.budget.extendText}
            </p>
          </section>
        )}
        {charted && <BudgetChart view={view} bar={charted} />}
        <Attempts view={view} />
        <dl className="budget-facts small num">
          <Fact name={`${t.budget.gateTime}, ${t.budget.gateTimeHint}`} value={budget.gateText} />
          <Fact name="Input" value={integer(state.spend.tokens.input)} />
          <Fact name="Output" value={integer(state.spend.tokens.output)} />
          <Fact name="Cache read" value={integer(state.spend.tokens.cacheRead)} />
          <Fact name="Cache write" value={integer(state.spend.tokens.cacheWrite)} />
        </dl>
      </div>
    </Scroller>
  );
}

function Line(props: { bar: BudgetBar }) {
  const { bar } = props;
  const label = t.budget.limit[bar.limit];
  const held = bar.total === null || bar.total === 0 ? 0 : bar.reserved / bar.total;
  return (
    <>
      <span className="ink-3">{label}</span>
      {bar.share === null ? (
        <span className="ink-3 small">{t.newGoal.noLimit}</span>
      ) : (
        <Bar
          used={bar.share}
          reserved={held}
          label={`${label}: ${percent(bar.share)}${held > 0 ? `, ${percent(held)} ${t.budget.held}` : ''}`}
        />
      )}
      <span className="amount">
        {bar.share === null ? bar.usedText : t.budget.used(bar.usedText, bar.totalText)}
      </span>
      <span className="left amount ink-3 small">{bar.left === null ? '' : bar.leftText}</span>
    </>
  );
}

function Fact(props: { name: string; value: string }) {
  return (
    <div className="row">
      <dt className="ink-3">{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

/** The limit to draw over time: the one nearest its end, else tokens. */
function mostUsed(bars: readonly BudgetBar[]): BudgetBar | null {
  const used = bars.filter((bar) => bar.used > 0);
  return used.toSorted((a, b) => (b.share ?? -1) - (a.share ?? -1))[0] ?? null;
}

function forecast(bar: BudgetBar, agentMs: number): string {
  const left = spentIn(bar, agentMs);
  // To the minute: a forecast that names seconds claims too much.
  return left === null
    ? ''
    : t.budget.forecast(t.budget.limit[bar.limit], duration(Math.ceil(left / 60_000) * 60_000));
}

function Attempts(props: { view: GoalView }) {
  const { state, data } = props.view;
  const rows = useMemo(
    () =>
      state.attempts
        .filter((attempt) => drivesAgent(attempt.kind))
        .map((attempt) => ({ attempt, facts: data.timeline.attempts.get(attempt.attemptId) })),
    [state.attempts, data.timeline],
  );
  if (rows.length === 0) return <p className="hint">{t.budget.none}</p>;
  return (
    <section>
      <h3 className="label">{t.budget.byAttempt}</h3>
      <table className="matrix budget-table">
        <thead>
          <tr>
            <th>{t.budget.attempt}</th>
            <th>{t.budget.outcome}</th>
            <th className="num">{t.budget.tokens}</th>
            <th className="num">{t.budget.money}</th>
            <th className="num">{t.budget.took}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ attempt, facts }, index) => (
            <tr key={attempt.attemptId}>
              <td>
                {index + 1} <span className="ink-3">{attempt.taskId ?? t.budget.unnamed(attempt.kind)}</span>
              </td>
              <td className="ink-2">
                {attempt.outcome.type === 'failed' ? (
                  <Foreign text={attempt.outcome.failure.message} />
                ) : attempt.outcome.type === 'in_flight' ? (
                  t.budget.inFlight
                ) : (
                  attempt.outcome.type
                )}
              </td>
              <td className="num">{facts ? `${facts.metered ? '' : '≈ '}${tokens(facts.tokens)}` : ''}</td>
              <td className="num">{facts && facts.usd > 0 ? money(facts.usd) : '–'}</td>
              <td className="num">
                {attempt.outcome.type === 'in_flight' ? '' : duration(attempt.outcome.at - attempt.startedAt)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
