import { useCallback, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import { useApp } from '../../app-context.ts';
import type { Action } from '../../stores/actions.ts';
import { t } from '../../strings.ts';
import { copyText, useAct } from '../../ui/act.ts';
import { Button } from '../../ui/button.tsx';
import { useTabTools } from '../../ui/goal-view.ts';
import type { GoalView } from '../../ui/goal-view.ts';
import { useActions, useMedia } from '../../ui/hooks.ts';
import { showToast } from '../../ui/toast.tsx';

/** Verify, export, copy. All of them ask the host anew: nothing here is remembered. */
export function ProofTools(props: { view: GoalView }) {
  const { goalId } = props.view.state;
  const { connection } = useApp();
  const slot = useTabTools();
  const compact = useMedia('(max-width: 900px)');
  const act = useAct();
  const [verifying, setVerifying] = useState(false);
  const [exporting, setExporting] = useState(false);

  const ask = useCallback(
    async (
      what: (client: Awaited<ReturnType<typeof connection.whenLive>>) => Promise<void>,
    ): Promise<void> => {
      try {
        await what(await connection.whenLive(AbortSignal.timeout(20_000)));
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        showToast({ tone: 'fail', title: t.failedTitle, text: message });
      }
    },
    [connection],
  );
  const verify = useCallback(async (): Promise<void> => {
    setVerifying(true);
    await ask(async (client) => {
      const { ok, checked, problems } = await client.proofs.verify({ goalId });
      if (ok) showToast({ tone: 'pass', title: t.proof.verified(checked) });
      else showToast({ tone: 'fail', title: t.proof.notVerified, text: problems.slice(0, 5).join('\n') });
    });
    setVerifying(false);
  }, [ask, goalId]);
  const exportProof = useCallback(async (): Promise<void> => {
    setExporting(true);
    const done = await act('proof.export', goalId, (client, commandId) =>
      client.proofs.export({ commandId, goalId }),
    );
    setExporting(false);
    if (!done.ok) return;
    const { path, checked } = done.value;
    showToast({
      tone: 'pass',
      title: t.proof.exported,
      text: t.proof.exportedTo(path, checked),
      act: { title: t.proof.copyPath, run: () => void copyText(path, t.proof.path) },
    });
  }, [act, goalId]);
  const copyMarkdown = useCallback(
    () =>
      ask(async (client) => {
        const markdown = await client.proofs.markdown({ goalId });
        if (!markdown) return showToast({ tone: 'plain', title: t.proof.nothingToExport });
        await copyText(markdown.text, 'Markdown');
      }),
    [ask, goalId],
  );

  useActions(
    useMemo<Action[]>(
      () => [
        { id: 'proof.verify', title: t.actions.verify, group: 'goal', run: () => void verify() },
        {
          id: 'proof.export',
          title: t.actions.export,
          group: 'goal',
          keys: 'mod+e',
          run: () => void exportProof(),
        },
        { id: 'proof.copy', title: t.actions.copyMarkdown, group: 'goal', run: () => void copyMarkdown() },
      ],
      [verify, exportProof, copyMarkdown],
    ),
  );

  if (!slot) return null;
  const named = (label: string) => (compact ? { 'aria-label': label, title: label } : { children: label });
  return createPortal(
    <>
      <Button
        small
        variant="ghost"
        icon="shield"
        disabled={verifying}
        onClick={() => void verify()}
        {...named(verifying ? t.proof.verifying : t.proof.verify)}
      />
      <Button
        small
        variant="ghost"
        icon="out"
        disabled={exporting}
        onClick={() => void exportProof()}
        {...named(exporting ? t.proof.exporting : t.proof.export)}
      />
      <Button
        small
        variant="ghost"
        icon="copy"
        onClick={() => void copyMarkdown()}
        {...named(t.proof.copyMarkdown)}
      />
    </>,
    slot,
  );
}
