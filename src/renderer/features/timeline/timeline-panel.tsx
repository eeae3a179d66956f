import { useCallback, useMemo, useState } from 'react';
import { createRowReader } from '../../../shared/timeline/rows.ts';
import type { TimelineFilter, TimelineRow } from '../../../shared/timeline/rows.ts';
import type { TimelineGroup } from '../../../shared/timeline/model.ts';
import type { Action } from '../../stores/actions.ts';
import { t } from '../../strings.ts';
import { Switch } from '../../ui/choices.tsx';
import { mayWrite } from '../../ui/goal-view.ts';
import type { GoalView } from '../../ui/goal-view.ts';
import { useActions } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Keys } from '../../ui/keys.tsx';
import { Empty } from '../../ui/notes.tsx';
import { NoteForm } from './note-form.tsx';
import { Scrubber } from './scrubber.tsx';
import { TimelineList } from './timeline-list.tsx';
import './timeline.css';

const groups: readonly (TimelineGroup | 'all')[] = [
  'all',
  'agents',
  'commands',
  'edits',
  'gates',
  'budget',
  'decisions',
];
const SEARCH_ID = 'timeline-search';

/** The history of a goal, grouped by phase and attempt, with what happens now at its end. */
export function TimelinePanel(props: { view: GoalView }) {
  const { view } = props;
  const { timeline } = view.data;
  const [filter, setFilter] = useState<TimelineFilter>({ group: 'all', search: '', folded: new Set() });
  const [searching, setSearching] = useState(false);
  const [follow, setFollow] = useState(true);
  const [current, setCurrent] = useState<number | null>(null);
  const [readRows] = useState(createRowReader);

  const shown = useMemo(
    () => upTo(readRows(timeline, filter), timeline.entries, view.past),
    // The timeline grows in place; `revision` says that it did.
    // eslint-disable-next-line react/exhaustive-deps
    [readRows, timeline, filter, view.past, view.data.revision],
  );

  const failures = timeline.failures.length;
  const jump = useCallback(
    (step: 1 | -1): void => {
      const list = timeline.failures;
      if (list.length === 0) return;
      const at = current ?? (step === 1 ? -1 : timeline.entries.length);
      const next =
        step === 1
          ? (list.find((index) => index > at) ?? list[0])
          : (list.findLast((index) => index < at) ?? list.at(-1));
      setFollow(false);
      // A failure that a filter hides is still a failure.
      setFilter((last) =>
        last.group === 'all' && last.search === '' && last.folded.size === 0
          ? last
          : { group: 'all', search: '', folded: new Set() },
      );
      setSearching(false);
      setCurrent(next ?? null);
    },
    [current, timeline],
  );
  const { travel, past } = view;
  const stepThrough = useCallback(
    (step: 1 | -1): void => {
      const at = past?.version ?? view.data.version;
      const next = at + step;
      travel(next >= view.data.version ? null : Math.max(1, next));
    },
    [travel, past, view.data.version],
  );
  const openSearch = useCallback((): void => {
    setSearching(true);
    requestAnimationFrame(() => document.getElementById(SEARCH_ID)?.focus());
  }, []);

  useActions(
    useMemo<Action[]>(
      () => [
        action('next-failure', t.actions.nextFailure, 'f', () => jump(1)),
        action('previous-failure', t.actions.previousFailure, 'shift+f', () => jump(-1)),
        action('follow', t.actions.follow, 'e', () => setFollow((last) => !last)),
        action('search', t.actions.searchTimeline, 'mod+f', openSearch),
        action('earlier', t.actions.earlier, 'arrowleft', () => stepThrough(-1)),
        action('later', t.actions.later, 'arrowright', () => stepThrough(1)),
        action('live', t.actions.live, 'end', () => {
          travel(null);
          setFollow(true);
        }),
      ],
      [jump, stepThrough, openSearch, travel],
    ),
  );

  return (
    <div className="timeline">
      <div className="toolbar" role="toolbar" aria-label={t.timeline.filters}>
        {groups.map((group) => (
          <button
            key={group}
            type="button"
            className={
              group === 'budget' || group === 'decisions' || group === 'gates'
                ? 'filter-chip timeline-optional'
                : 'filter-chip'
            }
            aria-pressed={filter.group === group}
            onClick={() => setFilter((last) => ({ ...last, group }))}
          >
            {t.timeline.group[group]}
          </button>
        ))}
        <span className="grow" />
        <button
          type="button"
          className={failures > 0 ? 'filter-chip tone-fail' : 'filter-chip'}
          disabled={failures === 0}
          onClick={() => jump(1)}
        >
          {failures > 0 && <Icon name="cross" small />}
          {t.timeline.failures(failures)}
          {failures > 0 && <Keys keys="f" />}
        </button>
        {searching ? (
          <div className="field timeline-search">
            <Icon name="search" />
            <input
              id={SEARCH_ID}
              value={filter.search}
              aria-label={t.timeline.search}
              placeholder={t.timeline.searchOpen}
              onChange={(event) => {
                const search = event.target.value;
                setFilter((last) => ({ ...last, search }));
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return;
                event.stopPropagation();
                setFilter((last) => ({ ...last, search: '' }));
                setSearching(false);
              }}
            />
          </div>
        ) : (
          <button type="button" className="filter-chip" aria-label={t.timeline.search} onClick={openSearch}>
            <Icon name="search" />
          </button>
        )}
        <span className="filter-chip" data-state={follow ? 'on' : undefined}>
          <Switch checked={follow} onChange={setFollow} label={t.timeline.follow} />
          <span className="timeline-optional" aria-hidden="true">
            {t.timeline.follow}
          </span>
        </span>
      </div>
      {shown.length === 0 ? (
        <Empty title={timeline.entries.length === 0 ? t.timeline.emptyTitle : t.timeline.noMatch}>
          {timeline.entries.length === 0 ? t.timeline.emptyText : undefined}
        </Empty>
      ) : (
        <TimelineList
          view={view}
          rows={shown}
          filter={filter}
          current={current}
          follow={follow && past === null}
          onFollow={setFollow}
          onFold={(section) =>
            setFilter((last) => {
              const folded = new Set(last.folded);
              if (!folded.delete(section)) folded.add(section);
              return { ...last, folded };
            })
          }
        />
      )}
      {mayWrite(view) && <NoteForm view={view} />}
      <Scrubber view={view} />
    </div>
  );
}

/** Rows that were there at a moment of the past. */
function upTo(
  rows: readonly TimelineRow[],
  entries: readonly { readonly version: number | null; readonly at: number }[],
  past: GoalView['past'],
): readonly TimelineRow[] {
  if (!past) return rows;
  const end = rows.findIndex((row) => {
    const entry = row.type === 'entry' ? entries[row.index] : undefined;
    return (
      entry !== undefined && (entry.version === null ? entry.at > past.at : entry.version > past.version)
    );
  });
  const shown = end < 0 ? rows : rows.slice(0, end);
  return shown.at(-1)?.type === 'section' ? shown.slice(0, -1) : shown;
}

const action = (id: string, title: string, keys: string, run: () => void): Action => ({
  id: `timeline.${id}`,
  title,
  group: 'view',
  keys,
  run,
});
