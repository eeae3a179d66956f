import { useState } from 'react';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import { addsNothing, emptyBudgetInput, readBudget } from '../../stores/budget-input.ts';
import { t } from '../../strings.ts';
import { useAct } from '../../ui/act.ts';
import { BudgetFields } from '../../ui/budget-fields.tsx';
import { Button } from '../../ui/button.tsx';

/** Adds to the limits, in place. */
export function ExtendForm(props: { goalId: GoalId; frozen: boolean }) {
  const { goalId, frozen } = props;
  const act = useAct();
  const [input, setInput] = useState(emptyBudgetInput);
  const [sending, setSending] = useState(false);
  const { budget, problems } = readBudget(input);
  const nothing = budget === null || addsNothing(budget);
  const extend = async (): Promise<void> => {
    if (budget === null || nothing || sending) return;
    setSending(true);
    const answer = await act('goal.extend_budget', goalId, (client, commandId) =>
      client.goals.extendBudget({ commandId, goalId, added: budget }),
    );
    setSending(false);
    if (answer.ok) setInput(emptyBudgetInput);
  };
  return (
    <form
      className="budget-form"
      onSubmit={(event) => {
        event.preventDefault();
        void extend();
      }}
    >
      <BudgetFields prefix="extend" input={input} problems={problems} onChange={setInput} placeholder="+0" />
      <Button submit variant="primary" disabled={nothing || sending || frozen} title={t.budget.nothingAdded}>
        {t.budget.extend}
      </Button>
    </form>
  );
}
