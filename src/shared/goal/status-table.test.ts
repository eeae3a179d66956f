import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodeOf, statusTable, statusWord } from './status-table.ts';
import { GoalStatus } from './vocabulary.ts';

describe('the table', () => {
  test('has the exit codes of the command line, one per status that ends a run', () => {
    expect(GoalStatus.options.map((status) => [status, exitCodeOf(status)])).toEqual([
      ['running', 9],
      ['paused', 9],
      ['ready', 0],
      ['not_ready', 3],
      ['blocked_on_human', 4],
      ['blocked_on_external', 5],
      ['needs_more_budget', 6],
      ['failed_infra', 7],
      ['cancelled', 8],
    ]);
  });

  test('has a word of its own for each', () => {
    expect(new Set(GoalStatus.options.map(statusWord)).size).toBe(GoalStatus.options.length);
    expect(Object.keys(statusTable)).toHaveLength(GoalStatus.options.length);
  });
});

const src = join(import.meta.dirname, '..', '..');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|^main\/runtime\/testing\//.test(path));

const homes = ['shared/goal/vocabulary.ts', 'shared/goal/verdict.ts', 'shared/goal/status-table.ts'];

/** Who may say a status although it does not judge, and why. This list only gets shorter. */
const tolerated: Readonly<Record<string, string>> = {
  'main/host/handlers/goals.ts':
    'gives a place in the list to a goal whose log cannot be folded, so no verdict can',
  'shared/proof/check.ts': 'reads what an exported proof claims, to hold it against the log',
  'main/host/attention.ts': 'chooses what is worth a notification',
  'main/cli/outcome.ts': 'says of a log that cannot be read that nothing is concluded from it',
  'main/cli/commands/act.ts': 'says that nothing drives a goal that should be driven',
  'shared/export/records.ts': 'writes the legacy goal.json',
  'shared/timeline/decisions.ts': 'chooses the icon of a stop',
};

const some = (words: string) => String.raw`['"](?:${words})['"]`;
/** Words that mean nothing but a status, wherever they stand. */
const unmistakable = new RegExp(
  some('not_ready|blocked_on_human|blocked_on_external|needs_more_budget|failed_infra'),
);
/** Words that mean other things too, so only beside the word status. */
const ambiguous = new RegExp(
  String.raw`\bstatus['"]?\)?\s*(?:[!=]==|:)\s*${some('running|paused|ready|cancelled')}`,
);
/** Said, not read: an object gets a status. */
const given = new RegExp(String.raw`\bstatus:\s*${some(GoalStatus.options.join('|'))}`);

const saying = (pattern: RegExp, under: RegExp) =>
  sources.filter((path) => under.test(path) && pattern.test(readFileSync(join(src, path), 'utf8')));

describe('a status is decided in one place', () => {
  test('and named nowhere else in what decides', () => {
    const named = [...saying(unmistakable, /^(shared|main)\//), ...saying(ambiguous, /^(shared|main)\//)];
    expect(named.filter((path) => !homes.includes(path) && !(path in tolerated))).toEqual([]);
  });

  test('and given to nothing by what only shows it', () => {
    // The scenes that the screens are photographed with play the host's part.
    const shown = saying(given, /^(renderer|preload)\//);
    expect(shown.filter((path) => !path.startsWith('renderer/testing/'))).toEqual([]);
  });

  test('and what is tolerated still needs it', () => {
    const named = new Set([...saying(unmistakable, /^/), ...saying(ambiguous, /^/)]);
    expect(Object.keys(tolerated).filter((path) => !named.has(path))).toEqual([]);
  });
});
