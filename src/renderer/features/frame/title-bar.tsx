import { useApp } from '../../app-context.ts';
import { openQuestions } from '../../stores/goals.ts';
import { actionFor } from '../../stores/actions.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { useGoalRow, useGoals, useMedia, useRoute, useUi } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Keys } from '../../ui/keys.tsx';
import type { GoalId } from '../../../shared/kernel/ids.ts';

export function TitleBar() {
  const { router, actions } = useApp();
  const route = useRoute();
  return (
    <header className="title-bar">
      {route.screen !== 'goals' && (
        <Button variant="ghost" small icon="left" aria-label={t.back} onClick={router.back} />
      )}
      <div className="crumb">
        <Crumb />
      </div>
      <button
        type="button"
        className="field title-search"
        onClick={() => actionFor(actions.store.getState(), 'mod+k')?.run()}
        aria-haspopup="dialog"
      >
        <Icon name="search" />
        <span className="ellipsis">{t.frame.search}</span>
        <Keys keys="mod+k" />
      </button>
      <div className="title-right">
        <ThemeButton />
        <NeedsButton />
      </div>
    </header>
  );
}

function Crumb() {
  const route = useRoute();
  switch (route.screen) {
    case 'goals':
      return <b className="ellipsis">{t.frame.allGoals}</b>;
    case 'new':
      return <b className="ellipsis">{t.newGoal.title}</b>;
    case 'settings':
      return <b className="ellipsis">{t.settings.title}</b>;
    case 'doctor':
      return <b className="ellipsis">{t.doctor.title}</b>;
    case 'goal':
      return <GoalCrumb goalId={route.goalId} />;
  }
}

function GoalCrumb(props: { goalId: GoalId }) {
  const row = useGoalRow(props.goalId);
  if (!row) return null;
  return (
    <>
      <span className="nowrap">
        <Foreign text={row.project.name} />
      </span>
      <span aria-hidden="true">/</span>
      <b className="ellipsis">
        <Foreign text={row.title} />
      </b>
    </>
  );
}

function ThemeButton() {
  const { actions } = useApp();
  const theme = useUi((ui) => ui.theme);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const dark = theme === 'dark' || (theme === 'system' && systemDark);
  return (
    <Button
      variant="ghost"
      small
      icon={dark ? 'sun' : 'moon'}
      aria-label={t.actions.theme}
      title={t.actions.theme}
      onClick={() => actionFor(actions.store.getState(), 'alt+t')?.run()}
    />
  );
}

function NeedsButton() {
  const { actions } = useApp();
  const { data } = useGoals();
  const waiting = openQuestions(data.rows.values()).length;
  return (
    <Button variant="ghost" small icon="chat" onClick={() => actionFor(actions.store.getState(), ']')?.run()}>
      <span className="needs-word">{t.frame.needsYou}</span>
      {waiting > 0 && <span className="count count-accent">{waiting}</span>}
    </Button>
  );
}
