import type { AttemptId } from '../kernel/ids.ts';
import type { Signal } from '../signals.ts';
import { amend, place } from './model.ts';
import type { Timeline, TimelineDraft, TimelineEntry } from './model.ts';

/** Rows that were only observed are kept up to here; older ones go, the transcript has them. */
const TRANSIENT_LIMIT = 4_000;
const TRANSIENT_KEEP = 3_000;
/** Characters of one run of text that are kept; the beginning goes first. */
const TEXT_LIMIT = 16_000;

/** What an attempt in flight does right now. Replaced by every `activity` signal, gone when the attempt ends. */
export type Activity = {
  readonly attemptId: AttemptId;
  readonly label: string;
  readonly silentMs: number;
  readonly done: number | null;
  readonly total: number | null;
  /** Share of its context the model has used, 0 to 1; `null` until the agent says. */
  readonly context: number | null;
  readonly at: number;
};

/** What is live and has no place in history. */
export type Live = {
  readonly activities: Map<AttemptId, Activity>;
  /** Index of the row that further text of an attempt continues, and of each tool call. */
  readonly open: Map<AttemptId, { index: number; icon: 'text' | 'thought' }>;
  readonly tools: Map<string, number>;
  next: number;
};

export function newLive(): Live {
  return { activities: new Map(), open: new Map(), tools: new Map(), next: 1 };
}

/** Adds what was observed at `at`. Signals carry no position: their rows stand where they were seen. */
export function addSignal(timeline: Timeline, live: Live, signal: Signal, at: number): void {
  timeline.revision += 1;
  switch (signal.type) {
    case 'text':
    case 'thought':
      return say(timeline, live, signal.attemptId, signal.type, signal.delta, at);
    case 'tool':
      return tool(timeline, live, signal, at);
    case 'activity':
      live.activities.set(signal.attemptId, {
        attemptId: signal.attemptId,
        label: signal.label,
        silentMs: signal.silentMs,
        done: signal.done,
        total: signal.total,
        context: live.activities.get(signal.attemptId)?.context ?? null,
        at,
      });
      return;
    case 'context': {
      const activity = live.activities.get(signal.attemptId);
      if (activity === undefined || signal.max === 0) return;
      live.activities.set(signal.attemptId, { ...activity, context: signal.used / signal.max });
      return;
    }
    case 'notice':
      live.open.delete(signal.attemptId);
      put(timeline, live, at, {
        group: 'agents',
        icon: 'note',
        attemptId: signal.attemptId,
        lead: '',
        spans: [{ text: signal.text, as: 'dim' }],
      });
      return;
    case 'dropped':
      put(timeline, live, at, {
        group: 'agents',
        icon: 'note',
        lead: '',
        spans: [
          {
            text: `${signal.count} pieces of live text were left out here; the transcript has them.`,
            as: 'dim',
          },
        ],
      });
  }
}

/** Forgets what an ended attempt was doing. Rows stay as they were seen. */
export function endLive(live: Live, attemptId: AttemptId): void {
  live.activities.delete(attemptId);
  live.open.delete(attemptId);
}

function say(
  timeline: Timeline,
  live: Live,
  attemptId: AttemptId,
  icon: 'text' | 'thought',
  delta: string,
  at: number,
): void {
  const open = live.open.get(attemptId);
  const entry = open === undefined ? undefined : timeline.entries[open.index];
  if (open !== undefined && entry !== undefined && open.icon === icon) {
    const whole = (entry.spans[0]?.text ?? '') + delta;
    const text = whole.length > TEXT_LIMIT ? `…${whole.slice(-TEXT_LIMIT)}` : whole;
    amend(timeline, open.index, { spans: [{ ...entry.spans[0], text }] });
    return;
  }
  const index = put(timeline, live, at, {
    group: 'agents',
    icon,
    attemptId,
    lead: '',
    spans: [{ text: delta }],
  });
  live.open.set(attemptId, { index, icon });
}

const toolIcon = { read: 'read', edit: 'edit', execute: 'command', search: 'search', other: 'note' } as const;

function tool(timeline: Timeline, live: Live, signal: Signal & { type: 'tool' }, at: number): void {
  live.open.delete(signal.attemptId);
  const key = `${signal.attemptId}/${signal.toolId}`;
  const known = live.tools.get(key);
  const draft: TimelineDraft = {
    group: signal.kind === 'edit' ? 'edits' : signal.kind === 'execute' ? 'commands' : 'agents',
    icon: toolIcon[signal.kind],
    attemptId: signal.attemptId,
    ...labelled(signal.label, signal.kind),
    aside: { pending: 'waits', running: 'runs', ok: '', failed: 'failed' }[signal.state],
    block: signal.detail === undefined || signal.detail === '' ? [] : signal.detail.split('\n').slice(0, 12),
  };
  if (known === undefined) live.tools.set(key, put(timeline, live, at, draft));
  else amend(timeline, known, draft);
}

/** `Ran npm test`: the verb, and what it was done to. Code where the label does not set it itself. */
function labelled(
  label: string,
  kind: (Signal & { type: 'tool' })['kind'],
): Pick<TimelineDraft, 'lead' | 'spans'> {
  const space = label.indexOf(' ');
  if (space < 0) return { lead: label, spans: [] };
  const text = label.slice(space + 1);
  const isCode = !text.includes('`') && kind !== 'other' && kind !== 'search';
  return { lead: label.slice(0, space), spans: [isCode ? { text, as: 'code' } : { text }] };
}

function put(timeline: Timeline, live: Live, at: number, draft: TimelineDraft): number {
  if (timeline.transient >= TRANSIENT_LIMIT) forgetOldest(timeline, live);
  timeline.transient += 1;
  place(timeline, draft, { id: `s${live.next++}`, version: null, at });
  return timeline.entries.length - 1;
}

function forgetOldest(timeline: Timeline, live: Live): void {
  let excess = timeline.transient - TRANSIENT_KEEP;
  const moved = new Map<number, number>();
  const kept: TimelineEntry[] = [];
  for (const [index, entry] of timeline.entries.entries()) {
    if (entry.version === null && excess > 0) {
      excess -= 1;
      continue;
    }
    moved.set(index, kept.length);
    kept.push(entry);
  }
  timeline.entries.splice(0, timeline.entries.length, ...[]);
  for (const entry of kept) timeline.entries.push(entry);
  timeline.transient = TRANSIENT_KEEP;
  timeline.epoch += 1;
  timeline.failures.splice(0, timeline.failures.length);
  for (const [index, entry] of kept.entries()) if (entry.tone === 'failure') timeline.failures.push(index);
  for (const facts of timeline.attempts.values()) facts.head = moved.get(facts.head) ?? facts.head;
  for (const asked of timeline.questions.values()) asked.index = moved.get(asked.index) ?? asked.index;
  for (const [key, index] of live.tools) {
    const to = moved.get(index);
    if (to === undefined) live.tools.delete(key);
    else live.tools.set(key, to);
  }
  for (const [attemptId, open] of live.open) {
    const to = moved.get(open.index);
    if (to === undefined) live.open.delete(attemptId);
    else open.index = to;
  }
}
