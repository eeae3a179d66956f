import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One measurement. A file `test/bench/<name>.bench.ts` exports one as `benchmark`. */
export interface Benchmark {
  /** As the goals are numbered, e.g. `P3`. */
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** What is aimed for, to be printed beside the figure. */
  readonly goal: string;
  /** How often it is run where the usual number would only take time: one run is many trials already. */
  readonly runs?: number;
  /** One run: the figure, and what was counted; counts must not depend on how busy the machine is. */
  run(o: {
    readonly quick: boolean;
  }): Promise<{ readonly value: number; readonly counters: Readonly<Record<string, number>> }>;
}

export interface BenchmarkResult {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly goal: string;
  readonly median: number;
  readonly values: readonly number[];
  /** Median of the calibration loops run just before each run; how slow the machine was. */
  readonly calibrationMs: number;
  readonly ratio: number;
  /** Of the last run. */
  readonly counters: Readonly<Record<string, number>>;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/** How long this machine takes now for a fixed piece of work: SHA-256 of 64 MiB and 200 small synchronised writes. */
export const calibrate = (): number => {
  const folder = mkdtempSync(join(tmpdir(), 'omk-calibrate-'));
  const file = openSync(join(folder, 'file'), 'w');
  const block = Buffer.alloc(1024 * 1024, 1);
  const started = performance.now();
  try {
    const hash = createHash('sha256');
    for (let i = 0; i < 64; i += 1) hash.update(block);
    hash.digest();
    for (let i = 0; i < 200; i += 1) {
      writeSync(file, 'x');
      fdatasyncSync(file);
    }
    return performance.now() - started;
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
};

export const measure = async (
  benchmark: Benchmark,
  usual: number,
  o: { readonly quick: boolean } = { quick: false },
): Promise<BenchmarkResult> => {
  const runs = Math.min(usual, benchmark.runs ?? usual);
  const values: number[] = [];
  const calibrations: number[] = [];
  let counters: Readonly<Record<string, number>> = {};
  for (let i = 0; i < runs; i += 1) {
    calibrations.push(calibrate());
    const result = await benchmark.run(o);
    values.push(result.value);
    counters = result.counters;
  }
  const { id, name, unit, goal } = benchmark;
  const calibrationMs = median(calibrations);
  const middle = median(values);
  return {
    id,
    name,
    unit,
    goal,
    median: middle,
    values,
    calibrationMs,
    ratio: middle / calibrationMs,
    counters,
  };
};

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

const HEAD = [
  '| # | What | Median | Calibration | Ratio | Counters | Goal |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];

const row = ({ id, name, unit, goal, calibrationMs, ratio, counters, ...rest }: BenchmarkResult): string => {
  const counted = Object.entries(counters).map(([key, value]) => `${key} = ${value}`);
  const cells = [
    id,
    name,
    `${short(rest.median)} ${unit}`,
    `${short(calibrationMs)} ms`,
    short(ratio),
    counted.join(', ') || '–',
    goal,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
};

export const table = (results: readonly BenchmarkResult[]): string =>
  [...HEAD, ...results.map(row)].join('\n');

/** The table of a page with these results in it; rows of what was not measured now stay as they are. */
export function updatedTable(page: string, results: readonly BenchmarkResult[]): string {
  const rows = new Map<string, string>();
  for (const line of page.split('\n')) {
    const id = /^\|\s*([A-Z]\d+)\s*\|/.exec(line)?.[1];
    if (id !== undefined) rows.set(id, line);
  }
  for (const result of results) rows.set(result.id, row(result));
  const ids = [...rows.keys()].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return [...HEAD, ...ids.map((id) => rows.get(id))].join('\n');
}
