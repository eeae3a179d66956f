import type { Inspection } from '../../../shared/api/projects.ts';
import type { GoalPolicy } from '../../../shared/goal/vocabulary.ts';
import { short } from '../../../shared/units.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { t } from '../../strings.ts';
import { Segmented } from '../../ui/choices.tsx';
import { Tip } from '../../ui/floating.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { useRemote } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Note } from '../../ui/notes.tsx';

/** Which repository, at which commit, and what of it is not committed. */
export function ProjectLine(props: {
  inspection: Inspection;
  policy: GoalPolicy;
  onPolicy: (policy: GoalPolicy) => void;
}) {
  const { inspection, policy } = props;
  const { head } = inspection;
  const dirty = useRemote(`dirty ${inspection.path}`, (client, signal) =>
    client.projects.dirty({ path: inspection.path }, { signal }),
  );
  const changes = dirty.value ?? null;
  return (
    <>
      <div className="new-goal__project">
        <Icon name="folder" />
        <h1>
          <Foreign text={inspection.name} />
        </h1>
        <code className="small ink-3 ellipsis">
          <Foreign text={inspection.topLevel} />
        </code>
        <Tip text={<Foreign text={head.subject} />}>
          <button type="button" className="tag">
            <Icon name="branch" small />
            <span className="ellipsis">
              <Foreign text={t.newGoal.atCommit(head.branch ?? t.newGoal.detached, short(head.commit))} />
            </span>
          </button>
        </Tip>
        {dirty.phase === 'loading' && changes === null ? (
          <span className="tag">{t.newGoal.checkingDirty}</span>
        ) : changes !== null && changes.count > 0 ? (
          <span className="tag" data-tone="warn" title={changes.paths.map(inertLine).join('\n')}>
            {t.newGoal.dirty(changes.count, changes.approximate)}
          </span>
        ) : (
          changes !== null && <span className="tag">{t.newGoal.clean}</span>
        )}
        <span className="push small ink-3 nowrap only-wide">{t.newGoal.nothingRun}</span>
      </div>
      {changes !== null && changes.count > 0 && (
        <div className="set-row small" style={{ marginBottom: 10 }}>
          <span className="ink-2">{t.newGoal.dirtyNote}</span>
          <Segmented
            small
            label={t.newGoal.fromLabel}
            value={policy.from}
            options={[
              { value: 'head', label: t.newGoal.fromHead },
              { value: 'snapshot', label: t.newGoal.fromSnapshot },
            ]}
            onChange={(from) => props.onPolicy({ ...policy, from })}
          />
          <span className="ink-3">
            {policy.from === 'head' ? t.newGoal.fromHeadHint : t.newGoal.fromSnapshotHint}
          </span>
        </div>
      )}
      {inspection.subfolder !== '' && (
        <p className="small ink-2" style={{ marginBottom: 8 }}>
          <Foreign text={t.newGoal.subfolder(inspection.subfolder)} />
        </p>
      )}
      {inspection.warnings.length > 0 && (
        <div style={{ marginBottom: 10, display: 'grid', gap: 6 }}>
          {inspection.warnings.map((warning) => (
            <Note key={warning} tone="warn" icon="info" title={<Foreign text={warning} />} />
          ))}
        </div>
      )}
    </>
  );
}
