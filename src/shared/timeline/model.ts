import type { AttemptId, Digest, NoteId, QuestionId } from '../kernel/ids.ts';
import type { AttemptKind, Budget, Question } from '../goal/vocabulary.ts';

/*
 * What the timeline of a goal is made of. `timeline.ts` fills it from events, `signals.ts` from what is only
 * seen live, `rows.ts` chooses what a list shows of it.
 */

/** What a filter chip selects. */
export type TimelineGroup = 'agents' | 'commands' | 'edits' | 'gates' | 'budget' | 'decisions';

export type TimelineIcon =
  | 'agent'
  | 'text'
  | 'thought'
  | 'command'
  | 'edit'
  | 'read'
  | 'search'
  | 'branch'
  | 'gate'
  | 'budget'
  | 'question'
  | 'decision'
  | 'failure'
  | 'lost'
  | 'working'
  | 'note'
  | 'proof'
  | 'lock';

/** `failure`: a person would look for it. `ask`: waits for the person. */
export type TimelineTone = 'plain' | 'failure' | 'ask';

export type TimelineSpan = { readonly text: string; readonly as?: 'code' | 'dim' | 'pass' | 'fail' };

/** One row, ready to be shown: components choose no words. */
export type TimelineEntry = {
  readonly id: string;
  /** `null` for what was only observed live. */
  readonly version: number | null;
  /** ms since the epoch. */
  readonly at: number;
  /** Index into `sections`. */
  readonly section: number;
  readonly attemptId: AttemptId | null;
  readonly group: TimelineGroup;
  readonly icon: TimelineIcon;
  readonly tone: TimelineTone;
  /** Heads the rows of one attempt. */
  readonly head: boolean;
  /** The bold beginning; empty for quoted text. */
  readonly lead: string;
  readonly spans: readonly TimelineSpan[];
  /** The right-hand column. */
  readonly aside: string;
  /** Lines below the sentence, as they are. */
  readonly block: readonly string[];
  readonly evidence: readonly Digest[];
};

export type TimelineStage = 'intake' | 'baseline' | 'planning' | 'execution' | 'verification' | 'decision';

export type TimelineSection = {
  readonly stage: TimelineStage;
  readonly title: string;
  readonly at: number;
  readonly attempts: number;
};

/** What rows are made of, before the timeline places them. */
export type TimelineDraft = Pick<TimelineEntry, 'group' | 'icon' | 'lead'> &
  Partial<Pick<TimelineEntry, 'spans' | 'aside' | 'block' | 'evidence' | 'tone' | 'head' | 'attemptId'>>;

export type AttemptFacts = {
  readonly kind: AttemptKind;
  readonly startedAt: number;
  ended: boolean;
  /** Index of its head row. */
  head: number;
  tokens: number;
  usd: number;
  metered: boolean;
};

/**
 * The history of one goal as rows. A growing log of up to hundreds of thousands of rows, so it is changed in place and
 * `revision` tells readers that it was; everything in it is derived from events and signals alone.
 */
export type Timeline = {
  revision: number;
  /** Changed when rows before the end changed their number or their place; appending keeps it. */
  epoch: number;
  readonly entries: TimelineEntry[];
  readonly sections: TimelineSection[];
  /** Rows with tone `failure`, as indexes into `entries`, ascending. */
  readonly failures: number[];
  readonly attempts: Map<AttemptId, AttemptFacts>;
  readonly questions: Map<QuestionId, { question: Question; index: number }>;
  /** Notes that no agent was told of yet, with the index of their row. */
  readonly untold: Map<NoteId, number>;
  agentName: string;
  /** Of the goal's agent; asked for what is said beside the isolation level. */
  agentHome: 'user' | undefined;
  budget: Budget;
  readonly used: { timeMs: number; tokens: number; usd: number };
  /** Highest budget mark already shown, per limit. */
  readonly marks: { timeMs: number; tokens: number; usd: number };
  readonly usageSeen: Set<string>;
  /** Running totals after each report of use, in order of time. */
  readonly spending: {
    readonly at: number;
    readonly timeMs: number;
    readonly tokens: number;
    readonly usd: number;
  }[];
  /** Attempts of agents so far. */
  tries: number;
  waves: number;
  verifications: number;
  transient: number;
};

export function newTimeline(): Timeline {
  return {
    revision: 0,
    epoch: 0,
    entries: [],
    sections: [],
    failures: [],
    attempts: new Map(),
    questions: new Map(),
    untold: new Map(),
    agentName: '',
    agentHome: undefined,
    budget: { timeMs: null, tokens: null, usd: null },
    used: { timeMs: 0, tokens: 0, usd: 0 },
    marks: { timeMs: 0, tokens: 0, usd: 0 },
    usageSeen: new Set(),
    spending: [],
    tries: 0,
    waves: 0,
    verifications: 0,
    transient: 0,
  };
}

/** Puts a row at the end of the current section. */
export function place(
  timeline: Timeline,
  draft: TimelineDraft,
  at: { readonly id: string; readonly version: number | null; readonly at: number },
): void {
  if (timeline.sections.length === 0) openSection(timeline, 'intake', 'Intake', at.at);
  const entry: TimelineEntry = {
    tone: 'plain',
    head: false,
    spans: [],
    aside: '',
    block: [],
    evidence: [],
    attemptId: null,
    ...draft,
    ...at,
    section: timeline.sections.length - 1,
  };
  if (entry.tone === 'failure') timeline.failures.push(timeline.entries.length);
  timeline.entries.push(entry);
}

/** Replaces parts of a row where it stands. */
export function amend(timeline: Timeline, index: number, change: Partial<TimelineEntry>): void {
  const entry = timeline.entries[index];
  if (entry) timeline.entries[index] = { ...entry, ...change };
}

export function openSection(timeline: Timeline, stage: TimelineStage, title: string, at: number): void {
  timeline.sections.push({ stage, title, at, attempts: 0 });
}
