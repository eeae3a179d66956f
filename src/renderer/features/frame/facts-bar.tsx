import { useEffect, useRef } from 'react';
import type { AppInfo } from '../../../shared/api/agents.ts';
import type { GoalRow } from '../../../shared/api/goals.ts';
import { bytes } from '../../../shared/units.ts';
import { useApp } from '../../app-context.ts';
import { actionFor } from '../../stores/actions.ts';
import { openQuestions } from '../../stores/goals.ts';
import { t } from '../../strings.ts';
import { useGoals, useRemote } from '../../ui/hooks.ts';
import { listeningText } from '../../ui/listening.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { Keys } from '../../ui/keys.tsx';

/** Facts change with the goals; asking more often than this would show nothing new. */
const ASK_AGAIN_MS = 2_000;

export function FactsBar() {
  const { actions } = useApp();
  const { data } = useGoals();
  const info = useRemote('info', (client, signal) => client.app.info({}, { signal }));
  const { reload } = info;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    // Not a debounce: goals that change all the time must not keep the facts from changing.
    timer.current ??= setTimeout(() => {
      timer.current = null;
      reload();
    }, ASK_AGAIN_MS);
  }, [data.rows, reload]);
  const facts = info.value ? factsOf([...data.rows.values()], info.value) : [];
  return (
    <footer className="facts-bar" aria-label={t.footer.label}>
      {facts.length === 0 && <span className="fact">{t.footer.unknown}</span>}
      {facts.map((fact) => (
        <span className={fact.bad ? 'fact tone-fail' : 'fact'} key={fact.text} title={fact.title}>
          {fact.icon && <Icon name={fact.icon} />}
          {fact.text}
        </span>
      ))}
      <button
        type="button"
        className="shortcuts"
        onClick={() => actionFor(actions.store.getState(), '?')?.run()}
      >
        {t.frame.shortcuts} <Keys keys="?" />
      </button>
    </footer>
  );
}

type Fact = {
  readonly icon: IconName | null;
  readonly text: string;
  readonly title?: string;
  readonly bad?: boolean;
};

function factsOf(rows: readonly GoalRow[], info: AppInfo): Fact[] {
  const running = rows.filter((row) => row.status === 'running').length;
  const broken = rows.filter((row) => row.readOnly !== null).length;
  const size = info.workspaceBytes;
  return [
    { icon: 'play', text: t.footer.running(running, openQuestions(rows).length) },
    broken === 0
      ? { icon: 'shield', text: t.footer.logIntact(info.events) }
      : { icon: 'failed_infra', text: t.footer.logBroken(broken), bad: true },
    {
      icon: 'lock',
      text: t.footer.isolation(t.isolationLevel[info.isolation.level]),
      title: info.isolation.note,
    },
    ...(size === null
      ? []
      : [
          {
            icon: 'disk' as const,
            text: size === 0 ? t.footer.noWorkspaces : t.footer.workspaces(bytes(size)),
            title: info.stateDir,
          },
        ]),
    { icon: null, text: listeningText(info) },
  ];
}
