import { useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { nowNextBlocks } from '../../../shared/goal/selectors.ts';
import { mayRecheck, mayRetry, verdict } from '../../../shared/goal/verdict.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { useApp } from '../../app-context.ts';
import type { Action } from '../../stores/actions.ts';
import { goalTabs } from '../../stores/route.ts';
import { t } from '../../strings.ts';
import { copyText, useAct } from '../../ui/act.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Menu } from '../../ui/floating.tsx';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import { mayWrite, NOTE_ID } from '../../ui/goal-view.ts';
import type { GoalView } from '../../ui/goal-view.ts';
import { useActions } from '../../ui/hooks.ts';
import { Status } from '../../ui/status.tsx';

/** The title, then the status that starts a sentence, then what comes next and what blocks. */
export function GoalHead(props: { view: GoalView; tabs: ReactNode }) {
  const { state } = props.view;
  const { status } = verdict(state);
  const { now, next, blocks } = nowNextBlocks(state);
  return (
    <header className="goal-head">
      <div className="goal-head__top">
        <h1 className="ellipsis" title={inertLine(state.opened.title)}>
          <Foreign text={state.opened.title} />
        </h1>
        <GoalActions view={props.view} />
      </div>
      <dl className="goal-now">
        <dt>
          <Status status={status} />
        </dt>
        <dd className="lead">
          <ForeignProse text={now} />
        </dd>
        {next !== '' && (
          <>
            <dt className="follows">{t.goal.next}</dt>
            <dd className="follows">
              <ForeignProse text={afterColon(next)} />
            </dd>
          </>
        )}
        {blocks !== '' && blocks !== now && (
          <>
            <dt className="follows">{t.goal.blocks}</dt>
            <dd className="follows">
              <ForeignProse text={blocks} />
            </dd>
          </>
        )}
      </dl>
      {props.tabs}
    </header>
  );
}

/** The row has its own word for it. */
const afterColon = (sentence: string): string => {
  const rest = sentence.replace(/^Next: /, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
};

function GoalActions(props: { view: GoalView }) {
  const { state, frozen } = props.view;
  const { goalId } = state;
  const { router } = useApp();
  const act = useAct();
  const [cancelling, setCancelling] = useState(false);
  const { status } = verdict(state);
  const over = state.concluded !== null || state.cancelRequested;
  const can = {
    pause: !frozen && !over && !state.paused && (status === 'running' || status === 'blocked_on_human'),
    resume: !frozen && !over && (state.paused || mayRecheck(state)),
    retry: !frozen && mayRetry(state) && !mayRecheck(state),
    extend: !frozen && !over,
    cancel: !frozen && !over,
    write: mayWrite(props.view),
  };
  const send = useMemo(
    () => ({
      pause: () =>
        void act('goal.pause', goalId, (client, commandId) => client.goals.pause({ commandId, goalId })),
      resume: () =>
        void act('goal.resume', goalId, (client, commandId) => client.goals.resume({ commandId, goalId })),
      retry: () =>
        void act('goal.retry', goalId, (client, commandId) => client.goals.retry({ commandId, goalId })),
      cancel: () =>
        void act('goal.cancel', goalId, (client, commandId) => client.goals.cancel({ commandId, goalId })),
    }),
    [act, goalId],
  );
  const extend = useCallback((): void => {
    router.go({ screen: 'goal', goalId, tab: 'budget' });
    requestAnimationFrame(() => document.getElementById('extend-time')?.focus());
  }, [router, goalId]);
  const writeNote = useCallback((): void => {
    router.go({ screen: 'goal', goalId, tab: 'timeline' });
    requestAnimationFrame(() => document.getElementById(NOTE_ID)?.focus());
  }, [router, goalId]);
  const copyId = useCallback((): void => void copyText(goalId, goalId), [goalId]);

  const { pause, resume, retry, cancel, write } = can;
  const canExtend = can.extend;
  const actions = useMemo<Action[]>(
    () => [
      ...goalTabs.map((tab, index): Action => ({
        id: `tab.${tab}`,
        title: t.actions.tab(t.goal.tab[tab]),
        group: 'go',
        keys: String(index + 1),
        run: () => router.go({ screen: 'goal', goalId, tab }),
      })),
      ...(pause ? [goalAction('pause', t.goal.pause, 'p', send.pause)] : []),
      ...(resume ? [goalAction('resume', t.goal.resume, 'p', send.resume)] : []),
      ...(retry ? [goalAction('retry', t.goal.retry, undefined, send.retry)] : []),
      ...(canExtend ? [goalAction('extend', t.actions.extend, 'b', extend)] : []),
      ...(write ? [goalAction('note', t.actions.note, 'm', writeNote)] : []),
      ...(cancel ? [goalAction('cancel', t.actions.cancel, undefined, () => setCancelling(true))] : []),
      goalAction('copy-id', t.actions.copyId, undefined, copyId),
    ],
    [pause, resume, retry, canExtend, write, cancel, goalId, router, send, extend, writeNote, copyId],
  );
  useActions(actions);

  return (
    <div className="goal-head__actions">
      {can.pause && status === 'running' && (
        <Button small icon="pause" onClick={send.pause}>
          {t.goal.pause}
        </Button>
      )}
      {can.resume && (
        <Button small icon="play" variant={state.paused ? 'primary' : 'plain'} onClick={send.resume}>
          {t.goal.resume}
        </Button>
      )}
      {can.retry && (
        <Button small icon="retry" onClick={send.retry}>
          {t.goal.retry}
        </Button>
      )}
      {status === 'needs_more_budget' && can.extend && (
        <Button small variant="primary" icon="budget" onClick={extend}>
          {t.goal.extend}
        </Button>
      )}
      <Menu
        label={t.goal.actions}
        trigger={<Button small variant="ghost" icon="dots" aria-label={t.more} />}
        entries={[
          ...(can.pause
            ? [{ label: t.goal.pause, icon: 'pause' as const, shortcut: 'p', onSelect: send.pause }]
            : []),
          { label: t.goal.extend, icon: 'budget', shortcut: 'b', onSelect: extend, disabled: !can.extend },
          { label: t.goal.copyId, icon: 'copy', onSelect: copyId },
          'line',
          {
            label: t.goal.cancelGoal,
            icon: 'cancelled',
            danger: true,
            disabled: !can.cancel,
            onSelect: () => setCancelling(true),
          },
        ]}
      />
      <Confirm
        open={cancelling}
        title={t.goal.cancelTitle}
        action={t.goal.cancelAction}
        onConfirm={send.cancel}
        onClose={() => setCancelling(false)}
      >
        {t.goal.cancelText}
      </Confirm>
    </div>
  );
}

const goalAction = (id: string, title: string, keys: string | undefined, run: () => void): Action => ({
  id: `goal.${id}`,
  title,
  group: 'goal',
  ...(keys !== undefined && { keys }),
  run,
});
