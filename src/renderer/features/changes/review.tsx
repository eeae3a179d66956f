import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { DiffView as Diff } from '../../../shared/api/goals.ts';
import { sentBack } from '../../../shared/goal/sent-back.ts';
import { useApp } from '../../app-context.ts';
import type { Action } from '../../stores/actions.ts';
import { blobOf, reviewFiles } from '../../stores/changes.ts';
import type { ReviewedFile } from '../../stores/changes.ts';
import { commentsOf, isViewed, setComment, setViewed } from '../../stores/ui.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/choices.tsx';
import { Menu } from '../../ui/floating.tsx';
import type { GoalView } from '../../ui/goal-view.ts';
import { useActions, useUi } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Keys } from '../../ui/keys.tsx';
import { DiffView } from './diff-view.tsx';
import type { DiffHandle } from './diff-view.tsx';
import { EvidenceMargin } from './evidence-margin.tsx';
import { FileHead, LockNote, PlainFiles } from './file-head.tsx';
import { FileTree } from './file-tree.tsx';
import { hunkPlaces, readPatch } from './patch.ts';
import { ReviewNoteView } from './review-note.tsx';
import type { ReviewNote } from './review-note.tsx';
import { SentBackNote } from './sent-back-note.tsx';
import { useFits } from './use-fits.ts';

type Draft = { readonly path: string; readonly line: number; readonly side: 'old' | 'new' };

export function Review(props: { view: GoalView; diff: Diff; onDecide: () => void; onReject: () => void }) {
  const { view, diff } = props;
  const { state } = view;
  const { goalId } = state;
  const { ui } = useApp();
  const [scroll, setScroll] = useState<DiffHandle | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [folded, setFolded] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [hunk, setHunk] = useState(-1);
  const chosenStyle = useUi((one) => one.diffStyle);
  const comments = useUi((one) => commentsOf(one, goalId));
  const viewed = useUi((one) => one.viewed[goalId]);

  const sent = useMemo(() => sentBack(state), [state]);
  const verification = state.verifications.findLast((one) => one.tree === diff.to) ?? null;
  const files = useMemo(() => reviewFiles(diff.files, verification), [diff.files, verification]);
  const patches = useMemo(() => readPatch(diff.patch, `${diff.from} ${diff.to}`), [diff]);
  const longest = Math.max(0, ...[...patches.values()].map((patch) => patch.longestLine));
  const fits = useFits(body, longest);
  const style = chosenStyle === 'auto' ? (fits ? 'split' : 'unified') : chosenStyle;

  const drawn = useMemo(
    () =>
      files.flatMap((file) => {
        const patch = patches.get(file.path);
        if (!patch?.diff) return [];
        const notes = notesOf(file, comments, draft);
        const collapsed = folded.get(file.path) ?? viewed?.[file.path] === blobOf(file);
        return [{ path: file.path, patch, notes, collapsed, version: hashOf([collapsed, notes]) }];
      }),
    [files, patches, comments, draft, folded, viewed],
  );
  const shown = useDeferredValue(drawn);
  const hunks = useMemo(
    () =>
      drawn.flatMap((file) =>
        file.patch.diff && !file.collapsed ? hunkPlaces(file.path, file.patch.diff) : [],
      ),
    [drawn],
  );
  const byPath = useMemo(() => new Map(files.map((file) => [file.path, file])), [files]);
  const at = current ?? drawn[0]?.path ?? null;
  const currentFile = at === null ? null : (byPath.get(at) ?? null);

  const openFile = useCallback(
    (path: string): void => {
      setFolded((last) => new Map(last).set(path, false));
      setCurrent(path);
      requestAnimationFrame(() => scroll?.toFile(path));
    },
    [scroll],
  );
  const toHunk = useCallback(
    (index: number): void => {
      const place = hunks[Math.max(0, Math.min(hunks.length - 1, index))];
      if (!place) return;
      setHunk(hunks.indexOf(place));
      setCurrent(place.path);
      scroll?.toHunk(place);
    },
    [hunks, scroll],
  );
  const stepFile = useCallback(
    (step: 1 | -1): void => {
      const index = drawn.findIndex((file) => file.path === at);
      const next = drawn[Math.max(0, Math.min(drawn.length - 1, index + step))];
      if (next) openFile(next.path);
    },
    [drawn, at, openFile],
  );
  const toggleViewed = useCallback(
    (file: ReviewedFile): void => {
      const blob = blobOf(file);
      setViewed(ui, goalId, file.path, blob, !isViewed(ui.getState(), goalId, file.path, blob));
      setFolded((last) => {
        const next = new Map(last);
        next.delete(file.path);
        return next;
      });
    },
    [ui, goalId],
  );
  const onLine = useCallback(
    (path: string, line: number, side: 'old' | 'new') => setDraft({ path, line, side }),
    [],
  );
  const place = hunks[hunk];
  useActions(
    useMemo<Action[]>(
      () => [
        action('next-hunk', t.actions.nextHunk, 'j', () => toHunk(hunk + 1)),
        action('previous-hunk', t.actions.previousHunk, 'k', () => toHunk(hunk - 1)),
        action('next-file', t.actions.nextFile, 'shift+j', () => stepFile(1)),
        action('previous-file', t.actions.previousFile, 'shift+k', () => stepFile(-1)),
        action('viewed', t.actions.viewed, 'v', () => currentFile && toggleViewed(currentFile)),
        action('comment', t.actions.comment, 'c', () => {
          const target = place ?? hunks[0];
          if (target) onLine(target.path, target.line, target.side === 'deletions' ? 'old' : 'new');
        }),
        action('layout', t.actions.layout, 'u', () =>
          ui.setState({ diffStyle: style === 'split' ? 'unified' : 'split' }),
        ),
        ...(files.some((file) => file.risk === 'locked')
          ? [action('oracle', t.actions.oracle, 'o', props.onDecide)]
          : []),
      ],
      [
        toHunk,
        hunk,
        stepFile,
        currentFile,
        toggleViewed,
        place,
        hunks,
        onLine,
        ui,
        style,
        files,
        props.onDecide,
      ],
    ),
  );

  return (
    <div className="changes">
      <FileTree
        goalId={goalId}
        files={files}
        outside={state.candidates.at(-1)?.outside ?? []}
        current={at}
        onOpen={openFile}
      />
      <div className="changes-body" ref={body}>
        <div className="toolbar">
          <Menu
            label={t.changes.tree}
            trigger={
              <Button small className="only-narrow file-menu-button">
                <span className="ellipsis">{at ?? t.changes.pick}</span>
                <Icon name="down" small />
              </Button>
            }
            entries={drawn.map((file) => ({
              label: file.path,
              icon: byPath.get(file.path)?.risk === 'locked' ? 'lock' : 'file',
              onSelect: () => openFile(file.path),
            }))}
          />
          <Segmented
            small
            label={t.changes.layout}
            value={style}
            options={[
              { value: 'split', label: t.changes.split },
              { value: 'unified', label: t.changes.unified },
            ]}
            onChange={(value) => ui.setState({ diffStyle: value })}
          />
          <span className="filter-chip only-wide" aria-hidden="true">
            <Keys keys="j" /> <Keys keys="k" /> {t.changes.nextHunk}
          </span>
          <span className="grow" />
          {comments.length > 0 ? (
            <>
              <span className="small ink-2 nowrap changes-optional">
                {t.changes.comments(comments.length)}
              </span>
              <Button
                small
                onClick={props.onReject}
                disabled={view.frozen || state.concluded !== null || state.accepted !== null}
              >
                {t.changes.send}
              </Button>
            </>
          ) : (
            <span className="small ink-3 ellipsis only-wide">{t.changes.commentsHint}</span>
          )}
        </div>
        <DiffView
          files={shown}
          style={style}
          handle={setScroll}
          onLine={onLine}
          onFile={setCurrent}
          top={
            <>
              <SentBackNote sent={sent} />
              <LockNote files={files} onDecide={props.onDecide} asks={asksAboutOracle(view)} />
            </>
          }
          bottom={<PlainFiles files={files} patches={patches} truncated={diff.truncated} />}
          header={(path) => {
            const file = byPath.get(path);
            if (!file) return null;
            const collapsed = drawn.find((one) => one.path === path)?.collapsed ?? false;
            return (
              <FileHead
                file={file}
                cut={patches.get(path)?.cut ?? false}
                collapsed={collapsed}
                viewed={viewed?.[path] === blobOf(file)}
                onFold={() => setFolded((last) => new Map(last).set(path, !collapsed))}
                onViewed={() => toggleViewed(file)}
              />
            );
          }}
          note={(note, path) => (
            <ReviewNoteView
              note={note}
              onEdit={() => setDraft({ path, line: note.line, side: note.side })}
              onLeave={() => setDraft(null)}
              onSave={(text) => {
                setComment(ui, goalId, { file: path, line: note.line, side: note.side, text });
                setDraft(null);
              }}
            />
          )}
        />
      </div>
      <EvidenceMargin state={state} file={currentFile} />
    </div>
  );
}

