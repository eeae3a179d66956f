import { useState } from 'react';
import type { Question } from '../../../shared/goal/vocabulary.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Scroller } from '../../ui/scroller.tsx';
import { PatchText } from './patch-text.tsx';

type Acts = NonNullable<Question['acts']>;

/** Several acts that one answer decides: worth a list of their own. */
export const isBatch = (question: Question): question is Question & { acts: Acts } =>
  (question.acts ?? []).reduce((sum, act) => sum + act.times, 0) > 1;

const SHORT = 6;

/** Each act exactly as it would be done, and how often it was asked for. */
export function ActsList(props: { acts: Acts }) {
  const { acts } = props;
  const [whole, setWhole] = useState(false);
  const shown = whole ? acts : acts.slice(0, SHORT);
  return (
    <>
      <Scroller className="question-acts" role="group" open={whole} label={t.needs.acts}>
        <ul>
          {shown.map((act) => (
            <li key={`${act.kind} ${act.text}`}>
              <span className="num act-times">{act.times > 1 ? t.needs.times(act.times) : ''}</span>
              <span className="act-text">
                {act.kind === 'write' && <span className="act-kind">{t.needs.write}</span>}
                <PatchText text={act.text} />
              </span>
            </li>
          ))}
        </ul>
      </Scroller>
      {!whole && acts.length > SHORT && (
        <Button small variant="ghost" onClick={() => setWhole(true)}>
          {t.needs.showActs(acts.length)}
        </Button>
      )}
    </>
  );
}
