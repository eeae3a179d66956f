import { registerCustomCSSVariableTheme } from '@pierre/diffs';
import type { CodeViewDiffItem, CodeViewItem } from '@pierre/diffs';
import { CodeView, WorkerPoolContextProvider } from '@pierre/diffs/react';
import type { CodeViewHandle } from '@pierre/diffs/react';
// Vite makes a class of it; to a linter the module has no exports.
// eslint-disable-next-line import/default
import DiffWorker from '@pierre/diffs/worker/worker.js?worker';
import { useImperativeHandle, useMemo, useRef } from 'react';
import type { ReactNode, Ref } from 'react';
import type { FilePatch, HunkPlace } from './patch.ts';
import type { ReviewNote } from './review-note.tsx';

/** Colours are the page's own custom properties, so light, dark and contrast need no second drawing. */
const THEME = 'omk';
registerCustomCSSVariableTheme(THEME, {}, false);

const LINE_HEIGHT = 20;
const HEADER_HEIGHT = 35;

/** A box around it: the library spreads a union over its own types. */
type NoteBox = { readonly note: ReviewNote };

export type DiffFile = {
  readonly path: string;
  readonly patch: FilePatch;
  readonly notes: readonly ReviewNote[];
  readonly collapsed: boolean;
  /** Grows when notes or `collapsed` change. */
  readonly version: number;
};

export type DiffHandle = {
  readonly toFile: (path: string) => void;
  readonly toHunk: (place: HunkPlace) => void;
};

/** One scroll of files and their changes: the only component that knows how diffs are drawn. */
export function DiffView(props: {
  files: readonly DiffFile[];
  style: 'split' | 'unified';
  header: (path: string) => ReactNode;
  note: (note: ReviewNote, path: string) => ReactNode;
  top: ReactNode;
  bottom: ReactNode;
  onLine: (path: string, line: number, side: 'old' | 'new') => void;
  /** The file that stands at the top. */
  onFile: (path: string) => void;
  handle: Ref<DiffHandle>;
}) {
  const { files, style, onLine, onFile } = props;
  const view = useRef<CodeViewHandle<NoteBox, undefined>>(null);
  const container = useRef<HTMLDivElement>(null);
  useImperativeHandle(
    props.handle,
    () => ({
      toFile: (path) => view.current?.scrollTo({ type: 'item', id: path, align: 'start' }),
      toHunk(place) {
        view.current?.scrollTo({
          type: 'line',
          id: place.path,
          lineNumber: place.line,
          side: place.side,
          align: 'center',
        });
        view.current?.setSelectedLines({
          id: place.path,
          range: { start: place.line, end: place.end, side: place.side, endSide: place.side },
        });
      },
    }),
    [],
  );
  const items = useMemo(() => files.flatMap(itemOf), [files]);
  const options = useMemo(
    () => ({
      theme: THEME,
      preferredHighlighter: 'highlights' as const,
      diffStyle: style,
      overflow: 'wrap' as const,
      diffIndicators: 'classic' as const,
      hunkSeparators: 'metadata' as const,
      lineDiffType: 'word-alt' as const,
      maxLineDiffLength: 500,
      tokenizeMaxLineLength: 500,
      stickyHeaders: true,
      enableLineSelection: false,
      itemMetrics: {
        lineHeight: LINE_HEIGHT,
        diffHeaderHeight: HEADER_HEIGHT,
        spacing: 0,
        hunkSeparatorHeight: 26,
      },
      layout: { paddingTop: 0, paddingBottom: 24, gap: 0 },
      unsafeCSS: SHADOW_CSS,
      onLineNumberClick: (
        line: { lineNumber: number; annotationSide?: 'deletions' | 'additions' },
        context: { item: CodeViewItem<NoteBox> },
      ) => onLine(context.item.id, line.lineNumber, line.annotationSide === 'deletions' ? 'old' : 'new'),
    }),
    [style, onLine],
  );
  const pool = useMemo(() => ({ workerFactory: () => new DiffWorker(), poolSize: 2 }), []);
  const highlighter = useMemo(
    () => ({
      theme: THEME,
      preferredHighlighter: 'highlights' as const,
      langs: ['typescript', 'javascript', 'json'] as const,
    }),
    [],
  );
  return (
    <WorkerPoolContextProvider
      poolOptions={pool}
      highlighterOptions={{ ...highlighter, langs: [...highlighter.langs] }}
    >
      <CodeView<NoteBox>
        ref={view}
        containerRef={container}
        className="diff-view"
        items={items}
        options={options}
        renderCodeViewHeader={() => props.top}
        renderCodeViewFooter={() => props.bottom}
        renderCustomHeader={(item) => props.header(item.id)}
        renderAnnotation={(...[annotation, , item]) => props.note(annotation.metadata.note, item.id)}
        onScroll={() => {
          const path = container.current && fileAtTop(container.current);
          if (path) onFile(path);
        }}
      />
    </WorkerPoolContextProvider>
  );
}

function itemOf(file: DiffFile): CodeViewDiffItem<NoteBox>[] {
  const { diff } = file.patch;
  if (!diff) return [];
  const annotations = file.notes.map((note) => ({
    side: note.side === 'old' ? ('deletions' as const) : ('additions' as const),
    lineNumber: note.line,
    metadata: { note },
  }));
  return [
    {
      id: file.path,
      type: 'diff',
      fileDiff: diff,
      annotations,
      collapsed: file.collapsed,
      version: file.version,
    },
  ];
}

function fileAtTop(container: HTMLElement): string | null {
  const top = container.getBoundingClientRect().top + HEADER_HEIGHT;
  let path: string | null = null;
  for (const head of container.querySelectorAll<HTMLElement>('[data-file]')) {
    if (head.getBoundingClientRect().top <= top) path = head.dataset['file'] ?? null;
  }
  return path;
}

/** Inside the shadow roots, where the page's own rules do not reach. */
const SHADOW_CSS = `
  [data-separator='metadata'] { height: 26px; border-bottom: 1px solid var(--line); }
  [data-separator='metadata'] [data-separator-wrapper] { padding-inline: 12px; font-family: var(--mono); font-size: 11px; }
  [data-line-type='change-addition'] { --diffs-computed-diff-line-bg: var(--add-bg) !important; }
  [data-line-type='change-deletion'] { --diffs-computed-diff-line-bg: var(--del-bg) !important; }
  [data-column-number] { font-size: 11px; cursor: pointer; border-right-color: transparent; }
  [data-column-number]:hover { color: var(--accent); }
  [data-line] { font-variant-ligatures: none; }
  [data-diffs-header='custom'] { background: var(--surface); }
`;
