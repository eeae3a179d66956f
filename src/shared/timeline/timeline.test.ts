import { describe, expect, it } from 'vitest';
import {
  attemptId,
  digest,
  gateRecord,
  oid,
  opened,
  question,
  questionId,
  spent,
  started,
  story,
} from '../testing/story.ts';
import type { Story } from '../testing/story.ts';
import { newTimeline } from './model.ts';
import type { Timeline } from './model.ts';
import { entryText, histogram, sectionNote, timelineRows } from './rows.ts';
import type { TimelineFilter } from './rows.ts';
import { addSignal, endLive, newLive } from './signals.ts';
import { addEvent } from './timeline.ts';

const all: TimelineFilter = { group: 'all', search: '', folded: new Set() };

function timelineOf(told: Story): Timeline {
  const timeline = newTimeline();
  for (const event of told.events) addEvent(timeline, event);
  return timeline;
}

const lines = (timeline: Timeline, filter: TimelineFilter = all): string[] =>
  timelineRows(timeline, filter, null).rows.map((row) => {
    if (row.type === 'section') return `# ${timeline.sections[row.index]?.title}`;
    const entry = timeline.entries[row.index];
    return entry ? (entryText(entry).split('\n')[0] ?? '') : '?';
  });

const verified = (passed: boolean, commit: string) => ({
  attemptId: attemptId('verify'),
  commit: oid(commit),
  tree: oid(`${commit} tree`),
  baseTree: oid('base tree'),
  oracleDigest: digest('oracle'),
  isolation: 'L2' as const,
  isolationNote: '',
  passed,
  gates: [
    gateRecord('unit tests', passed ? {} : { outcome: 'failed', exitCodes: [1, 1], failedTests: ['adds'] }),
  ],
  redToGreen: [],
  redToGreenCount: 0,
  greenToRed: [],
  onlyOwnTests: false,
  findings: [],
  sections: [],
  changed: [],
  changedCount: 1,
  diff: digest('diff'),
  lockedChanged: [],
  proposedOracle: null,
  reasons: passed ? [] : [{ code: 'gate.failed', message: 'unit tests failed on the result.' }],
  evidence: [],
  toolVersions: {},
});

