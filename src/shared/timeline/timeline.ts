import type { GoalEvent } from '../goal/events.ts';
import type { AttemptKind, NoteDelivery } from '../goal/vocabulary.ts';
import type { NoteId } from '../kernel/ids.ts';
import { describeEvent } from './describe.ts';
import { amend, openSection, place } from './model.ts';
import type { AttemptFacts, Timeline, TimelineStage } from './model.ts';
import { duration, money, percent, tokens } from '../units.ts';

/** Adds one event's rows and brings earlier rows up to date with it. Events come in version order, each once. */
export function addEvent(timeline: Timeline, event: GoalEvent): void {
  timeline.revision += 1;
  enterStage(timeline, event);
  const first = timeline.entries.length;
  const drafts = describeEvent(timeline, event);
  for (const [index, draft] of drafts.entries()) {
    place(timeline, draft, {
      id: drafts.length === 1 ? `e${event.version}` : `e${event.version}.${index}`,
      version: event.version,
      at: event.at,
    });
  }
  follow(timeline, event, first);
}

const stageOfAttempt: Record<AttemptKind, TimelineStage> = {
  prepare: 'intake',
  setup: 'baseline',
  base: 'baseline',
  plan: 'planning',
  agent: 'execution',
  verify: 'verification',
  review: 'verification',
  land: 'decision',
};

function stageOf(event: GoalEvent): TimelineStage | null {
  if (event.type === 'goal.opened') return 'intake';
  if (event.type === 'plan.proposed') return 'planning';
  if (event.type === 'attempt.started') return stageOfAttempt[event.payload.kind];
  if (event.type === 'goal.accepted' || event.type === 'goal.rejected') return 'decision';
  if (event.type === 'question.asked' && event.payload.question.kind === 'acceptance') return 'decision';
  return null;
}

function enterStage(timeline: Timeline, event: GoalEvent): void {
  const stage = stageOf(event);
  const current = timeline.sections.at(-1);
  if (stage === null) return;
  if (current?.stage !== stage) {
    if (stage === 'execution') timeline.waves += 1;
    if (stage === 'verification') timeline.verifications += 1;
    openSection(timeline, stage, titleOf(timeline, stage), event.at);
  }
  const index = timeline.sections.length - 1;
  const section = timeline.sections[index];
  if (section && event.type === 'attempt.started') {
    timeline.sections[index] = { ...section, attempts: section.attempts + 1 };
  }
}

function titleOf(timeline: Timeline, stage: TimelineStage): string {
  switch (stage) {
    case 'intake':
      return 'Intake';
    case 'baseline':
      return 'Baseline';
    case 'planning':
      return 'Planning';
    case 'execution':
      return `Execution, wave ${timeline.waves}`;
    case 'verification':
      return timeline.verifications === 1 ? 'Verification' : `Verification ${timeline.verifications}`;
    case 'decision':
      return 'Decision';
  }
}

/** What an event changes besides its own rows. */
function follow(timeline: Timeline, event: GoalEvent, first: number): void {
  if (event.type === 'goal.opened') {
    timeline.agentName = event.payload.agent.name;
    timeline.agentHome = event.payload.agent.home;
    timeline.budget = event.payload.budget;
  } else if (event.type === 'budget.extended') {
    timeline.budget = event.payload.total;
    timeline.marks.timeMs = timeline.marks.tokens = timeline.marks.usd = 0;
  } else if (event.type === 'budget.spent') {
    spend(timeline, event);
  } else if (event.type === 'attempt.started') {
    if (event.payload.kind === 'agent') timeline.tries += 1;
    timeline.attempts.set(event.payload.attemptId, {
      kind: event.payload.kind,
      startedAt: event.at,
      ended: false,
      head: first,
      tokens: 0,
      usd: 0,
      metered: true,
    });
  } else if (
    event.type === 'attempt.finished' ||
    event.type === 'attempt.failed' ||
    event.type === 'attempt.lost'
  ) {
    const facts = timeline.attempts.get(event.payload.attemptId);
    if (!facts) return;
    facts.ended = true;
    const evidence = event.type === 'attempt.lost' ? [] : event.payload.evidence;
    amend(timeline, facts.head, { aside: headAside(facts, event.at), evidence });
  } else if (event.type === 'note.written') {
    timeline.untold.set(event.payload.noteId, first);
  } else if (event.type === 'note.delivered') {
    const { noteId, how } = event.payload;
    tell(
      timeline,
      noteId,
      `${toldHow[how]}, after ${waited(timeline, timeline.untold.get(noteId), event.at)}`,
    );
  } else if (event.type === 'goal.concluded') {
    for (const noteId of timeline.untold.keys()) tell(timeline, noteId, 'no turn came after it');
  } else if (event.type === 'question.asked') {
    const { questionId, question } = event.payload;
    timeline.questions.set(questionId, {
      question,
      index: first,
    });
  } else if (event.type === 'question.answered' || event.type === 'question.withdrawn') {
    const asked = timeline.questions.get(event.payload.questionId);
    if (!asked) return;
    const word = event.type === 'question.answered' ? 'answered' : 'withdrawn';
    const after = waited(timeline, asked.index, event.at);
    amend(timeline, asked.index, { tone: 'plain', aside: `${word} after ${after}` });
  }
}

