import type { GateOutcome, GateRecord, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { GateRun } from './gate-run.ts';
import { runPassed } from './gate-run.ts';
import { countTests } from './test-report.ts';
import type { ReportedTest } from './test-report.ts';

const MAX_FAILED = 50;
const MAX_NOTES = 20;
const MAX_TEXT = 500;

/** Condenses the runs of one gate into its record. `problems` are reasons to fail that no single run shows. */
export function recordOf(
  gate: GateSpec,
  runs: readonly GateRun[],
  problems: readonly string[],
  extraNotes: readonly string[] = [],
): GateRecord {
  const reports = runs.flatMap((run) => (run.report.state === 'parsed' ? [run.report.report] : []));
  const last = reports.at(-1);
  const failed = new Set<string>();
  for (const report of reports) {
    for (const test of report.tests) if (test.outcome === 'failed') failed.add(test.id);
    for (const error of report.fileErrors) failed.add(error.file);
  }
  const parsed = runs.length > 0 && reports.length === runs.length;
  const notes = [...problems, ...runNotes(gate, runs), ...extraNotes];
  return {
    name: gate.name,
    kind: gate.kind,
    required: gate.required,
    outcome: outcomeOf(runs, problems),
    exitCodes: runs.map((run) => run.exit),
    durationMs: Math.round(runs.reduce((sum, run) => sum + run.durationMs, 0)),
    runs: runs.length,
    parsed,
    counts: last === undefined ? null : countTests(last.tests),
    failedTests: [...failed].slice(0, MAX_FAILED).map(cap),
    notes: [...new Set(notes)].slice(0, MAX_NOTES).map(cap),
    evidence: [...new Set(runs.flatMap((run) => run.evidence))].slice(0, 40),
    passedRuns: runs.filter(runPassed).length,
    flakyTests: disagreements(runs).length,
    ...(runs[0]?.env === undefined ? {} : { env: [...runs[0].env].slice(0, 100) }),
  };
}

/** A gate that was not run on purpose. Not a pass. */
export function skippedRecord(gate: GateSpec, note: string): GateRecord {
  return { ...recordOf(gate, [], [], [note]), outcome: 'skipped' };
}

function outcomeOf(runs: readonly GateRun[], problems: readonly string[]): GateOutcome {
  if (runs.length === 0) return 'skipped';
  if (runs.some((run) => run.notStarted !== null || run.voided !== null)) return 'errored';
  if (runs.some((run) => run.timedOut)) return 'timed_out';
  const passed = runs.map(runPassed);
  if (passed.some(Boolean) && !passed.every(Boolean)) return 'flaky';
  if (!passed.every(Boolean) || problems.length > 0) return 'failed';
  return disagreements(runs).length > 0 ? 'flaky' : 'passed';
}

/** Ids whose outcome differs between runs of the same tree. */
export function disagreements(runs: readonly GateRun[]): string[] {
  const outcomes = new Map<string, Set<ReportedTest['outcome']>>();
  for (const run of runs) {
    if (run.report.state !== 'parsed') continue;
    for (const test of run.report.report.tests) {
      const seen = outcomes.get(test.id) ?? new Set();
      seen.add(test.outcome);
      outcomes.set(test.id, seen);
    }
  }
  return [...outcomes].filter(([, seen]) => seen.size > 1).map(([id]) => id);
}

function runNotes(gate: GateSpec, runs: readonly GateRun[]): string[] {
  const notes: string[] = [];
  for (const run of runs) {
    if (run.notStarted !== null) notes.push(run.notStarted);
    if (run.voided !== null) notes.push(run.voided);
    if (run.mismatch !== null) notes.push(run.mismatch);
    notes.push(...(run.notes ?? []));
    if (run.timedOut) notes.push(`Stopped after ${Math.round(gate.timeoutMs / 1000)} s, its time limit.`);
    if (run.report.state === 'unreadable' && run.notStarted === null && !run.timedOut)
      notes.push(`The report of this gate cannot be read: ${run.report.why}`);
    if (run.report.state !== 'parsed') continue;
    const { tests, fileErrors } = run.report.report;
    const failures = tests.filter((test) => test.outcome === 'failed').length + fileErrors.length;
    if (run.exit === 0 && failures > 0)
      notes.push(`It ended with exit code 0 although ${failures} of its tests failed.`);
    if (run.exit !== 0 && run.exit !== null && failures === 0)
      notes.push(`It ended with exit code ${run.exit} although no reported test failed.`);
    if (tests.length === 0 && fileErrors.length === 0) notes.push('It reported no test at all.');
  }
  if (runs.length > 1 && !runs.some((run) => run.timedOut || run.notStarted !== null)) {
    const green = runs.filter(runPassed).length;
    if (green > 0 && green < runs.length)
      notes.push(`Flaky: ${green} of ${runs.length} runs of the same tree passed.`);
    const ids = disagreements(runs);
    if (ids.length > 0)
      notes.push(`Tests with different results on the same tree: ${ids.slice(0, 3).join(', ')}.`);
  }
  if (runs.length === 1 && (gate.kind === 'check' || gate.kind === 'golden')) notes.push('1 run.');
  if (runs.length > 0 && gate.kind === 'check' && gate.parser === 'none')
    notes.push('Unparsed: judged by its exit code alone.');
  if (gate.network && runs.length > 0) notes.push('Not hermetic: this gate may use the network.');
  return notes;
}

function cap(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}
