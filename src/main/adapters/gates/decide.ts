import type { Failure, Finding, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import { compareGate } from '../../runtime/verification/compare-gate.ts';
import type { GateComparison } from '../../runtime/verification/compare-gate.ts';
import { skippedRecord } from '../../runtime/verification/gate-record.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { literalTitles } from '../../runtime/verification/test-source.ts';
import { canaryFor, withCanary } from './canary-for.ts';
import { enoughRuns } from './check-base.ts';
import { isUnwritable } from './failures.ts';
import { inlineNote } from './inline-note.ts';
import type { Overlay } from './overlay.ts';
import type { CanaryResult } from './run-canary.ts';
import type { Session } from './session.ts';
import { withRemarks } from './remarks.ts';
import { rerunRedFirst } from './rerun-red-first.ts';
import { unlistedTests } from './unlisted-tests.ts';

export type Decided = {
  readonly comparisons: readonly GateComparison[];
  readonly findings: readonly Finding[];
  readonly runs: readonly {
    readonly gate: GateSpec;
    readonly runs: readonly GateRun[];
    readonly canary: CanaryResult | null;
  }[];
};

/** Every selected gate on the candidate under one oracle, held against base, with a canary where something went green. */
export async function decide(
  s: Session,
  overlay: Overlay,
  approvedPaths: ReadonlySet<string>,
): Promise<Result<Decided, Failure>> {
  const comparisons: GateComparison[] = [];
  const findings: Finding[] = [];
  const all: Decided['runs'][number][] = [];
  const gates = s.gates;
  for (const [index, gate] of gates.entries()) {
    if (
      gate.cost === 'slow' &&
      comparisons.some(({ record }) => record.required && record.outcome !== 'passed')
    ) {
      const record = skippedRecord(gate, 'Not run: a cheaper gate did not pass.');
      comparisons.push({ record, redToGreen: [], greenToRed: [], gone: false, red: [] });
      continue;
    }
    const base = s.gateBases.get(gate.name) ?? unknownBase(gate);
    const red = base.expected.filter((test) => test.outcome === 'failed').map((test) => test.file);
    const redFiles = gate.parser === 'none' ? [] : [...new Set([...red, ...base.brokenFiles])];
    const runs: GateRun[] = [];
    while (!enoughRuns(gate, runs)) {
      s.o.progress(`Run ${runs.length + 1} of ${gate.repeat}: ${gate.name}`, index, gates.length);
      // The first run sees the very bytes of base; every other one the same tests with a remark at their end, so that code
      // which knows a test file by its bytes cannot tell a repeat from a canary.
      const its = runs.length === 0 ? overlay : await withRemarks(s, redFiles, overlay);
      const run = await s.run(gate, s.o.candidate.tree, its);
      if (!run.ok) return isUnwritable(run.error) ? ok(unwritable(s, run.error)) : run;
      runs.push(run.value);
      if (run.value.voided !== null) {
        findings.push(runFinding('oracle.changed_while_running', gate.name, run.value.voided));
        break;
      }
    }
    const titles = await staticTitles(s, base, approvedPaths);
    const settled = await rerunRedFirst({
      gate,
      runs,
      compare: (some) => compareGate(gate, base, some, titles),
      run: async (one) => {
        s.o.progress(`Once more: ${gate.name}`, index, gates.length);
        return s.run(one, s.o.candidate.tree, await withRemarks(s, redFiles, overlay));
      },
    });
    if (!settled.ok) return settled;
    const { compared, whole, alone } = settled.value;
    for (const run of [...whole.slice(runs.length), ...(alone === null ? [] : [alone])])
      if (run.voided !== null)
        findings.push(runFinding('oracle.changed_while_running', gate.name, run.voided));
    const unlisted =
      compared.record.outcome === 'passed' ? await unlistedTests(s, gate, base, whole, approvedPaths) : null;
    if (unlisted !== null) findings.push(unlisted);
    const canary = await canaryFor(s, gate, base, compared, overlay);
    if (!canary.ok) return canary;
    const result = canary.value;
    if (result !== null && result.survived.length > 0)
      findings.push(
        runFinding(
          'canary.passed',
          gate.name,
          `${result.survived[0] === gate.name ? 'This gate' : result.survived[0]} still passes when what it expects is made wrong, so its passing proves nothing.`,
        ),
      );
    const inline = await inlineNote(s, base);
    const record = result === null ? compared.record : withCanary(compared.record, result);
    comparisons.push({
      ...compared,
      record: inline === null ? record : { ...record, notes: [inline, ...record.notes].slice(0, 20) },
    });
    all.push({ gate, runs: alone === null ? whole : [...whole, alone], canary: result });
  }
  return ok({ comparisons, findings, runs: all });
}

/** Nothing can run on a tree that must not be written: that is an answer about the candidate, not about omk. */
function unwritable(s: Session, failure: Failure): Decided {
  return {
    comparisons: s.gates.map((gate) => ({
      record: skippedRecord(gate, 'Not run: this tree cannot be written.'),
      redToGreen: [],
      greenToRed: [],
      gone: false,
      red: [],
    })),
    findings: [runFinding('path.unwritable', '', failure.message)],
    runs: [],
  };
}

async function staticTitles(
  s: Session,
  base: GateBase,
  approvedPaths: ReadonlySet<string>,
): Promise<Map<string, readonly string[]>> {
  const titles = new Map<string, readonly string[]>();
  for (const file of base.brokenFiles) {
    const bytes = await (approvedPaths.has(file) ? s.theirs : s.base).read(file, 1024 * 1024);
    if (bytes !== null) titles.set(file, literalTitles(file, new TextDecoder().decode(bytes)));
  }
  return titles;
}

/** A gate that base was not asked about can neither be red first nor be missed. */
function unknownBase(gate: GateSpec): GateBase {
  return { name: gate.name, colour: 'unsettled', parsed: false, expected: [], atLeast: [], brokenFiles: [] };
}

export function runFinding(rule: string, gate: string, message: string): Finding {
  return {
    rule,
    severity: 'blocker',
    effect: 'breach',
    file: gate,
    line: null,
    message: message.slice(0, 1_000),
  };
}
