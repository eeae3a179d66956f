import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { GoalRow } from '../../shared/api/goals.ts';
import type { QuestionKind } from '../../shared/goal/vocabulary.ts';
import { Digest, GoalId, QuestionId } from '../../shared/kernel/ids.ts';
import { openAttentionMemory } from './attention-memory.ts';
import { attend, summarise } from './attention.ts';
import type { Notice, Seen } from './attention.ts';

const goalId = GoalId.parse('goal-20260101-120000-000-0a1b2c3d');

const asked = (id: string, kind: QuestionKind = 'approval', askedAt = 1): GoalRow['questions'][number] => ({
  goalId,
  goalTitle: 'Fix the retry',
  questionId: QuestionId.parse(`question-${id}`),
  attemptId: null,
  askedAt,
  question: {
    kind,
    title: `Question ${id}?`,
    context: '',
    choices: [],
    defaultChoice: null,
    allowText: false,
    digest: Digest.parse('0'.repeat(64)),
    blocks: 'attempt',
    costOfWaiting: '',
  },
});

const row = (
  status: GoalRow['status'],
  questions: GoalRow['questions'] = [],
  id: GoalId = goalId,
): GoalRow => ({
  goalId: id,
  title: 'Fix the retry',
  project: { path: '/srv/app', name: 'app' },
  status,
  line: 'Two tests fail.',
  gates: { passed: 0, failed: 0, total: 0 },
  agentMs: 0,
  budgetUsed: null,
  openedAt: 0,
  updatedAt: 0,
  version: 1,
  questions,
  agentName: 'demo',
  readOnly: null,
});

/** Titles of what is said over these rows, one after the other. */
function said(rows: readonly GoalRow[], o: { live: boolean; before?: Seen } = { live: true }): string[] {
  let seen = o.before;
  const notices: Notice[] = [];
  for (const one of rows) {
    const attended = attend(seen, one, o.live);
    seen = attended.seen;
    notices.push(...attended.notices);
  }
  return notices.map((notice) => notice.title);
}
const seenAfter = (one: GoalRow): Seen => attend(undefined, one, false).seen;

describe('what is told', () => {
  test('a question is told once, however often its goal changes', () => {
    const rows = [row('running'), row('running', [asked('a')]), row('running', [asked('a')])];
    expect(said(rows)).toEqual(['Question a?']);
  });

  test('each question is told, also several at once', () => {
    const rows = [
      row('running', [asked('a'), asked('b')]),
      row('blocked_on_human', [asked('b'), asked('c')]),
    ];
    expect(said(rows)).toEqual(['Question a?', 'Question b?', 'Question c?']);
  });

  test('a question that was told before a restart is not told again, a new one is', () => {
    const before = seenAfter(row('blocked_on_human', [asked('a')]));
    const rows = [row('blocked_on_human', [asked('a'), asked('b')])];
    expect(said(rows, { live: false, before })).toEqual(['Question b?']);
  });

  test('a question asked while nobody looked is told at the next start', () => {
    expect(said([row('blocked_on_human', [asked('a')])], { live: false })).toEqual(['Question a?']);
  });

  test('turns, pauses and cancellations are not told', () => {
    const rows = [row('running'), row('running'), row('paused'), row('running'), row('cancelled')];
    expect(said(rows)).toEqual([]);
  });

  test.each(['not_ready', 'blocked_on_external', 'needs_more_budget', 'failed_infra'] as const)(
    'a goal that becomes %s is told once, and again when it does so after a retry',
    (status) => {
      const rows = [row('running'), row(status), row(status), row('running'), row(status)];
      expect(said(rows)).toHaveLength(2);
    },
  );

  test('a goal that policy accepted is told as ready', () => {
    expect(said([row('running'), row('ready')])).toEqual(['Ready: Fix the retry']);
  });

  test('a goal that the person accepted is no news to the person', () => {
    expect(said([row('blocked_on_human', [asked('a', 'acceptance')]), row('ready')])).toEqual([
      'Question a?',
    ]);
  });

  test('what had stopped before omk first looked is old news', () => {
    expect(said([row('not_ready'), row('not_ready')], { live: false })).toEqual([]);
  });

  test('what stopped while omk was not running is told at the next start', () => {
    expect(said([row('not_ready')], { live: false, before: seenAfter(row('running')) })).toEqual([
      'Not ready: Fix the retry',
    ]);
  });

  test('a hostile title stays one visible line', () => {
    const hostile = { ...row('not_ready'), title: 'a\u202e\nb\u001b[31m' };
    const [title = ''] = said([hostile]);
    for (const character of ['\u202e', '\n', '\u001b']) expect(title).not.toContain(character);
  });
});

describe('the summary', () => {
  const other = GoalId.parse('goal-20260101-120000-000-ffffffff');

  test('counts what runs and what waits, the longest wait first', () => {
    const late = row('blocked_on_human', [asked('b', 'approval', 9), asked('a', 'approval', 5)]);
    const early = row('running', [asked('c', 'approval', 2)], other);
    expect(summarise([late, early, row('paused')])).toMatchObject({
      running: 1,
      waiting: [
        { goalId: other, questionId: 'question-c' },
        { goalId, questionId: 'question-a' },
      ],
    });
  });

  test('is empty without goals', () => {
    expect(summarise([])).toEqual({ running: 0, waiting: [] });
  });
});

describe('the memory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omk-attention-'));
  const path = join(folder, 'attention.json');
  const warnings: string[] = [];
  const log = { warn: (message: string) => void warnings.push(message) };
  afterAll(() => rmSync(folder, { recursive: true }));

  test('outlives a restart in a file only its owner reads', () => {
    const seen = seenAfter(row('blocked_on_human', [asked('a', 'acceptance')]));
    openAttentionMemory(path, log).set(goalId, seen);
    expect(openAttentionMemory(path, log).get(goalId)).toEqual(seen);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['attention.json']);
  });

  test.each(['', '{', 'null', '[]', '{"version":2,"goals":{}}', '{"version":1,"goals":{"../x":{}}}'])(
    'begins again over a file that says %j',
    (text) => {
      writeFileSync(path, text);
      const memory = openAttentionMemory(path, log);
      expect(memory.get(goalId)).toBeUndefined();
      memory.set(goalId, seenAfter(row('running')));
      expect(openAttentionMemory(path, log).get(goalId)?.status).toBe('running');
    },
  );

  test('a disk that refuses costs only the memory', () => {
    const memory = openAttentionMemory(join(folder, 'no', 'such', 'folder.json'), log);
    memory.set(goalId, seenAfter(row('running')));
    expect(memory.get(goalId)?.status).toBe('running');
    expect(warnings).toHaveLength(1);
  });
});
