import { useEffect, useState } from 'react';
import type { GoalRow } from '../../../shared/api/goals.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { useApp } from '../../app-context.ts';
import { t } from '../../strings.ts';

/** Speaks changes of state, and nothing else: statuses, new questions, the connection. */
export function Announcer() {
  const { goals, connection } = useApp();
  const [said, setSaid] = useState('');
  useEffect(
    () =>
      goals.store.subscribe((now, before) => {
        // What was there at the start is not news.
        if (!before.data.complete || now.data === before.data) return;
        const news = [...now.data.rows.values()].flatMap((row) =>
          newsOf(row, before.data.rows.get(row.goalId)),
        );
        if (news.length > 0) setSaid(news.slice(-3).join('. '));
      }),
    [goals],
  );
  useEffect(
    () =>
      connection.store.subscribe((now, before) => {
        if (now.phase !== before.phase) setSaid(t.announce.connection[now.phase]);
      }),
    [connection],
  );
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}

function newsOf(row: GoalRow, before: GoalRow | undefined): string[] {
  if (row === before) return [];
  const known = new Set(before?.questions.map((asked) => asked.questionId));
  return [
    ...(row.status === before?.status ? [] : [t.announce.status(inertLine(row.title), t.status[row.status])]),
    ...row.questions
      .filter((asked) => !known.has(asked.questionId))
      .map((asked) => t.announce.question(inertLine(asked.question.title))),
  ];
}
