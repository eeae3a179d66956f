import { inertLine } from '../../../shared/safe-text.ts';
import type { ReviewedFile } from '../../stores/changes.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/choices.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Counts } from './file-tree.tsx';
import type { FilePatch } from './patch.ts';

export function FileHead(props: {
  file: ReviewedFile;
  cut: boolean;
  collapsed: boolean;
  viewed: boolean;
  onFold: () => void;
  onViewed: () => void;
}) {
  const { file } = props;
  return (
    <div className="file-head" data-file={file.path}>
      <button
        type="button"
        aria-expanded={!props.collapsed}
        aria-label={inertLine(file.path)}
        onClick={props.onFold}
      >
        <Icon name={props.collapsed ? 'right' : 'down'} />
      </button>
      <code className="ellipsis" title={inertLine(file.path)}>
        <Foreign text={file.path} />
      </code>
      <span className="small">
        <Counts file={file} />
      </span>
      {file.previousPath !== undefined && (
        <span className="small ink-3 ellipsis">
          <Foreign text={t.changes.renamed(file.previousPath)} />
        </span>
      )}
      {t.changes.change[file.change] !== '' && file.change !== 'renamed' && (
        <span className="tag">{t.changes.change[file.change]}</span>
      )}
      {file.risk === 'locked' && (
        <span className="tag" data-tone="warn">
          <Icon name="lock" small />
          {t.changes.lockedTag}
        </span>
      )}
      {props.cut && (
        <span className="tag" title={t.changes.tooLong}>
          …
        </span>
      )}
      <span className="file-head__right">
        <Check checked={props.viewed} onChange={props.onViewed} label={t.changes.viewedFile(file.path)} />
        <span aria-hidden="true">{t.changes.viewed}</span>
      </span>
    </div>
  );
}

/** What must be decided before the rest is worth reading. */
export function LockNote(props: { files: readonly ReviewedFile[]; asks: boolean; onDecide: () => void }) {
  const locked = props.files.filter((file) => file.risk === 'locked');
  if (locked.length === 0) return null;
  return (
    <div className="lock-note">
      <Icon name="lock" />
      <div>
        <b className="strong">
          {locked.length === 1 ? t.changes.lockedTitle : t.changes.lockedTitleMany(locked.length)}
        </b>
        <p>
          {locked.slice(0, 4).map((file, index) => (
            <span key={file.path}>
              {index > 0 && ', '}
              <code>
                <Foreign text={file.path} />
              </code>
            </span>
          ))}
          {locked.length > 4 && ` +${locked.length - 4}`}. {t.changes.lockedText}
        </p>
      </div>
      {props.asks && (
        <Button small variant="primary" shortcut="o" onClick={props.onDecide}>
          {t.changes.lockedOpen}
        </Button>
      )}
    </div>
  );
}

/** Files that changed without lines to show: binary, mode, pure renames, and what is too long to draw. */
export function PlainFiles(props: {
  files: readonly ReviewedFile[];
  patches: ReadonlyMap<string, FilePatch>;
  truncated: boolean;
}) {
  const plain = props.files.filter((file) => !props.patches.get(file.path)?.diff);
  return (
    <>
      {props.truncated && (
        <div className="plain-file">
          <p className="small ink-2">{t.changes.truncated}</p>
        </div>
      )}
      {plain.map((file) => (
        <div className="plain-file" key={file.path}>
          <div className="file-head" data-file={file.path}>
            <Icon name="file" tone="mute" />
            <code className="ellipsis">
              <Foreign text={file.path} />
            </code>
            <Counts file={file} />
            {t.changes.change[file.change] !== '' && (
              <span className="tag">{t.changes.change[file.change]}</span>
            )}
          </div>
          <p className="small ink-3">{whyPlain(file, props.patches.get(file.path), props.truncated)}</p>
        </div>
      ))}
    </>
  );
}

function whyPlain(file: ReviewedFile, patch: FilePatch | undefined, truncated: boolean): string {
  if (file.binary) return t.changes.binary;
  if (patch?.tooLong || (patch === undefined && truncated)) return t.changes.truncated;
  return t.changes.noText;
}
