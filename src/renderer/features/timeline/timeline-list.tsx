import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { sectionNote } from '../../../shared/timeline/rows.ts';
import type { TimelineFilter, TimelineRow } from '../../../shared/timeline/rows.ts';
import type { TimelineSection } from '../../../shared/timeline/model.ts';
import type { Action } from '../../stores/actions.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import type { GoalView } from '../../ui/goal-view.ts';
import { useActions } from '../../ui/hooks.ts';
import { Icon } from '../../ui/icon.tsx';
import { clockTime } from '../../ui/time.ts';
import { ActivityRow, EntryRow } from './entry-row.tsx';
import { Scroller } from '../../ui/scroller.tsx';

/** A scroll up by more than this is the person's, not a rounding. */
const LETS_GO_PX = 4;

export function TimelineList(props: {
  view: GoalView;
  rows: readonly TimelineRow[];
  filter: TimelineFilter;
  current: number | null;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  onFold: (section: number) => void;
}) {
  const { view, rows, filter, current, follow, onFollow } = props;
  const { timeline, live } = view.data;
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [seenRows, setSeenRows] = useState(rows.length);
  const showsNow =
    view.past === null && filter.search === '' && (filter.group === 'all' || filter.group === 'agents');
  const activities = showsNow ? [...live.activities.values()] : [];
  const count = rows.length + activities.length;

  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(rows[index], timeline),
    // One function for as long as the rows only grow: with every other one the list is measured anew from its start.
    getItemKey: useCallback((index: number) => keyOf(rows[index], index - rows.length), [rows]),
    overscan: 12,
  });
  const total = virtual.getTotalSize();
  useActions(
    useMemo<Action[]>(
      () => [
        {
          id: 'timeline.start',
          title: t.actions.start,
          group: 'view',
          keys: 'home',
          // The browser's own way there glides, and rows measured on the way would hold it back.
          run: () => {
            onFollow(false);
            scroller.current?.scrollTo({ top: 0, behavior: 'instant' });
          },
        },
      ],
      [onFollow],
    ),
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!follow || !element) return;
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
    setSeenRows(count);
  }, [follow, count, total, view.data.revision]);

  useEffect(() => {
    if (current === null) return;
    const index = rows.findIndex((row) => row.type === 'entry' && row.index === current);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'center' });
    // Only a new target moves the list; rows that arrive must not.
    // eslint-disable-next-line react/exhaustive-deps
  }, [current, filter]);

  const items = virtual.getVirtualItems();
  const topRow = rows[items.find((item) => item.end > (scroller.current?.scrollTop ?? 0))?.index ?? 0];
  const top = topRow?.type === 'entry' ? timeline.entries[topRow.index]?.section : topRow?.index;
  const unseen = Math.max(0, count - seenRows);

  return (
    <>
      {top !== undefined && (
        <div style={{ position: 'relative', height: 0 }}>
          <div className="phase-sticky">
            <SectionHead
              section={timeline.sections[top]}
              folded={filter.folded.has(top)}
              onFold={() => props.onFold(top)}
            />
          </div>
        </div>
      )}
      <Scroller
        className="timeline-scroll"
        ref={scroller}
        label={t.timeline.list}
        onScroll={(event) => {
          const { scrollTop } = event.currentTarget;
          if (follow && scrollTop < lastTop.current - LETS_GO_PX) {
            setSeenRows(count);
            onFollow(false);
          }
          lastTop.current = scrollTop;
        }}
      >
        <div className="timeline-inner" style={{ height: total }} role="list">
          {items.map((item) => {
            const row = rows[item.index];
            const activity = activities[item.index - rows.length];
            return (
              <div
                key={item.key}
                className="timeline-row"
                role="listitem"
                aria-setsize={count}
                aria-posinset={item.index + 1}
                data-index={item.index}
                ref={virtual.measureElement}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {activity && <ActivityRow activity={activity} />}
                {row?.type === 'section' && (
                  <SectionHead
                    section={timeline.sections[row.index]}
                    folded={filter.folded.has(row.index)}
                    onFold={() => props.onFold(row.index)}
                  />
                )}
                {row?.type === 'entry' && <Entry row={row} view={view} current={row.index === current} />}
              </div>
            );
          })}
        </div>
      </Scroller>
      {!follow && unseen > 0 && view.past === null && (
        <div style={{ position: 'relative', height: 0 }}>
          <Button small className="new-rows" icon="down" onClick={() => onFollow(true)}>
            {t.timeline.newRows(unseen)}
          </Button>
        </div>
      )}
    </>
  );
}

function Entry(props: { row: TimelineRow & { type: 'entry' }; view: GoalView; current: boolean }) {
  const { timeline, live } = props.view.data;
  const entry = timeline.entries[props.row.index];
  if (!entry) return null;
  const head =
    props.row.repeat && entry.attemptId !== null
      ? timeline.entries[timeline.attempts.get(entry.attemptId)?.head ?? -1]
      : undefined;
  const growing = entry.attemptId !== null && live.open.get(entry.attemptId)?.index === props.row.index;
  return (
    <EntryRow
      entry={entry}
      current={props.current}
      growing={growing}
      speaker={head ? `${head.lead} ${head.spans.map((span) => span.text).join('')}` : null}
    />
  );
}

function SectionHead(props: { section: TimelineSection | undefined; folded: boolean; onFold: () => void }) {
  const { section } = props;
  if (!section) return null;
  return (
    <button type="button" className="phase" aria-expanded={!props.folded} onClick={props.onFold}>
      <Icon name={props.folded ? 'right' : 'down'} />
      {section.title}
      <span className="ink-3">{sectionNote(section)}</span>
      <span className="push ink-3 num">{t.timeline.since(clockTime(section.at))}</span>
    </button>
  );
}

/** Close to what the styles make of a row: every row that was guessed wrong moves all rows after it. */
function estimate(row: TimelineRow | undefined, timeline: GoalView['data']['timeline']): number {
  if (row?.type === 'section') return 28;
  const entry = row && timeline.entries[row.index];
  if (!entry) return 24;
  const head = entry.head ? 31 : 24;
  if (entry.block.length > 0) return head + 8 + Math.min(156, 12 + 18 * entry.block.length);
  return entry.lead === '' ? head + 20 * Math.floor((entry.spans[0]?.text.length ?? 0) / 90) : head;
}

/** Numbers, because a hundred thousand of them are looked up whenever the list grows. */
function keyOf(row: TimelineRow | undefined, activity: number): number {
  if (!row) return -1_000_000_000 - activity;
  return row.type === 'section' ? -1 - row.index : row.index;
}
