import { useStore } from 'zustand';
import { useApp } from '../../app-context.ts';
import { allActions } from '../../stores/actions.ts';
import type { ActionGroup } from '../../stores/actions.ts';
import { t } from '../../strings.ts';
import { Sheet } from '../../ui/floating.tsx';
import { Keys } from '../../ui/keys.tsx';
import './palette.css';

const groups: readonly ActionGroup[] = ['go', 'goal', 'view'];

/** The shortcuts that work here, from the same table that makes them work. */
export function KeysDialog(props: { onClose: () => void }) {
  const { actions } = useApp();
  const byOwner = useStore(actions.store);
  const withKeys = [...new Map(allActions(byOwner).map((action) => [action.id, action])).values()].filter(
    (action) => action.keys !== undefined,
  );
  return (
    <Sheet open wide onClose={props.onClose} title={t.palette.keysTitle}>
      <div className="keys-body">
        <p className="small ink-3">{t.palette.keysText}</p>
        {groups.map((group) => {
          const inside = withKeys.filter((action) => action.group === group);
          return (
            inside.length > 0 && (
              <section key={group} className="keys-group">
                <h3 className="label">{t.palette.groups[group]}</h3>
                <dl>
                  {inside.map((action) => (
                    <div key={action.id}>
                      <dt>{action.title}</dt>
                      <dd>
                        <Keys keys={action.keys ?? ''} />
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            )
          );
        })}
      </div>
    </Sheet>
  );
}
