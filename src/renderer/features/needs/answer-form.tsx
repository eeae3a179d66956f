import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Question } from '../../../shared/goal/vocabulary.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Check, Radio, Radios } from '../../ui/choices.tsx';
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
  const [chosen, setChosen] = useState(() => firstChoices(question));
  const [text, setText] = useState('');
  const wordsWanted = question.allowText && chosen.some(needsWords);
  // Starting needs no words, but takes answers to what the planner would like to know.
  const wordsTaken = wordsWanted || (question.kind === 'plan.approve' && chosen.includes('approve'));
  const ownWords = question.allowText && !question.choices.some((one) => one.id === 'revise');
  const complete = chosen.length > 0 && (!wordsWanted || text.trim() !== '');
  const send = (): void => {
    if (!complete || busy) return;
    const taken = chosen.filter((one) => one !== OWN_WORDS);
    onAnswer({
      choice: taken.length === 0 ? null : taken.join(','),
      text: wordsTaken && text.trim() !== '' ? text : null,
    });
  };
  const mark = (value: string, markId: string): ReactNode =>
    question.multi === true ? (
      <Check
        id={markId}
        checked={chosen.includes(value)}
        onChange={(on) => setChosen(on ? [...chosen, value] : chosen.filter((one) => one !== value))}
      />
    ) : (
      <Radio value={value} id={markId} />
    );
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
      <Options question={question} chosen={chosen} onChoose={setChosen}>
        {question.choices.map((one) => (
          <div className="option" key={one.id}>
            {mark(one.id, `${id}-${one.id}`)}
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
            {mark(OWN_WORDS, `${id}-words`)}
            <label htmlFor={`${id}-words`}>{t.needs.textLabel}</label>
            <span />
          </div>
        )}
      </Options>
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

/** One of them, or any number. */
function Options(props: {
  question: Question;
  chosen: readonly string[];
  onChoose: (chosen: readonly string[]) => void;
  children: ReactNode;
}) {
  const common = { className: 'question-options', 'aria-label': inertLine(props.question.title) };
  if (props.question.multi === true)
    return (
      <div role="group" {...common}>
        {props.children}
      </div>
    );
  return (
    <Radios {...common} value={props.chosen[0] ?? ''} onValueChange={(one) => props.onChoose([one])}>
      {props.children}
    </Radios>
  );
}

function firstChoices(question: Question): readonly string[] {
  if (question.defaultChoice !== null) return [question.defaultChoice];
  // Where every choice only ends the goal, words are the way on.
  const endings = question.choices.every((one) => one.id === 'cancel' || one.id === 'conclude');
  return question.allowText && question.multi !== true && endings ? [OWN_WORDS] : [];
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
