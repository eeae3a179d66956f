import type { BudgetInput, BudgetRead } from '../stores/budget-input.ts';
import { t } from '../strings.ts';

const fields: readonly { key: keyof BudgetInput; label: string }[] = [
  { key: 'time', label: t.newGoal.time },
  { key: 'tokens', label: t.newGoal.tokens },
  { key: 'usd', label: t.newGoal.money },
];

/** Time, tokens and money as they are typed, each with what is wrong with it. */
export function BudgetFields(props: {
  prefix: string;
  input: BudgetInput;
  problems: BudgetRead['problems'];
  placeholder: string;
  onChange: (input: BudgetInput) => void;
}) {
  const { prefix, input, problems } = props;
  return (
    <>
      {fields.map(({ key, label }) => (
        <div key={key}>
          <label htmlFor={`${prefix}-${key}`}>
            {label}
            <span className="field" data-bad={problems[key] !== undefined || undefined}>
              <input
                id={`${prefix}-${key}`}
                className="num"
                value={input[key]}
                placeholder={props.placeholder}
                autoComplete="off"
                spellCheck={false}
                aria-invalid={problems[key] !== undefined}
                aria-describedby={problems[key] === undefined ? undefined : `${prefix}-${key}-problem`}
                onChange={(event) => props.onChange({ ...input, [key]: event.target.value })}
              />
            </span>
          </label>
          {problems[key] !== undefined && (
            <p className="hint" data-bad id={`${prefix}-${key}-problem`}>
              {problems[key]}
            </p>
          )}
        </div>
      ))}
    </>
  );
}
