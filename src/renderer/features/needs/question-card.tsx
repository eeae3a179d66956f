import { useState } from 'react';
import { useStore } from 'zustand';
import type { OpenQuestion } from '../../../shared/api/goals.ts';
import { age } from '../../../shared/units.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { useApp } from '../../app-context.ts';
import { t } from '../../strings.ts';
import { useAct } from '../../ui/act.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Status } from '../../ui/status.tsx';
import { ActsList, isBatch } from './acts-list.tsx';
import { AnswerForm, ApprovalButtons } from './answer-form.tsx';
import { PatchText } from './patch-text.tsx';
import { Scroller } from '../../ui/scroller.tsx';

export type Answer = { readonly choice: string | null; readonly text: string | null };

/** One question: omk's words first, then exactly what it is about, then the agent's words as a quote. */
export function QuestionCard(props: {
  asked: OpenQuestion;
  now: number;
  isHere: boolean;
  startOpen: boolean;
}) {
  const { asked, now, isHere } = props;
  const { question, goalId, questionId } = asked;
  const { pending, router } = useApp();
  const act = useAct();
  const [opened, setOpened] = useState(false);
  const open = opened || props.startOpen;
  const sending = useStore(pending.store, (all) =>
    [...all.values()].some((one) => one.subject === questionId),
  );

  const answer = (given: Answer): void => {
    void act('question.answer', questionId, (client, commandId) =>
      client.goals.answer({ commandId, goalId, questionId, ...given, digest: question.digest }),
    );
  };
  const go = (tab: 'timeline' | 'proof' | 'changes'): void => router.go({ screen: 'goal', goalId, tab });

  return (
    <article
      className="question"
      data-question={questionId}
      tabIndex={-1}
      aria-label={inertLine(question.title)}
      aria-busy={sending}
    >
      <div className="question-from">
        {question.kind === 'approval' ? (
          <Icon name="terminal" />
        ) : (
          <Status status="blocked_on_human" iconOnly />
        )}
        <span className="ellipsis">{isHere ? t.needs.thisGoal : <Foreign text={asked.goalTitle} />}</span>
        <span className="push num nowrap">{age(now - asked.askedAt)}</span>
      </div>
      <h3>
        <ForeignProse text={question.title} />
      </h3>
      {open && <QuestionBody asked={asked} />}
      {!open ? (
        <div className="question-actions" style={{ marginTop: 8 }}>
          <Button small onClick={() => setOpened(true)} aria-expanded="false">
            {t.needs.answer}
          </Button>
          {!isHere && (
            <Button small variant="ghost" onClick={() => go('timeline')}>
              {t.needs.show}
            </Button>
          )}
        </div>
      ) : question.kind === 'acceptance' ? (
        <div className="question-actions">
          <Button small variant="primary" onClick={() => go('proof')}>
            {t.needs.showProof}
          </Button>
        </div>
      ) : question.kind === 'approval' ? (
        <ApprovalButtons question={question} busy={sending} onAnswer={answer} />
      ) : (
        <AnswerForm
          id={questionId}
          question={question}
          busy={sending}
          onAnswer={answer}
          extra={
            question.kind === 'oracle.changed' || question.kind === 'policy.finding' ? (
              <Button small variant="ghost" onClick={() => go('changes')}>
                {t.needs.showChanges}
              </Button>
            ) : isHere ? null : (
              <Button small variant="ghost" onClick={() => go('timeline')}>
                {t.needs.show}
              </Button>
            )
          }
        />
      )}
    </article>
  );
}

const LONG_SUBJECT = 400;

function QuestionBody(props: { asked: OpenQuestion }) {
  const { question } = props.asked;
  const [whole, setWhole] = useState(false);
  const { subject, quote } = question;
  return (
    <>
      {question.context !== '' && (
        <p className="question-context">
          <ForeignProse text={question.context} />
        </p>
      )}
      {isBatch(question) && <ActsList acts={question.acts} />}
      {subject !== undefined && subject !== '' && !isBatch(question) && (
        <Scroller className="question-subject" role="group" open={whole} label={t.needs.subject}>
          <PatchText text={subject} />
        </Scroller>
      )}
      {subject !== undefined &&
        !isBatch(question) &&
        (subject.length > LONG_SUBJECT || subject.split('\n').length > 7) &&
        !whole && (
          <Button small variant="ghost" onClick={() => setWhole(true)}>
            {t.needs.showSubject}
          </Button>
        )}
      {quote !== undefined && quote !== '' && (
        <Scroller className="question-quote" role="group" label={t.needs.agentSaid}>
          <blockquote>
            <span className="ink-3">{t.needs.agentSaid}: </span>
            <Foreign text={quote} />
          </blockquote>
        </Scroller>
      )}
      {question.costOfWaiting !== '' && (
        <div className="question-cost">
          <Icon name="clock" />
          <ForeignProse text={question.costOfWaiting} />
        </div>
      )}
    </>
  );
}
