import { useEffect, useRef, useState } from 'react';
import type { GoalStatus } from '../../../shared/goal/vocabulary.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { t } from '../../strings.ts';
import { useConnection, useGoals } from '../../ui/hooks.ts';

/** Speaks changes of state, and nothing else: statuses, new questions, the connection. */
export function Announcer() {
  const { data } = useGoals();
  const { phase } = useConnection();
  const [said, setSaid] = useState('');
  const known = useRef<{ statuses: Map<string, GoalStatus>; questions: Set<string> } | null>(null);

  useEffect(() => {
    if (!data.complete) return;
    const statuses = new Map<string, GoalStatus>();
    const questions = new Set<string>();
    const news: string[] = [];
    for (const row of data.rows.values()) {
      statuses.set(row.goalId, row.status);
      const before = known.current?.statuses.get(row.goalId);
      if (known.current && before !== row.status) {
        news.push(t.announce.status(inertLine(row.title), t.status[row.status]));
      }
      for (const asked of row.questions) {
        questions.add(asked.questionId);
        if (known.current && !known.current.questions.has(asked.questionId)) {
          news.push(t.announce.question(inertLine(asked.question.title)));
        }
      }
    }
    known.current = { statuses, questions };
    if (news.length > 0) setSaid(news.slice(-3).join('. '));
  }, [data]);

  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    setSaid(t.announce.connection[phase]);
  }, [phase]);

  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}