describe('timeline', () => {
  it('groups rows by phase, and counts attempts that share one', () => {
    const timeline = timelineOf(
      story()
        .tell('goal.opened', opened('Fix it'), { actor: 'operator' })
        .tell('attempt.started', started('base', 'base', 1))
        .tell('attempt.started', started('one', 'agent', 2, 'fix'))
        .tell('attempt.failed', {
          attemptId: attemptId('one'),
          fence: 2,
          failure: {
            code: 'agent.stalled',
            message: 'The agent said nothing for 20 min.',
            retry: 'later',
            blame: 'agent',
          },
          evidence: [],
        })
        .tell('attempt.started', started('two', 'agent', 3, 'fix'))
        .tell('attempt.started', started('verify', 'verify', 4)),
    );
    expect(timeline.sections.map((section) => section.title)).toEqual([
      'Intake',
      'Baseline',
      'Execution, wave 1',
      'Verification',
    ]);
    expect(timeline.sections.map(sectionNote)).toEqual(['', '', '2 attempts', '']);
    expect(lines(timeline)).toContain('kimi-code on fix, attempt 2');
  });

  it('names a failure of a candidate but not a gate that is red on base', () => {
    const timeline = timelineOf(
      story()
        .tell('goal.opened', opened('Fix it'))
        .tell('base.checked', {
          isolation: 'L2',
          gates: [gateRecord('unit tests', { outcome: 'failed', exitCodes: [1, 1] })],
          expectedTests: 12,
          red: ['adds'],
          evidence: digest('base'),
        })
        .tell('candidate.verified', verified(false, 'c1')),
    );
    expect(timeline.failures.map((index) => timeline.entries[index]?.lead)).toEqual([
      'unit tests failed',
      'Not proven:',
    ]);
  });

  it('brings the head of an attempt up to date and counts a usage report once', () => {
    const told = story()
      .tell('goal.opened', opened('Fix it'))
      .tell('attempt.started', started('one', 'agent', 1, 'fix'))
      .tell('budget.spent', spent('one', 'u1', 18_200, { usd: 0.31 }))
      .tell('budget.spent', spent('one', 'u1', 18_200, { usd: 0.31 }));
    const head = timelineOf(told).entries.find((entry) => entry.head);
    expect(head?.aside).toBe('18.2k tokens, $0.31');
  });

  it('marks a budget at a half, at four fifths and at its end, once each', () => {
    const told = story().tell(
      'goal.opened',
      opened('x', { budget: { timeMs: null, tokens: 100, usd: null } }),
    );
    for (let step = 1; step <= 11; step += 1) told.tell('budget.spent', spent('one', `u${step}`, 10));
    const marks = timelineOf(told).entries.filter((entry) => entry.group === 'budget');
    expect(marks.map((entry) => entry.aside)).toEqual(['50 %', '80 %', '100 %']);
  });

  it('says beside the isolation level that the home of the user lies open', () => {
    const { agent } = opened('x');
    const timeline = timelineOf(
      story()
        .tell('goal.opened', opened('x', { agent: { ...agent, home: 'user' } }))
        .tell('candidate.verified', verified(true, 'c1')),
    );
    const asides = timeline.entries.map((entry) => entry.aside);
    expect(asides[0]).toBe('user home exposed');
    expect(asides.some((aside) => /^L\d, user home exposed$/.test(aside ?? ''))).toBe(true);
  });

  it('lets a question stop asking when it is answered', () => {
    const asked = story()
      .tell('goal.opened', opened('x'))
      .tell('question.asked', {
        questionId: questionId('q'),
        attemptId: null,
        question: question('Keep it?', { choices: [{ id: 'keep', label: 'Keep it' }] }),
      });
    expect(timelineOf(asked).entries.at(-1)).toMatchObject({ tone: 'ask', aside: 'open' });
    asked.tell(
      'question.answered',
      { questionId: questionId('q'), choice: 'keep', text: null, digest: digest('Keep it?') },
      { actor: 'operator', after: 65_000 },
    );
    const timeline = timelineOf(asked);
    expect(timeline.entries.at(-2)).toMatchObject({ tone: 'plain', aside: 'answered after 1 min 5 s' });
    expect(lines(timeline).at(-1)).toBe('You answered Keep it');
  });

  it('tells all that was chosen, in the order it was offered', () => {
    const choices = ['Red', 'Green', 'Blue'].map((label, index) => ({ id: `option-${index}`, label }));
    const told = story()
      .tell('goal.opened', opened('x'))
      .tell('question.asked', {
        questionId: questionId('q'),
        attemptId: null,
        question: question('Which?', { choices, multi: true }),
      })
      .tell(
        'question.answered',
        { questionId: questionId('q'), choice: 'option-2,option-0', text: null, digest: digest('Which?') },
        { actor: 'operator' },
      );
    expect(lines(timelineOf(told)).at(-1)).toBe('You answered Red, Blue');
  });

  it('shows nothing for lease renewals', () => {
    const told = story()
      .tell('goal.opened', opened('x'))
      .tell('attempt.started', started('one', 'agent', 1));
    const before = timelineOf(told).entries.length;
    told.tell('attempt.renewed', { attemptId: attemptId('one'), fence: 1, leaseUntil: 5 });
    expect(timelineOf(told).entries).toHaveLength(before);
  });

  it('survives events about attempts and questions it has never seen', () => {
    const told = story()
      .tell('attempt.finished', { attemptId: attemptId('ghost'), fence: 9, evidence: [] })
      .tell('question.answered', {
        questionId: questionId('ghost'),
        choice: 'x',
        text: null,
        digest: digest('x'),
      });
    expect(lines(timelineOf(told))).toEqual(['# Intake', 'omk answered']);
  });
});

