import { Command } from 'cmdk';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app-context.ts';
import { allActions } from '../../stores/actions.ts';
import type { Action, ActionGroup } from '../../stores/actions.ts';
import { t } from '../../strings.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { Foreign } from '../../ui/foreign.tsx';
import { useGoals } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Keys } from '../../ui/keys.tsx';
import { Status } from '../../ui/status.tsx';
import './palette.css';

const groups: readonly ActionGroup[] = ['goal', 'go', 'view'];
/** More goals than this are found by typing. */
const GOALS_SHOWN = 40;

/** Every action that can be done now, and every goal. */
export function Palette(props: { onClose: () => void }) {
  const { actions, router } = useApp();
  const { data } = useGoals();
  const byOwner = useStore(actions.store);
  const offered = useMemo(() => lastOf(allActions(byOwner)), [byOwner]);
  const rows = useMemo(
    () => [...data.rows.values()].sort((a, b) => b.updatedAt - a.updatedAt).slice(0, GOALS_SHOWN),
    [data.rows],
  );
  const run = (what: () => void): void => {
    props.onClose();
    // After the dialog has given focus back, so that an action may move it.
    requestAnimationFrame(what);
  };
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      label={t.palette.label}
      overlayClassName="scrim"
      contentClassName="palette"
    >
      <div className="palette-input">
        <Icon name="search" />
        <Command.Input placeholder={t.palette.placeholder} />
      </div>
      <Command.List label={t.palette.label}>
        <Command.Empty>{t.palette.empty}</Command.Empty>
        {groups.map((group) => {
          const inside = offered.filter((action) => action.group === group && action.id !== 'palette');
          if (inside.length === 0) return null;
          return (
            <Command.Group key={group} heading={t.palette.groups[group]}>
              {inside.map((action) => (
                <Command.Item
                  key={action.id}
                  value={`${action.title} ${action.id}`}
                  onSelect={() => run(action.run)}
                >
                  <span className="grow">{action.title}</span>
                  {action.keys !== undefined && <Keys keys={action.keys} />}
                </Command.Item>
              ))}
            </Command.Group>
          );
        })}
        {rows.length > 0 && (
          <Command.Group heading={t.palette.groups.goals}>
            {rows.map((row) => (
              <Command.Item
                key={row.goalId}
                value={`${inertLine(row.title)} ${inertLine(row.project.name)} ${row.goalId}`}
                onSelect={() => run(() => router.go({ screen: 'goal', goalId: row.goalId, tab: 'timeline' }))}
              >
                <Status status={row.status} iconOnly />
                <span className="grow ellipsis">
                  <Foreign text={row.title} />
                </span>
                <span className="small ink-3">
                  <Foreign text={row.project.name} />
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}

/** One of each id: what was mounted last. */
function lastOf(actions: readonly Action[]): Action[] {
  return [...new Map(actions.map((action) => [action.id, action])).values()];
}
