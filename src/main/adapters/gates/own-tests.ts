import type { Failure, GateRecord, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { recordOf } from '../../runtime/verification/gate-record.ts';
import { runPassed } from '../../runtime/verification/gate-run.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { withTheirs } from '../../runtime/verification/oracle-plan.ts';
import type { OraclePlan } from '../../runtime/verification/oracle-plan.ts';
import { baseOverlay, contentOf } from './overlay.ts';
import type { Overlay } from './overlay.ts';
import type { Session } from './session.ts';

/** Tests and what they compare with, as far as the slice added or changed them. */
export function ownTestPaths(plan: OraclePlan, approved: ReadonlySet<string>): Set<string> {
  return new Set(
    plan.changed
      .filter(({ kind, change, path }) => {
        const ofTests =
          kind === 'test' || kind === 'golden' || kind === 'support' || /(?:^|\/)conftest\.py$/.test(path);
        return ofTests && change !== 'type' && !approved.has(path);
      })
      .map((change) => change.path),
  );
}

export type OwnTests = {
  readonly records: readonly GateRecord[];
  readonly runs: readonly GateRun[];
  /** Checks that are red when the new tests run on base product code, and green here. */
  readonly redToGreen: readonly string[];
};

/**
 * The extra run with the tests that the slice brings (decisions X5): it must be green too. `wantRed`: also run them on base
 * product code, because nothing else went red to green (X1).
 */
export async function runOwnTests(
  s: Session,
  own: ReadonlySet<string>,
  wantRed: boolean,
): Promise<Result<OwnTests, Failure>> {
  const overlay = await baseOverlay(withTheirs(s.plan, own), s.base, s.theirs);
  const onBase = wantRed ? await overlayOnBase(s, own) : null;
  const records: GateRecord[] = [];
  const all: GateRun[] = [];
  const redToGreen = new Set<string>();
  for (const gate of s.gates) {
    if (!gate.required || gate.kind === 'probe') continue;
    s.o.progress(`With the tests of the change: ${gate.name}`, null, null);
    const run = await s.run(gate, s.o.candidate.tree, overlay);
    if (!run.ok) return run;
    all.push(run.value);
    records.push(recordOf({ ...gate, repeat: 1 }, [run.value], []));
    if (onBase === null || !runPassed(run.value)) continue;
    s.o.progress(`New tests on base: ${gate.name}`, null, null);
    const before = await s.run(gate, s.o.baseTree, onBase);
    if (!before.ok) return before;
    all.push(before.value);
    for (const id of newlyGreen(s, gate, before.value, run.value)) redToGreen.add(id);
  }
  return ok({ records, runs: all, redToGreen: [...redToGreen] });
}

function newlyGreen(s: Session, gate: GateSpec, before: GateRun, after: GateRun): string[] {
  const base = s.gateBases.get(gate.name);
  if (before.report.state !== 'parsed' || after.report.state !== 'parsed') {
    // Without single tests, the gate as a whole is red with the new tests on base and green here.
    return !runPassed(before) && before.notStarted === null && before.voided === null ? [gate.name] : [];
  }
  const known = new Set(base?.expected.map((test) => test.id));
  const [was, is] = [before.report.report, after.report.report];
  const red = new Set(was.tests.filter((test) => test.outcome === 'failed').map((test) => test.id));
  const broken = new Set(was.fileErrors.map((error) => error.file));
  return is.tests
    .filter((test) => test.outcome === 'passed' && !known.has(test.id))
    .filter((test) => red.has(test.id) || broken.has(test.file))
    .map((test) => test.id);
}

/** Base as it is, with the slice's tests in place of its own. */
async function overlayOnBase(s: Session, own: ReadonlySet<string>): Promise<Overlay> {
  const files = new Map<string, NonNullable<Awaited<ReturnType<typeof contentOf>>>>();
  const remove: string[] = [];
  for (const { path, theirs } of s.plan.changed) {
    if (!own.has(path)) continue;
    const content = theirs === null ? null : await contentOf(s.theirs, theirs);
    if (content === null) remove.push(path);
    else files.set(path, content);
  }
  return { files, remove, expected: new Map(), unrestorable: [] };
}