const toldHow: Record<NoteDelivery, string> = {
  steered: 'told in the middle of its turn',
  restarted: 'told by breaking off its step',
  prompt: 'told with its prompt',
};

/** How long after a row something happened. */
const waited = (timeline: Timeline, row: number | undefined, at: number): string =>
  duration(at - (timeline.entries[row ?? -1]?.at ?? at));

function tell(timeline: Timeline, noteId: NoteId, aside: string): void {
  const row = timeline.untold.get(noteId);
  if (row === undefined) return;
  timeline.untold.delete(noteId);
  amend(timeline, row, { aside });
}

function spend(timeline: Timeline, event: GoalEvent & { type: 'budget.spent' }): void {
  const { attemptId, usageId, tokens: usage, meteredTokens, usd, agentMs } = event.payload;
  if (timeline.usageSeen.has(usageId)) return;
  timeline.usageSeen.add(usageId);
  const used =
    usage === null ? meteredTokens : usage.input + usage.output + usage.cacheRead + usage.cacheWrite;
  timeline.used.timeMs += agentMs;
  timeline.used.tokens += used;
  timeline.used.usd += usd;
  timeline.spending.push({ at: event.at, ...timeline.used });
  const facts = timeline.attempts.get(attemptId);
  if (facts) {
    facts.tokens += used;
    facts.usd += usd;
    if (usage === null && meteredTokens > 0) facts.metered = false;
    amend(timeline, facts.head, { aside: headAside(facts, null) });
  }
  for (const limit of ['timeMs', 'tokens', 'usd'] as const) markBudget(timeline, event, limit);
}

function headAside(facts: AttemptFacts, endedAt: number | null): string {
  const parts: string[] = [];
  if (facts.tokens > 0) parts.push(`${facts.metered ? '' : '≈ '}${tokens(facts.tokens)} tokens`);
  if (facts.usd > 0) parts.push(money(facts.usd));
  if (endedAt !== null) parts.push(duration(endedAt - facts.startedAt));
  return parts.slice(0, 2).join(', ');
}

const limitName = { timeMs: 'time', tokens: 'token', usd: 'money' } as const;

/** One row when half, four fifths and all of a limit are used. */
function markBudget(timeline: Timeline, event: GoalEvent, limit: 'timeMs' | 'tokens' | 'usd'): void {
  const most = timeline.budget[limit];
  if (most === null || most <= 0) return;
  const share = timeline.used[limit] / most;
  const mark = [1, 0.8, 0.5].find((step) => share >= step) ?? 0;
  if (mark <= timeline.marks[limit]) return;
  timeline.marks[limit] = mark;
  const amount = {
    timeMs: () => `${duration(timeline.used.timeMs)} of ${duration(most)}`,
    tokens: () => `${tokens(timeline.used.tokens)} of ${tokens(most)}`,
    usd: () => `${money(timeline.used.usd)} of ${money(most)}`,
  }[limit]();
  place(
    timeline,
    {
      group: 'budget',
      icon: 'budget',
      lead: mark === 1 ? 'Spent' : 'Used',
      spans: [
        {
          text: `${mark === 1 ? `the ${limitName[limit]} budget` : `${amount} of the ${limitName[limit]} budget`}`,
        },
      ],
      aside: percent(share),
    },
    { id: `e${event.version}.${limit}`, version: event.version, at: event.at },
  );
}