const asksAboutOracle = (view: GoalView): boolean =>
  view.state.questions.some(
    (asked) => asked.state.type === 'open' && asked.question.kind === 'oracle.changed',
  );

function notesOf(
  file: ReviewedFile,
  comments: readonly { file: string; line: number; side: 'old' | 'new'; text: string }[],
  draft: Draft | null,
): ReviewNote[] {
  const here = draft?.path === file.path ? draft : null;
  const isDraft = (one: { line: number; side: string }): boolean =>
    one.line === here?.line && one.side === here.side;
  const mine = comments.filter((one) => one.file === file.path);
  return [
    ...file.findings.flatMap((finding): ReviewNote[] =>
      finding.line === null ? [] : [{ kind: 'finding', line: finding.line, side: 'new', finding }],
    ),
    ...mine
      .filter((one) => !isDraft(one))
      .map((one): ReviewNote => ({ kind: 'comment', line: one.line, side: one.side, text: one.text })),
    ...(here
      ? [{ kind: 'draft' as const, line: here.line, side: here.side, text: mine.find(isDraft)?.text ?? '' }]
      : []),
  ];
}

/** A number that changes with the content: the drawing compares versions, not values. */
function hashOf(value: unknown): number {
  let hash = 0;
  for (const character of JSON.stringify(value)) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return hash;
}

const action = (id: string, title: string, keys: string, run: () => void): Action => ({
  id: `changes.${id}`,
  title,
  group: 'view',
  keys,
  run,
});
