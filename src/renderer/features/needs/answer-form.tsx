import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Question } from '../../../shared/goal/vocabulary.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Radio, Radios } from '../../ui/choices.tsx';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import type { Answer } from './question-card.tsx';

/** Not an id of any choice: ids are words. */
const OWN_WORDS = '~words';
/** Choices that mean nothing without a sentence. */
const needsWords = (choice: string): boolean => choice === OWN_WORDS || choice === 'revise';

/** Choices with the default marked, and the person's own words where they count. */
export function AnswerForm(props: {
  id: string;
  question: Question;
  busy: boolean;
  onAnswer: (answer: Answer) => void;
  extra: ReactNode;
}) {
  const { id, question, busy, onAnswer } = props;
  const [choice, setChoice] = useState(() => firstChoice(question));
  const [text, setText] = useState('');
  const wordsWanted = question.allowText && needsWords(choice);
  // Starting needs no words, but takes answers to what the planner would like to know.
  const wordsTaken = wordsWanted || (question.kind === 'plan.approve' && choice === 'approve');
  const ownWords = question.allowText && !question.choices.some((one) => one.id === 'revise');
  const complete = choice !== '' && (!wordsWanted || text.trim() !== '');
  const send = (): void => {
    if (!complete || busy) return;
    onAnswer({
      choice: choice === OWN_WORDS ? null : choice,
      text: wordsTaken && text.trim() !== '' ? text : null,
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        send();
      }}
    >
      <Radios
        className="question-options"
        value={choice}
        onValueChange={setChoice}
        aria-label={inertLine(question.title)}
      >
        {question.choices.map((one) => (
          <div className="option" key={one.id}>
            <Radio value={one.id} id={`${id}-${one.id}`} />
            <label htmlFor={`${id}-${one.id}`}>
              <Foreign text={one.label} />
            </label>
            <span className="option-default">{one.id === question.defaultChoice ? t.needs.default : ''}</span>
            {one.detail !== undefined && (
              <span className="option-detail">
                <Foreign text={one.detail} />
              </span>
            )}
          </div>
        ))}
        {ownWords && (
          <div className="option">
            <Radio value={OWN_WORDS} id={`${id}-words`} />
            <label htmlFor={`${id}-words`}>{t.needs.textLabel}</label>
            <span />
          </div>
        )}
      </Radios>
      {wordsTaken && (
        <textarea
          className="text-area"
          value={text}
          maxLength={20_000}
          onChange={(event) => setText(event.target.value)}
          placeholder={t.needs.textPlaceholder}
          aria-label={t.needs.textLabel}
        />
      )}
      <div className="question-actions">
        <Button submit small variant="primary" shortcut="mod+enter" disabled={!complete || busy}>
          {busy ? t.needs.pending : t.needs.answer}
        </Button>
        {props.extra}
      </div>
    </form>
  );
}

function firstChoice(question: Question): string {
  if (question.defaultChoice !== null) return question.defaultChoice;
  // Where every choice only ends the goal, words are the way on.
  const endings = question.choices.every((one) => one.id === 'cancel' || one.id === 'conclude');
  return question.allowText && endings ? OWN_WORDS : '';
}

const refuses = (choice: string): boolean => choice === 'never' || choice === 'deny' || choice === 'reject';

/** Buttons in the order they are offered; while the card has focus their numbers press them. */
export function ApprovalButtons(props: {
  question: Question;
  busy: boolean;
  onAnswer: (answer: Answer) => void;
}) {
  const { question, busy, onAnswer } = props;
  const rule = question.choices.find((one) => one.id === 'rule');
  return (
    <>
      {rule?.detail !== undefined && (
        <p className="question-rule">
          <ForeignProse text={rule.label} />: <Foreign text={rule.detail} />
        </p>
      )}
      <div
        className="question-actions"
        ref={(element) => {
          const card = element?.closest<HTMLElement>('.question');
          if (!card) return undefined;
          const onKey = (event: KeyboardEvent): void => {
            const one = question.choices[Number(event.key) - 1];
            if (!one || busy || event.ctrlKey || event.metaKey || event.altKey) return;
            event.stopPropagation();
            onAnswer({ choice: one.id, text: null });
          };
          card.addEventListener('keydown', onKey);
          return () => card.removeEventListener('keydown', onKey);
        }}
      >
        {question.choices.map((one, index) => (
          <Button
            key={one.id}
            small
            variant={refuses(one.id) ? 'danger' : 'plain'}
            disabled={busy}
            shortcut={String(index + 1)}
            title={one.detail && inertLine(one.detail)}
            onClick={() => onAnswer({ choice: one.id, text: null })}
          >
            <ForeignProse text={one.label} />
          </Button>
        ))}
      </div>
    </>
  );
}
