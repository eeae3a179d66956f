import { useCallback, useMemo, useState } from 'react';
import { branchOf } from '../../../shared/goal/proof-view.ts';
import type { ProofView } from '../../../shared/goal/proof-view.ts';
import { Oid } from '../../../shared/kernel/ids.ts';
import type { Action } from '../../stores/actions.ts';
import { isViewed } from '../../stores/ui.ts';
import { t } from '../../strings.ts';
import { copyText, useAct } from '../../ui/act.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import type { GoalView } from '../../ui/goal-view.ts';
import { useActions, useUi } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';

/** The decision, and what it will do to the repository. */
export function ProofDock(props: { view: GoalView; proof: ProofView; onReject: () => void }) {
  const { view, proof, onReject } = props;
  const { state, frozen } = view;
  const { goalId } = state;
  const act = useAct();
  const [note, setNote] = useState('');
  const [sending, setSending] = useState(false);
  const commit = useMemo(() => Oid.safeParse(proof.acceptable).data ?? null, [proof.acceptable]);
  const decidable = state.concluded === null && state.accepted === null && state.candidates.length > 0;
  const canAccept = commit !== null && !frozen && !sending;

  const accept = useCallback(async (): Promise<void> => {
    if (!canAccept) return;
    setSending(true);
    await act('goal.accept', goalId, (client, commandId) =>
      client.goals.accept({ commandId, goalId, commit, note: note.trim() }),
    );
    setSending(false);
  }, [act, canAccept, commit, goalId, note]);

  useActions(
    useMemo<Action[]>(
      () =>
        decidable && !frozen
          ? [
              ...(canAccept
                ? [
                    {
                      id: 'proof.accept',
                      title: t.actions.accept,
                      group: 'goal' as const,
                      keys: 'mod+enter',
                      run: () => void accept(),
                    },
                  ]
                : []),
              { id: 'proof.reject', title: t.actions.reject, group: 'goal', run: onReject },
            ]
          : [],
      [decidable, frozen, canAccept, accept, onReject],
    ),
  );

  const changed = state.verifications.at(-1)?.changed ?? [];
  const viewed = useUi(
    (ui) => changed.filter((file) => isViewed(ui, goalId, file.path, file.newBlob ?? 'gone')).length,
  );

  if (!decidable) {
    return (
      <div className="dock">
        <span className="dock-says">
          <Foreign text={state.landed || state.accepted ? proof.landing : t.proof.nothing} />
        </span>
        {state.landed && <MergeCommand branch={branchOf(state.landed.ref)} />}
      </div>
    );
  }
  return (
    <>
      {commit === null && proof.missing.length > 0 && (
        <div className="dock-missing">
          <b className="small strong">{t.proof.missing}</b>
          <ul>
            {proof.missing.map((reason) => (
              <li key={reason.message}>
                <Icon name="absent" tone="warn" />
                <ForeignProse text={reason.message} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="dock">
        <Button variant="primary" shortcut="mod+enter" disabled={!canAccept} onClick={() => void accept()}>
          {sending ? t.proof.accepting : t.proof.accept}
        </Button>
        <Button disabled={frozen} onClick={onReject}>
          {t.proof.reject}
        </Button>
        {commit !== null && (
          <div className="field only-wide">
            <input
              value={note}
              maxLength={4_000}
              onChange={(event) => setNote(event.target.value)}
              placeholder={t.proof.notePlaceholder}
              aria-label={t.proof.note}
            />
          </div>
        )}
        <span className="dock-says">
          <Foreign text={proof.landing} />
        </span>
        {changed.length > 0 && (
          <span className="small ink-3 nowrap only-wide num">{t.proof.viewedOf(viewed, changed.length)}</span>
        )}
      </div>
    </>
  );
}

/** The way on from a landed branch; omk merges nothing by itself. */
function MergeCommand(props: { branch: string }) {
  const command = `git merge ${props.branch}`;
  return (
    <Button icon="copy" title={command} onClick={() => void copyText(command, t.proof.mergeCommand)}>
      {t.proof.copyMerge}
    </Button>
  );
}
