import { Fragment } from 'react';
import { inertLine } from '../../../shared/safe-text.ts';
import { blobOf, fileGroups, nameOf } from '../../stores/changes.ts';
import type { ReviewedFile } from '../../stores/changes.ts';
import { isViewed } from '../../stores/ui.ts';
import { t } from '../../strings.ts';
import { Foreign } from '../../ui/foreign.tsx';
import { moveBetweenRows, useUi } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';

export function FileTree(props: {
  goalId: string;
  files: readonly ReviewedFile[];
  outside: readonly string[];
  current: string | null;
  onOpen: (path: string) => void;
}) {
  const { goalId, files, current, onOpen } = props;
  const viewed = useUi((ui) => files.filter((file) => isViewed(ui, goalId, file.path, blobOf(file))).length);
  const findings = files.reduce((sum, file) => sum + file.findings.length, 0);
  const locked = files.filter((file) => file.risk === 'locked').length;
  const binary = files.filter((file) => file.binary).length;
  return (
    <nav className="file-tree" aria-label={t.changes.tree} onKeyDown={moveBetweenRows}>
      <div className="file-tree__head small ink-3">
        <span>{t.changes.files(files.length)}</span>
        <span className="num">{t.changes.viewedOf(viewed, files.length)}</span>
      </div>
      {fileGroups(files).map((group) => (
        <Fragment key={group.key}>
          {group.folder === null ? (
            <h3 data-first>
              <Icon name="lock" />
              {t.changes.decideFirst}
            </h3>
          ) : (
            group.folder !== '' && (
              <h3 title={inertLine(group.folder)}>
                <Icon name="down" />
                <span className="ellipsis">
                  <Foreign text={group.folder} />
                </span>
              </h3>
            )
          )}
          {group.files.map((file) => (
            <TreeFile
              key={file.path}
              goalId={goalId}
              file={file}
              current={file.path === current}
              onOpen={() => onOpen(file.path)}
            />
          ))}
        </Fragment>
      ))}
      {(locked > 0 || findings > 0 || binary > 0 || props.outside.length > 0) && (
        <div className="tree-marks small ink-2">
          <h4 className="label" style={{ marginBottom: 6 }}>
            {t.changes.marks}
          </h4>
          {locked > 0 && <Mark icon="lock" text={t.changes.markLocked(locked)} />}
          {findings > 0 && <Mark icon="warn" text={t.changes.markFindings(findings)} />}
          {binary > 0 && <Mark icon="file" text={t.changes.markBinary(binary)} />}
          {props.outside.length > 0 && (
            <span title={props.outside.join('\n')}>
              <Mark icon="branch" text={t.changes.markOutside(props.outside.length)} />
            </span>
          )}
        </div>
      )}
    </nav>
  );
}

function Mark(props: { icon: 'lock' | 'warn' | 'file' | 'branch'; text: string }) {
  return (
    <div className="row">
      <Icon name={props.icon} tone={props.icon === 'file' || props.icon === 'branch' ? 'mute' : 'warn'} />
      {props.text}
    </div>
  );
}

function TreeFile(props: { goalId: string; file: ReviewedFile; current: boolean; onOpen: () => void }) {
  const { file, goalId } = props;
  const viewed = useUi((ui) => isViewed(ui, goalId, file.path, blobOf(file)));
  return (
    <button
      type="button"
      className="tree-file"
      data-row
      data-viewed={viewed || undefined}
      aria-current={props.current || undefined}
      title={inertLine(file.path)}
      onClick={props.onOpen}
    >
      {viewed ? (
        <Icon name="pass" tone="pass" />
      ) : (
        <Icon
          name={file.risk === 'finding' ? 'warn' : 'file'}
          tone={file.risk === 'finding' ? 'warn' : 'mute'}
        />
      )}
      <span className="ellipsis">
        <Foreign text={nameOf(file.path)} />
      </span>
      <Counts file={file} />
    </button>
  );
}

/** `+34 −11`, or what kind of change it is when lines do not say it. */
export function Counts(props: { file: ReviewedFile }) {
  const { file } = props;
  if (file.added === null || file.removed === null) {
    return <span className="num ink-3">{file.binary ? 'bin' : ''}</span>;
  }
  return (
    <span className="num">
      <span className="tone-pass">+{file.added}</span> <span className="tone-fail">−{file.removed}</span>
    </span>
  );
}
