import { lstat, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { shellText } from '../../../shared/goal/gate-table.ts';
import type { GoldenCase } from '../../../shared/goal/golden-case.ts';
import type { Failure, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Oid } from '../../../shared/kernel/ids.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import type { ReportedTest } from '../../runtime/verification/test-report.ts';
import { acceptedNotes, caseNote, caseReport, compareCase, goldenReport, MAX_FIELD } from './golden.ts';
import type { Observation, Seen } from './golden.ts';
import type { TreeReader, Workspaces } from '../../runtime/ports.ts';
import { boundedOutput } from './bounded-output.ts';
import type { BoundedOutput } from './bounded-output.ts';
import { inDir } from './detect/gate.ts';
import { exitCode, readFixture } from './golden-fixture.ts';
import type { FixtureSource } from './golden-fixture.ts';
import { contentOf } from './overlay.ts';
import type { Overlay } from './overlay.ts';
import { runOnTree } from './tree-run.ts';
import type { InstallDeps, TreeRun, TreeRunDeps } from './tree-run.ts';

const MAX_NOTES = 8;

export type GoldenDeps = TreeRunDeps & { readonly workspaces: Pick<Workspaces, 'writeTree' | 'tree'> };
export type GateOnTree = Omit<TreeRun, 'observe'> & {
  readonly overlay: Overlay;
  readonly base: { readonly tree: Oid; readonly install: InstallDeps | null };
};

/** One gate, once, on one tree: a golden gate case by case, every other as it is. */
export async function runGateOn(deps: GoldenDeps, o: GateOnTree): Promise<Result<GateRun, Failure>> {
  return o.gate.kind === 'golden' ? runGolden(deps, o, o.gate.cases ?? []) : runOnTree(deps, o);
}

type CaseDone = {
  readonly test: ReportedTest;
  readonly note: string | null;
  readonly accepted: readonly string[];
  readonly report: string;
  readonly runs: readonly GateRun[];
};
/** The gate as a whole says nothing: a sentence to a person. */
type Impossible = { readonly impossible: string; readonly runs: readonly GateRun[] };

async function runGolden(
  deps: GoldenDeps,
  o: GateOnTree,
  cases: readonly GoldenCase[],
): Promise<Result<GateRun, Failure>> {
  const source = await sourceOf(deps.workspaces.tree(o.goalId, o.tree), o.overlay);
  const ends = deps.monotonic() + o.gate.timeoutMs;
  const done: CaseDone[] = [];
  for (const one of cases) {
    const left = Math.ceil(ends - deps.monotonic());
    const result = left <= 0 ? ok(outOfTime(o.gate, one)) : await runCase(deps, o, one, source, left);
    if (!result.ok) return result;
    if ('impossible' in result.value) return ok(wholeRun([...done, result.value], result.value.impossible));
    done.push(result.value);
  }
  const report = await deps.artifacts.put(deps.redact(goldenReport(done.map((one) => one.report))));
  if (!report.ok) return report;
  const whole = wholeRun(done, null);
  return ok({
    ...whole,
    exit: done.every(({ test }) => test.outcome === 'passed') ? 0 : 1,
    timedOut: whole.timedOut || done.some(({ runs }) => runs.length === 0),
    report: { state: 'parsed', report: { tests: done.map(({ test }) => test), fileErrors: [] } },
    notes: [
      ...some(done.flatMap(({ note }) => note ?? [])),
      ...some(done.flatMap(({ accepted }) => accepted)),
    ].map(deps.redact),
    evidence: [report.value, ...whole.evidence],
  });
}

async function runCase(
  deps: GoldenDeps,
  o: GateOnTree,
  one: GoldenCase,
  source: FixtureSource,
  timeoutMs: number,
): Promise<Result<CaseDone | Impossible, Failure>> {
  const { gate } = o;
  const old = [...(gate.old ?? []), ...one.args];
  const runs: GateRun[] = [];
  let expected: Observation;
  if (one.fixture !== undefined) {
    const read = await readFixture(source, one, one.fixture);
    if (typeof read === 'string') return ok({ impossible: read, runs });
    expected = read;
  } else {
    const { tree, install } = o.base;
    const asked = await observe(deps, { ...o, tree, install, overlay: null }, one, old, one.files, timeoutMs);
    if (!asked.ok) return asked;
    runs.push(asked.value.run);
    expected = asked.value.seen;
    const why = unusable(asked.value.run, expected);
    if (why !== null)
      return ok({
        impossible: `The old program of the case "${one.name}" cannot be compared with: ${why}`,
        runs,
      });
  }
  const files = [...expected.keys()].flatMap((field) => (field.startsWith('files/') ? [field.slice(6)] : []));
  const overlay = await withoutAnswers(deps, o, source, files);
  const argv = [...gate.argv, ...one.args];
  const asked = await observe(deps, { ...o, overlay }, one, argv, files, timeoutMs);
  if (!asked.ok) return asked;
  const { run, seen } = asked.value;
  runs.push(run);
  const fields = run.notStarted === null ? compareCase(one, expected, seen) : [];
  const note = run.notStarted === null ? caseNote(one.name, fields) : `${one.name}: ${run.notStarted}`;
  return ok({
    test: testOf(gate, one, note === null && !run.timedOut),
    note: run.timedOut ? `${one.name}: it did not end in time.` : note,
    accepted: acceptedNotes(one.name, fields),
    report: `${caseReport({
      name: one.name,
      command: shellText(argv),
      against: one.fixture ?? `${shellText(old)} on base`,
      fields,
    })}${run.notStarted === null ? '' : `  ${run.notStarted}\n`}`,
    runs,
  });
}

/** Why what the old program did cannot be expected of anybody. */
function unusable(run: GateRun, seen: Observation): string | null {
  if (run.notStarted !== null) return run.notStarted;
  if (run.timedOut) return 'it did not end in time.';
  for (const [field, value] of seen)
    if (value === 'too large') return `its ${field} is larger than 1 MiB.`;
    else if (value === 'no file') return `its ${field} is a link or a folder and not a file.`;
  return null;
}

/** Runs one program on a fresh tree and keeps what can be seen of it from outside. */
async function observe(
  deps: GoldenDeps,
  o: Omit<GateOnTree, 'overlay'> & { readonly overlay: Overlay | null },
  one: GoldenCase,
  argv: readonly string[],
  files: readonly string[],
  timeoutMs: number,
): Promise<Result<{ readonly run: GateRun; readonly seen: Observation }, Failure>> {
  const seen = new Map<string, Seen>();
  const [stdout, stderr] = [boundedOutput(MAX_FIELD, 0), boundedOutput(MAX_FIELD, 0)];
  const run = await runOnTree(deps, {
    ...o,
    gate: { ...o.gate, argv: [...argv], stdin: one.stdin, timeoutMs },
    observe: {
      stdout,
      stderr,
      async after(place) {
        for (const file of files)
          seen.set(`files/${file}`, await readOutput(place.tree, inDir(o.gate.cwd, file)));
      },
    },
  });
  if (!run.ok) return run;
  const streams: [string, Seen][] = [
    ['stdout', bytesOf(stdout)],
    ['stderr', bytesOf(stderr)],
    ['exit_code', exitCode(run.value.exit ?? -1)],
  ];
  return ok({ run: run.value, seen: new Map([...streams, ...seen]) });
}

const bytesOf = (output: BoundedOutput): Seen => (output.total > MAX_FIELD ? 'too large' : output.head());

/** Never through a link: what it leads to was not written here. Nothing runs any more that could put one in the way. */
async function readOutput(tree: string, path: string): Promise<Seen> {
  const file = join(tree, path);
  try {
    const info = await lstat(file);
    if (!info.isFile() || (await realpath(file)) !== join(await realpath(tree), path)) return 'no file';
    return info.size > MAX_FIELD ? 'too large' : await readFile(file);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'no file' : 'missing';
  }
}

/** Fixtures as the deciding oracle has them. */
async function sourceOf(tree: TreeReader, overlay: Overlay): Promise<FixtureSource> {
  const gone = new Set(overlay.remove);
  const paths = (await tree.all()).map((entry) => entry.path).filter((path) => !gone.has(path));
  return {
    paths: [...new Set([...paths, ...overlay.files.keys()])],
    async read(path, max) {
      const placed = overlay.files.get(path)?.bytes;
      if (placed !== undefined) return placed.length > max ? null : placed;
      return tree.read(path, max);
    },
  };
}

/**
 * A program must not find what it is held against: fixtures are taken out of its tree, and the files that it should write are as
 * they are on base, as they are for the old program.
 */
async function withoutAnswers(
  deps: GoldenDeps,
  o: GateOnTree,
  source: FixtureSource,
  outputs: readonly string[],
): Promise<Overlay> {
  const folders = (o.gate.cases ?? []).flatMap(({ fixture }) => fixture ?? []);
  const answers = source.paths.filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)));
  const written = outputs.map((file) => inDir(o.gate.cwd, file));
  const base = deps.workspaces.tree(o.goalId, o.base.tree);
  const files = new Map(o.overlay.files);
  const expected = new Map(o.overlay.expected);
  for (const path of [...answers, ...written]) {
    files.delete(path);
    expected.delete(path);
  }
  for (const entry of await base.all()) {
    if (!written.includes(entry.path)) continue;
    const content = await contentOf(base, entry);
    if (content !== null) files.set(entry.path, content);
  }
  return { ...o.overlay, files, expected, remove: [...o.overlay.remove, ...answers, ...written] };
}

