import type { Timeline, TimelineEntry, TimelineGroup, TimelineSection } from './model.ts';
import { count } from '../units.ts';

export type TimelineFilter = {
  readonly group: TimelineGroup | 'all';
  /** Words that must all occur; letter case does not matter. Empty: everything. */
  readonly search: string;
  /** Sections folded away, by index. */
  readonly folded: ReadonlySet<number>;
};

export type TimelineRow =
  | { readonly type: 'section'; readonly index: number }
  /** Index into `entries`. `repeat`: rows of another attempt stood between, so its head is named again. */
  | { readonly type: 'entry'; readonly index: number; readonly repeat: boolean };

/** The rows a list shows, kept between calls so that appending costs only what was appended. */
export type TimelineRows = {
  readonly rows: TimelineRow[];
  readonly filter: TimelineFilter;
  readonly epoch: number;
  /** Entries already looked at. */
  seen: number;
  section: number;
  speaker: string | null;
};

/** Remembers the last answer of `timelineRows`, for one list. */
export function createRowReader(): (timeline: Timeline, filter: TimelineFilter) => readonly TimelineRow[] {
  let last: TimelineRows | null = null;
  return (timeline, filter) => {
    last = timelineRows(timeline, filter, last);
    return last.rows;
  };
}

/** Rows under a filter. Pass the last answer to continue it; it is reused when nothing but the end has changed. */
export function timelineRows(
  timeline: Timeline,
  filter: TimelineFilter,
  last: TimelineRows | null,
): TimelineRows {
  const reusable =
    last !== null &&
    last.filter === filter &&
    last.epoch === timeline.epoch &&
    last.seen <= timeline.entries.length;
  const state: TimelineRows = reusable
    ? last
    : { rows: [], filter, epoch: timeline.epoch, seen: 0, section: -1, speaker: null };
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  for (; state.seen < timeline.entries.length; state.seen += 1) {
    const entry = timeline.entries[state.seen];
    if (entry === undefined || !matches(entry, filter.group, words)) continue;
    if (entry.section !== state.section) {
      state.section = entry.section;
      state.speaker = null;
      state.rows.push({ type: 'section', index: entry.section });
    }
    if (filter.folded.has(entry.section)) continue;
    const other = entry.attemptId !== null && state.speaker !== null && entry.attemptId !== state.speaker;
    if (entry.attemptId !== null) state.speaker = entry.attemptId;
    state.rows.push({ type: 'entry', index: state.seen, repeat: other && !entry.head });
  }
  return state;
}

function matches(entry: TimelineEntry, group: TimelineFilter['group'], words: readonly string[]): boolean {
  if (group !== 'all' && entry.group !== group) return false;
  if (words.length === 0) return true;
  const text = entryText(entry).toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Everything a row says, as plain text: for search and for copying. */
export function entryText(entry: TimelineEntry): string {
  const sentence = `${entry.lead} ${entry.spans.map((span) => span.text).join('')}`.trim();
  return [sentence, entry.aside, ...entry.block].filter(Boolean).join('\n');
}

/** `2 attempts`, for the head of a section; nothing when there is only one. */
export function sectionNote(section: TimelineSection): string {
  return section.attempts < 2 ? '' : count(section.attempts, 'attempt');
}

export type Histogram = {
  readonly from: number;
  readonly to: number;
  readonly bins: readonly { readonly count: number; readonly failure: boolean }[];
  /** Where sections begin, 0..1. */
  readonly sections: readonly { readonly at: number; readonly title: string; readonly width: number }[];
};

/** How busy the goal was over time, and where it failed; `null` before there is a span of time. */
export function histogram(timeline: Timeline, bins: number): Histogram | null {
  const first = timeline.entries[0];
  const last = timeline.entries.at(-1);
  if (!first || !last || last.at <= first.at) return null;
  const from = first.at;
  const span = last.at - from;
  const counts = Array.from({ length: bins }, () => ({ count: 0, failure: false }));
  for (const entry of timeline.entries) {
    const bin = counts[Math.min(bins - 1, Math.floor(((entry.at - from) / span) * bins))];
    if (bin === undefined) continue;
    bin.count += 1;
    if (entry.tone === 'failure') bin.failure = true;
  }
  const starts = timeline.sections.map((section) => Math.min(1, Math.max(0, (section.at - from) / span)));
  return {
    from,
    to: last.at,
    bins: counts,
    sections: timeline.sections.map((section, index) => ({
      at: starts[index] ?? 0,
      title: section.title,
      width: (starts[index + 1] ?? 1) - (starts[index] ?? 0),
    })),
  };
}
