import { lazy, Suspense, useState } from 'react';
import { Foreign } from '../../ui/foreign.tsx';
import { useApp } from '../../app-context.ts';
import { actionFor } from '../../stores/actions.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import type { GoalView } from '../../ui/goal-view.ts';
import { useRemote } from '../../ui/hooks.ts';
import { Empty, Loading, Note } from '../../ui/notes.tsx';
import { RejectDialog } from '../../ui/reject-dialog.tsx';
import './changes.css';

/** Loaded when somebody looks at changes: drawing diffs weighs more than the rest of the page. */
const Review = lazy(async () => ({ default: (await import('./review.tsx')).Review }));

/** The diff of base and the newest result, for the decision. */
export function ChangesPanel(props: { view: GoalView }) {
  const { view } = props;
  const { state } = view;
  const { actions } = useApp();
  const [rejecting, setRejecting] = useState(false);
  const commit = state.candidates.at(-1)?.commit ?? null;
  const diff = useRemote(commit === null ? null : `diff ${state.goalId} ${commit}`, (client, signal) =>
    client.goals.diff({ goalId: state.goalId, commit }, { signal }),
  );
  if (commit === null) return <Empty title={t.changes.emptyTitle}>{t.changes.emptyText}</Empty>;
  if (diff.phase === 'failed') {
    return (
      <div className="goal-banner">
        <Note
          tone="fail"
          icon="failed_infra"
          title={t.failedTitle}
          actions={
            <Button small icon="retry" onClick={diff.reload}>
              {t.retry}
            </Button>
          }
        >
          <Foreign text={diff.message} />
        </Note>
      </div>
    );
  }
  if (diff.value === undefined) return <Loading what={t.changes.reading} />;
  if (diff.value === null) return <Empty title={t.changes.emptyTitle}>{t.changes.emptyText}</Empty>;
  return (
    <Suspense fallback={<Loading what={t.changes.drawing} />}>
      <Review
        view={view}
        diff={diff.value}
        onDecide={() => actionFor(actions.store.getState(), 'q')?.run()}
        onReject={() => setRejecting(true)}
      />
      <RejectDialog view={view} open={rejecting} onClose={() => setRejecting(false)} />
    </Suspense>
  );
}