describe('rows of a timeline', () => {
  const told = (): Story =>
    story()
      .tell('goal.opened', opened('Fix it'))
      .tell('attempt.started', started('one', 'agent', 1, 'a'))
      .tell('attempt.started', started('two', 'agent', 2, 'b'))
      .tell('attempt.finished', { attemptId: attemptId('one'), fence: 1, evidence: [] });

  it('keep only what a filter and all words of a search select', () => {
    const timeline = timelineOf(told());
    expect(lines(timeline, { ...all, search: 'KIMI  b,' })).toEqual([
      '# Execution, wave 1',
      'kimi-code on b, attempt 2',
    ]);
    expect(lines(timeline, { ...all, group: 'gates' })).toEqual([]);
  });

  it('name the speaker again when attempts interleave', () => {
    const rows = timelineRows(timelineOf(told()), all, null).rows;
    expect(rows.at(-1)).toMatchObject({ type: 'entry', repeat: true });
  });

  it('leave the head of a folded section', () => {
    expect(lines(timelineOf(told()), { ...all, folded: new Set([1]) })).toEqual([
      '# Intake',
      'Opened the goal in courier, for kimi-code',
      '# Execution, wave 1',
    ]);
  });

  it('continue from the last answer with the same result as from the beginning', () => {
    const events = told().events;
    const timeline = newTimeline();
    let rows = timelineRows(timeline, all, null);
    for (const event of events) {
      addEvent(timeline, event);
      const next = timelineRows(timeline, all, rows);
      expect(next).toBe(rows);
      rows = next;
    }
    expect(rows.rows).toEqual(timelineRows(timeline, all, null).rows);
  });

  it('have a history of effort with failures in it, and none before time has passed', () => {
    const timeline = timelineOf(told());
    expect(histogram(timeline, 10)?.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(
      timeline.entries.length,
    );
    expect(histogram(timelineOf(story().tell('goal.opened', opened('x'))), 10)).toBeNull();
  });
});

describe('live rows', () => {
  const goalId = story().goalId;
  const one = attemptId('one');

  it('join text until something else happens, and follow a tool call in place', () => {
    const timeline = timelineOf(story().tell('goal.opened', opened('x')));
    const live = newLive();
    const see = (signal: Parameters<typeof addSignal>[2]) => addSignal(timeline, live, signal, 5_000);
    const tool = {
      type: 'tool' as const,
      goalId,
      attemptId: one,
      toolId: 't',
      label: 'Ran npm test',
      kind: 'execute' as const,
      paths: [],
    };
    see({ type: 'text', goalId, attemptId: one, delta: 'The failure ' });
    see({ type: 'text', goalId, attemptId: one, delta: 'is timing.' });
    see({ ...tool, state: 'running' });
    see({ type: 'text', goalId, attemptId: one, delta: 'Next.' });
    see({ ...tool, state: 'failed', detail: 'exit 1' });
    expect(lines(timeline).slice(2)).toEqual(['The failure is timing.', 'Ran npm test', 'Next.']);
    expect(timeline.entries.find((entry) => entry.icon === 'command')).toMatchObject({
      aside: 'failed',
      block: ['exit 1'],
    });
  });

  it('keep the newest when they are many, and history whole', () => {
    const told = story()
      .tell('goal.opened', opened('x'))
      .tell('attempt.started', started('one', 'agent', 1));
    const timeline = timelineOf(told);
    const live = newLive();
    const before = timelineRows(timeline, all, null);
    for (let index = 0; index < 9_000; index += 1) {
      addSignal(timeline, live, { type: 'notice', goalId, attemptId: one, text: `n${index}` }, index);
    }
    expect(timeline.entries.length).toBeLessThan(4_200);
    expect(timeline.entries.filter((entry) => entry.version !== null)).toHaveLength(2);
    expect(lines(timeline).at(-1)).toBe('n8999');
    expect(timelineRows(timeline, all, before)).not.toBe(before);
    const head = timeline.attempts.get(one)?.head ?? -1;
    expect(timeline.entries[head]?.head).toBe(true);
  });

  it('cap one endless text at its end', () => {
    const timeline = timelineOf(story().tell('goal.opened', opened('x')));
    const live = newLive();
    for (let index = 0; index < 100; index += 1) {
      addSignal(
        timeline,
        live,
        { type: 'text', goalId, attemptId: one, delta: `${'x'.repeat(999)}${index}` },
        1,
      );
    }
    const text = timeline.entries.at(-1)?.spans[0]?.text ?? '';
    expect(text.length).toBeLessThanOrEqual(16_001);
    expect(text.endsWith('99')).toBe(true);
  });

  it('say what an attempt does now, until it ends', () => {
    const timeline = newTimeline();
    const live = newLive();
    addSignal(
      timeline,
      live,
      { type: 'activity', goalId, attemptId: one, label: 'Base run 1 of 2', silentMs: 0, done: 1, total: 2 },
      1,
    );
    expect(live.activities.get(one)?.label).toBe('Base run 1 of 2');
    endLive(live, one);
    expect(live.activities.size).toBe(0);
  });
});