const testOf = (gate: GateSpec, one: GoldenCase, passed: boolean): ReportedTest => ({
  id: `${gate.name} > ${one.name}`,
  file: one.fixture ?? '',
  outcome: passed ? 'passed' : 'failed',
});

function outOfTime(gate: GateSpec, one: GoldenCase): CaseDone {
  const note = `${one.name}: not run, the time limit of the gate was used up.`;
  return { test: testOf(gate, one, false), note, accepted: [], report: `${note}\n`, runs: [] };
}

/** What the runs of single programs say together, but for the comparison. */
function wholeRun(
  parts: readonly { readonly runs: readonly GateRun[] }[],
  impossible: string | null,
): GateRun {
  const runs = parts.flatMap((part) => part.runs);
  const env = runs[0]?.env;
  return {
    exit: null,
    expectedExit: 0,
    timedOut: runs.some((run) => run.timedOut),
    notStarted: impossible,
    durationMs: runs.reduce((sum, run) => sum + run.durationMs, 0),
    report: { state: 'none' },
    voided: runs.find((run) => run.voided !== null)?.voided ?? null,
    mismatch: null,
    evidence: [...new Set(runs.flatMap((run) => run.evidence))],
    ...(env === undefined ? {} : { env }),
  };
}

function some(notes: readonly string[]): string[] {
  const more = notes.length - MAX_NOTES;
  return more > 0 ? [...notes.slice(0, MAX_NOTES), `And ${more} more, in the evidence.`] : [...notes];
}
