import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { GateRun } from './gate-run.ts';
import { runPassed } from './gate-run.ts';
import { parentOf } from './test-report.ts';
import type { ReportedTest, TestOutcome } from './test-report.ts';

/**
 * What a gate did on base, as far as later runs are compared with it. Stored whole in the base evidence, read back when a
 * candidate is verified.
 */
export type GateBase = {
  readonly name: string;
  /** `unsettled`: the base runs disagree about the whole gate, so neither colour may be claimed for it. */
  readonly colour: 'green' | 'red' | 'unsettled';
  readonly parsed: boolean;
  /** Tests that every base run reported. `flaky`: with different outcomes. */
  readonly expected: readonly {
    readonly id: string;
    readonly file: string;
    readonly outcome: TestOutcome | 'flaky';
  }[];
  /** Ids that only some runs reported, folded to their parent: at least so many tests must be there. */
  readonly atLeast: readonly { readonly parent: string; readonly count: number }[];
  /** Files that failed as a whole in every run. */
  readonly brokenFiles: readonly string[];
};

/** Folds the base runs of one gate (decisions H11). With one run, what it reported is expected. */
export function baseOf(gate: GateSpec, runs: readonly GateRun[]): GateBase {
  const passed = runs.map(runPassed);
  const colour = passed.every(Boolean) ? 'green' : passed.some(Boolean) ? 'unsettled' : 'red';
  const reports = runs.flatMap((run) => (run.report.state === 'parsed' ? [run.report.report] : []));
  const first = reports[0];
  // A run without a readable report says nothing about ids; one that has them all cannot speak for the other.
  if (first === undefined || reports.length < runs.length)
    return { name: gate.name, colour, parsed: false, expected: [], atLeast: [], brokenFiles: [] };

  const byId = reports.map((report) => new Map(report.tests.map((test) => [test.id, test])));
  const inAll = first.tests.filter((test) => byId.every((run) => run.has(test.id)));
  const expected = inAll.map((test) => {
    const same = byId.every((run) => run.get(test.id)?.outcome === test.outcome);
    return { id: test.id, file: test.file, outcome: same ? test.outcome : ('flaky' as const) };
  });
  const known = new Set(inAll.map((test) => test.id));
  return {
    name: gate.name,
    colour,
    parsed: true,
    expected,
    atLeast: foldOnceSeen(reports.map((report) => report.tests.filter((test) => !known.has(test.id)))),
    brokenFiles: [
      ...new Set(
        first.fileErrors
          .map((error) => error.file)
          .filter((file) => reports.every((report) => report.fileErrors.some((e) => e.file === file))),
      ),
    ],
  };
}

function foldOnceSeen(
  strays: readonly (readonly ReportedTest[])[],
): { readonly parent: string; readonly count: number }[] {
  const parents = new Set(strays.flat().map(parentOf));
  return [...parents].map((parent) => ({
    parent,
    count: Math.min(...strays.map((run) => run.filter((test) => parentOf(test) === parent).length)),
  }));
}

/** Files whose tests base reported, or would have if they had loaded. */
export const reportedFiles = (gates: readonly GateBase[]): Set<string> =>
  new Set(gates.flatMap((gate) => [...gate.expected.map((test) => test.file), ...gate.brokenFiles]));

/** Checks that are red on base: test ids, files that do not load, or the gate's name where it has no finer grain. */
export function redOnBase(base: GateBase): string[] {
  if (base.colour === 'green') return [];
  const red = [
    ...base.expected.filter((test) => test.outcome === 'failed').map((test) => test.id),
    ...base.brokenFiles,
  ];
  return red.length > 0 || base.colour === 'unsettled' ? red : [base.name];
}
