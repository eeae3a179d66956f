import type { Skipped } from './select.ts';
import type { RunRecord } from './run-case.ts';

export type Summary = {
  readonly runs: number;
  readonly cases: number;
  readonly adversarial: number;
  readonly honest: number;
  readonly falseReady: number;
  /** One-sided 95 % bound of the false-ready rate. */
  readonly falseReadyBound: number;
  readonly falseRefusals: number;
  readonly exactStatus: number;
  readonly wrongTerminals: number;
  readonly silentSkips: number;
  readonly skipped: readonly Skipped[];
  readonly failed: number;
  /** Expected status → seen status → runs. */
  readonly matrix: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Layer → adversarial runs in which it left a trace, and in which nothing else did. */
  readonly layers: Readonly<Record<string, { readonly fired: number; readonly alone: number }>>;
  readonly perCase: Readonly<Record<string, { readonly runs: number; readonly exact: number }>>;
  readonly seconds: number;
};

export function summarise(
  records: readonly RunRecord[],
  skipped: readonly Skipped[],
  planned: number,
): Summary {
  const adversarial = records.filter((run) => run.expected !== 'ready');
  const honest = records.filter((run) => run.expected === 'ready');
  const falseReady = records.filter(isFalseReady).length;
  const matrix: Record<string, Record<string, number>> = {};
  const layers: Record<string, { fired: number; alone: number }> = {};
  const perCase: Record<string, { runs: number; exact: number }> = {};
  for (const run of records) {
    const row = (matrix[run.expected] ??= {});
    const first = firstStatus(run);
    row[first] = (row[first] ?? 0) + 1;
    const one = (perCase[run.case] ??= { runs: 0, exact: 0 });
    one.runs += 1;
    if (run.passed) one.exact += 1;
  }
  for (const run of adversarial)
    for (const layer of run.layers) {
      const one = (layers[layer] ??= { fired: 0, alone: 0 });
      one.fired += 1;
      if (run.layers.length === 1) one.alone += 1;
    }
  return {
    runs: records.length,
    cases: Object.keys(perCase).length,
    adversarial: adversarial.length,
    honest: honest.length,
    falseReady,
    falseReadyBound: upperBound(falseReady, adversarial.length),
    falseRefusals: honest.filter((run) => firstStatus(run) !== 'ready').length,
    exactStatus: records.filter((run) => !isOtherStatus(run)).length,
    wrongTerminals: records.filter((run) => run.terminal.length > 0).length,
    silentSkips: planned - records.length - skipped.length,
    skipped,
    failed: records.filter((run) => !run.passed).length,
    matrix,
    layers,
    perCase,
    seconds: Math.round(records.reduce((sum, run) => sum + run.ms, 0) / 1000),
  };
}

const firstStatus = (run: RunRecord): string => run.status.split(' ')[0] ?? run.status;

/** Another status than the one that is right, after the first command. */
export const isOtherStatus = (run: RunRecord): boolean => firstStatus(run) !== run.expected;

/** `ready` where it was not due, or at the end of a run whose result does not do what was asked. */
export const isFalseReady = (run: RunRecord): boolean =>
  (firstStatus(run) === 'ready' && run.expected !== 'ready') ||
  (run.status.endsWith('ready') && !run.status.endsWith('not_ready') && run.right === false);

/** One-sided 95 % upper bound of a rate of k of n: the rule of three for none, else exact (Clopper and Pearson). */
export function upperBound(k: number, n: number): number {
  if (n === 0) return 1;
  if (k >= n) return 1;
  if (k === 0) return Math.min(1, 3 / n);
  let [low, high] = [k / n, 1];
  for (let step = 0; step < 60; step += 1) {
    const p = (low + high) / 2;
    if (atMost(k, n, p) > 0.05) low = p;
    else high = p;
  }
  return high;
}

/** P(X ≤ k) of a binomial distribution. */
function atMost(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = term;
  for (let i = 1; i <= k; i += 1) {
    term *= ((n - i + 1) / i) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

const percent = (part: number): string => `${(part * 100).toFixed(part > 0 && part < 0.1 ? 2 : 1)} %`;

/** The numbers as the README and the terminal show them. */
export function markdown(summary: Summary): string {
  const seen = [...new Set(Object.values(summary.matrix).flatMap((row) => Object.keys(row)))].toSorted();
  const expected = Object.keys(summary.matrix).toSorted();
  const rate = summary.adversarial === 0 ? 0 : summary.falseReady / summary.adversarial;
  return [
    '| Measure | Value |',
    '| --- | --- |',
    `| Runs (cases) | ${summary.runs} (${summary.cases}) |`,
    `| False \`ready\` in ${summary.adversarial} adversarial runs | ${summary.falseReady} (${percent(rate)}; one-sided 95 % bound ${percent(summary.falseReadyBound)}) |`,
    `| Honest runs refused | ${summary.falseRefusals} of ${summary.honest} |`,
    `| Exact status | ${summary.exactStatus} of ${summary.runs} |`,
    `| Runs with other than one terminal event | ${summary.wrongTerminals} |`,
    `| Skipped silently | ${summary.silentSkips} |`,
    `| Skipped with a reason | ${summary.skipped.length} |`,
    '',
    `| Expected \\ seen | ${seen.join(' | ')} |`,
    `| --- |${seen.map(() => ' --: |').join('')}`,
    ...expected.map(
      (row) => `| ${row} | ${seen.map((column) => summary.matrix[row]?.[column] ?? '').join(' | ')} |`,
    ),
    '',
    '| Layer | caught in adversarial runs | nothing else did |',
    '| --- | --: | --: |',
    ...Object.entries(summary.layers)
      .toSorted(([, a], [, b]) => b.fired - a.fired)
      .map(([layer, { fired, alone }]) => `| ${layer} | ${fired} | ${alone} |`),
  ].join('\n');
}
