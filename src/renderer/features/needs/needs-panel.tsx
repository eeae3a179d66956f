import { useEffect, useRef } from 'react';
import type { QuestionId } from '../../../shared/kernel/ids.ts';
import { openQuestions } from '../../stores/goals.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { useGoals, useNow, useRoute } from '../../ui/hooks.ts';
import { QuestionCard } from './question-card.tsx';
import './needs.css';
import { Scroller } from '../../ui/scroller.tsx';

/** A wish to see the next question, or a certain one; `times` grows with each wish. */
export type AskedFor = { readonly times: number; readonly questionId: QuestionId | null };

/**
 * Every open question, newest first. `overlay`: above a screen that needs the width, or in a narrow window. Focus goes to what
 * was asked for.
 */
export function NeedsPanel(props: { overlay: boolean; askedFor: AskedFor; onClose: () => void }) {
  const { data } = useGoals();
  const route = useRoute();
  const now = useNow();
  const list = useRef<HTMLDivElement>(null);
  const questions = openQuestions(data.rows.values());
  const running = [...data.rows.values()].filter((row) => row.status === 'running').length;
  const here = route.screen === 'goal' ? route.goalId : null;

  const { askedFor } = props;
  const fulfilled = useRef(0);
  useEffect(() => {
    if (askedFor.times === fulfilled.current) return;
    const cards = [...(list.current?.querySelectorAll<HTMLElement>('.question') ?? [])];
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    const wanted = askedFor.questionId;
    const next =
      wanted === null
        ? cards[(at + 1) % Math.max(1, cards.length)]
        : cards.find((card) => card.dataset['question'] === wanted);
    // A certain one may still be on its way here: a notification is clicked before the page has its goals.
    if (!next && wanted !== null) return;
    fulfilled.current = askedFor.times;
    next?.scrollIntoView({ block: 'nearest' });
    next?.focus();
  });

  return (
    <aside
      className={props.overlay ? 'needs needs-overlay' : 'needs'}
      aria-label={t.needs.title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !props.overlay) return;
        event.stopPropagation();
        props.onClose();
      }}
    >
      <div className="needs-head">
        <h2>{t.needs.title}</h2>
        {questions.length > 0 && <span className="count count-accent">{questions.length}</span>}
        <span className="push small ink-3">{questions.length > 1 ? t.needs.newestFirst : ''}</span>
        {props.overlay && (
          <Button variant="ghost" small icon="cross" aria-label={t.close} onClick={props.onClose} />
        )}
      </div>
      <Scroller className="needs-list" ref={list} label={t.needs.title}>
        {questions.length === 0 && (
          <div className="needs-empty">
            <b className="strong">{t.needs.emptyTitle}</b>
            <span className="ink-2">{t.needs.emptyText(running)}</span>
          </div>
        )}
        {questions.map((asked, index) => (
          <QuestionCard
            key={asked.questionId}
            asked={asked}
            now={now}
            isHere={asked.goalId === here}
            startOpen={index === 0 || asked.goalId === here}
          />
        ))}
      </Scroller>
    </aside>
  );
}
