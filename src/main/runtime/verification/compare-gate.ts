import type { GateRecord, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { GateBase } from './base-result.ts';
import { redOnBase } from './base-result.ts';
import type { GateRun } from './gate-run.ts';
import { runPassed } from './gate-run.ts';
import { recordOf } from './gate-record.ts';
import { parentOf } from './test-report.ts';
import type { ReportedTest } from './test-report.ts';

export type GateComparison = {
  readonly record: GateRecord;
  /** Checks red on base and green in every run here. */
  readonly redToGreen: readonly string[];
  /** Checks green on base and not green here: failed, skipped or gone. */
  readonly greenToRed: readonly string[];
  /** Something that base reported is missing, skipped or fewer here. */
  readonly gone: boolean;
  /** Tests that are red here, with their file; a changed test body may explain them. */
  readonly red: readonly { readonly id: string; readonly file: string }[];
};

/**
 * Titles written in a base test file that did not load on base, so that no run could list them. A result that loads must
 * run every one of them.
 */
export type StaticTitles = ReadonlyMap<string, readonly string[]>;

/**
 * The heart of the deciding run: what a gate did on the candidate, held against what the same gate did on base
 * (truth §2, decisions H11, X1). Passing needs more than exit 0: everything base reported must still be reported.
 */
export function compareGate(
  gate: GateSpec,
  base: GateBase,
  runs: readonly GateRun[],
  titles: StaticTitles,
): GateComparison {
  const problems: string[] = [];
  const greenToRed = new Set<string>();
  const reports = runs.flatMap((run) => (run.report.state === 'parsed' ? [run.report.report] : []));
  const byId = reports.map((report) => new Map(report.tests.map((test) => [test.id, test])));
  const complete = runs.length > 0 && reports.length === runs.length;
  const passedInAll = (id: string): boolean =>
    complete && byId.every((run) => run.get(id)?.outcome === 'passed');

  if (base.parsed && complete) {
    const missing = base.expected.filter((test) => !byId.every((run) => run.has(test.id)));
    if (missing.length > 0)
      problems.push(
        `${plural(missing.length, 'test')} that ran on base did not run: ${few(missing.map((test) => test.id))}.`,
      );
    const skipped = base.expected.filter(
      (test) => test.outcome !== 'skipped' && byId.some((run) => run.get(test.id)?.outcome === 'skipped'),
    );
    if (skipped.length > 0)
      problems.push(
        `${plural(skipped.length, 'test')} that ran on base ${skipped.length === 1 ? 'is' : 'are'} skipped now: ${few(skipped.map((test) => test.id))}.`,
      );
    for (const test of base.expected)
      if (test.outcome === 'passed' && !passedInAll(test.id)) greenToRed.add(test.id);
    for (const { parent, count } of base.atLeast)
      if (reports.some((report) => report.tests.filter((test) => parentOf(test) === parent).length < count))
        problems.push(`Fewer tests ran under "${parent}" than on base.`);
    for (const file of base.brokenFiles) problems.push(...brokenFileProblems(file, reports, titles));
  }
  if (base.colour === 'green' && !runs.every(runPassed) && greenToRed.size === 0) greenToRed.add(gate.name);

  const record = recordOf(gate, runs, problems);
  return {
    record,
    redToGreen: record.outcome === 'skipped' ? [] : redToGreen(base, record, reports, passedInAll),
    greenToRed: [...greenToRed],
    gone: problems.length > 0,
    red: redHere(reports),
  };
}

function redToGreen(
  base: GateBase,
  record: GateRecord,
  reports: readonly {
    readonly tests: readonly ReportedTest[];
    readonly fileErrors: readonly { readonly file: string }[];
  }[],
  passedInAll: (id: string) => boolean,
): string[] {
  const broken = new Set(base.brokenFiles);
  return redOnBase(base).filter((check) => {
    if (check === base.name) return record.outcome === 'passed';
    if (!broken.has(check)) return passedInAll(check);
    return (
      reports.length > 0 &&
      reports.every(
        (report) =>
          report.fileErrors.every((error) => error.file !== check) &&
          report.tests.some((test) => test.file === check && test.outcome === 'passed') &&
          report.tests.every((test) => test.file !== check || test.outcome === 'passed'),
      )
    );
  });
}

function brokenFileProblems(
  file: string,
  reports: readonly { readonly tests: readonly ReportedTest[] }[],
  titles: StaticTitles,
): string[] {
  const expected = titles.get(file) ?? [];
  for (const report of reports) {
    const ids = report.tests.filter((test) => test.file === file).map((test) => test.id);
    if (ids.length === 0) return [`No test of ${file} ran; it did not load on base either.`];
    const absent = expected.filter((title) => !ids.some((id) => id.includes(title)));
    if (absent.length > 0)
      return [`${plural(absent.length, 'test')} written in ${file} did not run: ${few(absent)}.`];
  }
  return [];
}

function redHere(
  reports: readonly {
    readonly tests: readonly ReportedTest[];
    readonly fileErrors: readonly { readonly file: string }[];
  }[],
): { id: string; file: string }[] {
  const red = new Map<string, { id: string; file: string }>();
  for (const report of reports) {
    for (const test of report.tests)
      if (test.outcome === 'failed') red.set(test.id, { id: test.id, file: test.file });
    for (const error of report.fileErrors) red.set(error.file, { id: error.file, file: error.file });
  }
  return [...red.values()];
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The first three of a list, in words, bounded. */
export function few(items: readonly string[]): string {
  const shown = items.slice(0, 3).map((item) => (item.length > 90 ? `${item.slice(0, 89)}…` : item));
  return items.length > 3 ? `${shown.join(', ')} and ${items.length - 3} more` : shown.join(', ');
}
