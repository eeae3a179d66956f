import type { Payload } from '../../../shared/goal/events.ts';
import type {
  Failure,
  Finding,
  GateRecord,
  GateSpec,
  GoalPolicy,
  IsolationLevel,
} from '../../../shared/goal/vocabulary.ts';
import type { Digest, Oid } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { candidatePassed, reasonsAgainst, reviewSections } from '../../runtime/verification/assess.ts';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import { compareGate } from '../../runtime/verification/compare-gate.ts';
import type { GateComparison } from '../../runtime/verification/compare-gate.ts';
import { skippedRecord } from '../../runtime/verification/gate-record.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { planOracle, withTheirs } from '../../runtime/verification/oracle-plan.ts';
import type { OraclePlan } from '../../runtime/verification/oracle-plan.ts';
import { literalTitles } from '../../runtime/verification/test-source.ts';
import type { GateContext, TreeReader, Workspaces } from '../../runtime/ports.ts';
import { readBaseEvidence, runEvidence } from './base-evidence.ts';
import { enoughRuns, inOrder } from './check-base.ts';
import { examine } from './examine.ts';
import { baseGone } from './failures.ts';
import { calledFiles } from './oracle-digest.ts';
import { baseOverlay } from './overlay.ts';
import type { Overlay } from './overlay.ts';
import { ownTestPaths, runOwnTests } from './own-tests.ts';
import { runCanary } from './run-canary.ts';
import { installer } from './setup.ts';
import type { SetupDeps } from './setup.ts';
import { runOnTree, withPlace } from './tree-run.ts';

const MAX_PATCH = 20 * 1024 * 1024;

export type VerifyOptions = GateContext & {
  readonly sealed: Payload<'setup.sealed'> | null;
  readonly base: Payload<'base.checked'>;
  readonly candidate: { readonly commit: Oid; readonly tree: Oid };
  readonly policy: GoalPolicy;
  readonly approvedOracles: readonly Digest[];
  readonly hideDirs: readonly string[];
};
export type VerifyDeps = SetupDeps & { readonly workspaces: Pick<Workspaces, 'writeTree' | 'tree' | 'diff'> };

type Verified = Omit<Payload<'candidate.verified'>, 'attemptId'>;

/** What one verification works on; runs differ only in tree, oracle and gate. */
export type Session = {
  readonly deps: VerifyDeps;
  readonly o: VerifyOptions;
  readonly base: TreeReader;
  readonly theirs: TreeReader;
  readonly plan: OraclePlan;
  readonly gateBases: ReadonlyMap<string, GateBase>;
  readonly run: (gate: GateSpec, tree: Oid, overlay: Overlay) => Promise<Result<GateRun, Failure>>;
};

/**
 * The deciding run: the candidate's product files under base's oracle, plus what can be read off the change itself. Returns a
 * `Failure` only when no verdict could be reached; a candidate that does not pass is a value.
 */
export async function verify(
  deps: VerifyDeps,
  o: VerifyOptions,
  isolation: { readonly level: IsolationLevel; readonly note: string },
): Promise<Result<Verified, Failure>> {
  const stored = await readBaseEvidence(deps.artifacts, o.base.evidence);
  if (stored === null || stored.tree !== o.baseTree) return err(baseGone);
  const diff = await deps.workspaces.diff({
    goalId: o.goalId,
    from: o.baseTree,
    to: o.candidate.tree,
    maxPatchBytes: MAX_PATCH,
  });
  if (!diff.ok) return diff;
  const patch = await deps.artifacts.put(diff.value.patch);
  if (!patch.ok) return patch;

  const base = deps.workspaces.tree(o.goalId, o.baseTree);
  const theirs = deps.workspaces.tree(o.goalId, o.candidate.tree);
  const [baseEntries, theirEntries] = [await base.all(), await theirs.all()];
  const plan = planOracle(baseEntries, theirEntries, calledFiles(o.gates, baseEntries));
  const look = (writtenTree: string | null): ReturnType<typeof examine> =>
    examine({
      base,
      theirs,
      baseEntries,
      theirEntries,
      plan,
      changed: diff.value.files,
      calledScripts: calledScripts(o.gates),
      testsMayChange: o.policy.testsMayChange,
      writtenTree,
    });
  const namespaces = isolation.level === 'L2';
  const examined = theirEntries.some((entry) => entry.mode === '120000')
    ? await withPlace(deps, { ...o, namespaces }, async (place) => {
        const dir = place.tree;
        const written = await deps.workspaces.writeTree({ ...o, tree: o.candidate.tree, dir });
        return written.ok ? ok(await look(dir)) : written;
      })
    : ok(await look(null));
  if (!examined.ok) return examined;

  const { proposedOracle, needApproval } = examined.value;
  const approved = proposedOracle !== null && o.approvedOracles.includes(proposedOracle);
  const approvedPaths = new Set(approved ? needApproval : []);
  const decidingPlan = approved ? withTheirs(plan, approvedPaths) : plan;
  const overlay = await baseOverlay(decidingPlan, base, theirs);
  const session: Session = {
    deps,
    o,
    base,
    theirs,
    plan,
    gateBases: new Map(stored.gates.map((gate) => [gate.name, withoutFiles(gate, approvedPaths)])),
    run: (gate, tree, its) =>
      runOnTree(deps, {
        goalId: o.goalId,
        tree,
        overlay: its,
        install: installer(deps, o.sealed),
        namespaces,
        gate,
        env: o.env,
        hide: o.hideDirs,
        signal: o.signal,
      }),
  };

  const decided = await decide(session, overlay, approvedPaths);
  if (!decided.ok) return decided;
  const findings: Finding[] = [
    ...examined.value.findings.map((one) => (approved ? acceptedByPerson(one) : one)),
  ];
  findings.push(...decided.value.findings);
  for (const path of overlay.unrestorable)
    findings.push({
      rule: 'oracle.unrestorable',
      severity: 'blocker',
      effect: 'breach',
      file: path.slice(0, 1_000),
      line: null,
      message:
        'This file of the oracle was changed and is a link or submodule on base, so it cannot be put back.',
    });

  const comparisons = decided.value.comparisons;
  const firstLook = {
    records: comparisons.map((one) => one.record),
    findings,
    greenToRed: comparisons.flatMap((one) => one.greenToRed),
    ownRecords: [],
    needApproval,
  };
  const explained = redIsExplained(session, comparisons, findings);
  const own = ownTestPaths(plan, approvedPaths);
  const ownTests =
    own.size > 0 && (candidatePassed(firstLook) || explained)
      ? await runOwnTests(
          session,
          own,
          comparisons.every((one) => one.redToGreen.length === 0),
        )
      : ok({ records: [] as GateRecord[], runs: [] as GateRun[], redToGreen: [] as string[] });
  if (!ownTests.ok) return ownTests;

  const assessment = { ...firstLook, ownRecords: ownTests.value.records };
  const byOracle = unique(comparisons.flatMap((one) => one.redToGreen));
  const redToGreen = byOracle.length > 0 ? byOracle : ownTests.value.redToGreen;
  const passed = candidatePassed(assessment);
  const asks = passed || (explained && ownTests.value.records.every((record) => record.outcome === 'passed'));
  // Red with the base oracle, and a person may decide it: said by a finding, so that nobody takes it for a pass.
  if (asks && !passed) findings.push(...changedTestQuestions(plan));
  const evidence = await deps.artifacts.put(
    canonicalJson({
      v: 1,
      tree: o.candidate.tree,
      baseTree: o.baseTree,
      oracleDigest: o.oracleDigest,
      isolation: isolation.level,
      gates: decided.value.runs.map(({ gate, runs, canary }) => ({
        name: gate.name,
        argv: gate.argv,
        runs: runs.map(runEvidence),
        canary: canary === null ? null : { ...canary, runs: canary.runs.map(runEvidence) },
      })),
      own: ownTests.value.runs.map(runEvidence),
      findings,
    }),
  );
  if (!evidence.ok) return evidence;
  const records = assessment.records.map((record) => withOwn(record, assessment.ownRecords));
  const locked = new Set([...plan.changed.map((change) => change.path), ...needApproval]);
  return ok({
    commit: o.candidate.commit,
    tree: o.candidate.tree,
    baseTree: o.baseTree,
    oracleDigest: o.oracleDigest,
    isolation: isolation.level,
    isolationNote: isolation.note.slice(0, 500),
    passed,
    gates: records.slice(0, 100),
    redToGreen: capped(redToGreen, 50),
    redToGreenCount: redToGreen.length,
    greenToRed: capped(unique(assessment.greenToRed), 50),
    onlyOwnTests: byOracle.length === 0 && redToGreen.length > 0,
    findings: mostTelling(findings).slice(0, 100),
    sections: reviewSections(assessment),
    changed: diff.value.files.slice(0, 200).map((file) => ({ ...file, locked: locked.has(file.path) })),
    changedCount: diff.value.files.length,
    diff: patch.value,
    lockedChanged: needApproval.slice(0, 100).map((path) => path.slice(0, 1_000)),
    proposedOracle: asks ? proposedOracle : null,
    reasons: reasonsAgainst(assessment),
    evidence: unique([evidence.value, ...records.flatMap((record) => record.evidence)]).slice(0, 200),
    toolVersions: await deps.versions(inOrder(o.gates)),
  });
}

type Decided = {
  readonly comparisons: readonly GateComparison[];
  readonly findings: readonly Finding[];
  readonly runs: readonly {
    readonly gate: GateSpec;
    readonly runs: readonly GateRun[];
    readonly canary: Awaited<ReturnType<typeof runCanary>> extends Result<infer C, Failure>
      ? C | null
      : never;
  }[];
};

async function decide(
  s: Session,
  overlay: Overlay,
  approvedPaths: ReadonlySet<string>,
): Promise<Result<Decided, Failure>> {
  const comparisons: GateComparison[] = [];
  const findings: Finding[] = [];
  const all: Decided['runs'][number][] = [];
  const gates = inOrder(s.o.gates);
  for (const [index, gate] of gates.entries()) {
    if (
      gate.cost === 'slow' &&
      comparisons.some(({ record }) => record.required && record.outcome !== 'passed')
    ) {
      const record = skippedRecord(gate, 'Not run: a cheaper gate did not pass.');
      comparisons.push({ record, redToGreen: [], greenToRed: [], red: [] });
      continue;
    }
    const runs: GateRun[] = [];
    while (!enoughRuns(gate, runs)) {
      s.o.progress(`Run ${runs.length + 1} of ${gate.repeat}: ${gate.name}`, index, gates.length);
      const run = await s.run(gate, s.o.candidate.tree, overlay);
      if (!run.ok) return run;
      runs.push(run.value);
      if (run.value.voided !== null) {
        findings.push(runFinding('oracle.changed_while_running', gate.name, run.value.voided));
        break;
      }
    }
    const base = s.gateBases.get(gate.name) ?? unknownBase(gate);
    const compared = compareGate(gate, base, runs, await staticTitles(s, base, approvedPaths));
    const canary = await canaryFor(s, gate, base, compared, overlay);
    if (!canary.ok) return canary;
    const result = canary.value;
    if (result !== null && result.survived.length > 0)
      findings.push(
        runFinding(
          'canary.passed',
          gate.name,
          `${result.survived[0]} still passes when what it expects is made wrong, so its passing proves nothing.`,
        ),
      );
    comparisons.push(
      result === null ? compared : { ...compared, record: withCanary(compared.record, result) },
    );
    all.push({ gate, runs, canary: result });
  }
  return ok({ comparisons, findings, runs: all });
}

async function canaryFor(
  s: Session,
  gate: GateSpec,
  base: GateBase,
  compared: GateComparison,
  overlay: Overlay,
): Promise<Awaited<ReturnType<typeof runCanary>> | { readonly ok: true; readonly value: null }> {
  const fileOf = new Map(base.expected.map((test) => [test.id, test.file]));
  const checks = compared.redToGreen.flatMap((id) => {
    const file = fileOf.get(id) ?? (base.brokenFiles.includes(id) ? id : null);
    return file === null ? [] : [{ id, file }];
  });
  if (compared.record.outcome !== 'passed' || checks.length === 0) return ok(null);
  s.o.progress(`Canary: ${gate.name}`, null, null);
  return runCanary({
    gate,
    checks,
    overlay,
    like: s.o.baseTree,
    read: async (path, max) => overlay.files.get(path)?.bytes ?? (await s.theirs.read(path, max)),
    run: (its) => s.run(gate, s.o.candidate.tree, its),
  });
}

function withCanary(
  record: GateRecord,
  canary: {
    readonly died: readonly string[];
    readonly survived: readonly string[];
    readonly without: readonly string[];
  },
): GateRecord {
  const planted = canary.died.length + canary.survived.length;
  const note =
    planted === 0
      ? 'No canary: no literal expectation was found to alter.'
      : `Canary: ${canary.died.length} of ${planted} altered ${planted === 1 ? 'test' : 'tests'} failed, as they must.`;
  return { ...record, notes: [...record.notes, note].slice(-20) };
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

/**
 * Decisions §1: red tests are a question instead of a verdict only if a person allowed tests to change before agents
 * started, and every red test is in a file that the slice changed.
 */
function redIsExplained(
  s: Session,
  comparisons: readonly GateComparison[],
  findings: readonly Finding[],
): boolean {
  if (!s.o.policy.testsMayChange || findings.some((finding) => finding.effect === 'breach')) return false;
  const changed = new Set(
    s.plan.changed.filter((change) => change.change === 'modified').map((change) => change.path),
  );
  const failing = comparisons.filter(({ record }) => record.required && record.outcome !== 'passed');
  return (
    failing.length > 0 &&
    failing.every(
      ({ record, red }) =>
        record.outcome === 'failed' && red.length > 0 && red.every((one) => changed.has(one.file)),
    )
  );
}

function withoutFiles(base: GateBase, files: ReadonlySet<string>): GateBase {
  if (files.size === 0) return base;
  return {
    ...base,
    expected: base.expected.filter((test) => !files.has(test.file)),
    brokenFiles: base.brokenFiles.filter((file) => !files.has(file)),
  };
}

/** A gate that base was not asked about can neither be red first nor be missed. */
function unknownBase(gate: GateSpec): GateBase {
  return { name: gate.name, colour: 'unsettled', parsed: false, expected: [], atLeast: [], brokenFiles: [] };
}

function changedTestQuestions(plan: OraclePlan): Finding[] {
  return plan.changed
    .filter(({ kind, change }) => kind === 'test' && change === 'modified')
    .map(({ path }) => ({
      rule: 'test.changed',
      severity: 'blocker',
      effect: 'question',
      file: path.slice(0, 1_000),
      line: null,
      message: 'Its tests fail as they are on base and pass as the change has them.',
    }));
}

/** A person approved the oracle with these changes in it. */
function acceptedByPerson(finding: Finding): Finding {
  const oracle = finding.rule.startsWith('oracle.') || finding.rule.startsWith('test.');
  return oracle && finding.rule !== 'oracle.shadow'
    ? { ...finding, severity: 'note', effect: 'none' }
    : finding;
}

function runFinding(rule: string, gate: string, message: string): Finding {
  return {
    rule,
    severity: 'blocker',
    effect: 'breach',
    file: gate,
    line: null,
    message: message.slice(0, 1_000),
  };
}

function withOwn(record: GateRecord, own: readonly GateRecord[]): GateRecord {
  const extra = own.find((one) => one.name === record.name);
  if (extra === undefined) return record;
  const note =
    extra.outcome === 'passed'
      ? 'Also passed with the tests that the change brings.'
      : 'Did not pass with the tests that the change brings.';
  return {
    ...record,
    notes: [note, ...record.notes].slice(0, 20),
    evidence: unique([...record.evidence, ...extra.evidence]).slice(0, 40),
  };
}

/** Names of package scripts that gates run, whether through npm or by our own argv. */
function calledScripts(gates: readonly GateSpec[]): Set<string> {
  return new Set(
    gates.flatMap((gate) => {
      const detected = /scripts\.(.+)$/.exec(gate.source)?.[1];
      const [program, first, second] = gate.argv;
      const named = ['npm', 'pnpm', 'yarn', 'bun'].includes(program ?? '')
        ? first === 'run' || first === 'run-script'
          ? second
          : first
        : undefined;
      return [detected, named].filter((name): name is string => name !== undefined);
    }),
  );
}

function mostTelling(findings: readonly Finding[]): Finding[] {
  const weight = { breach: 0, question: 1, none: 2 };
  const severity = { blocker: 0, warning: 1, note: 2 };
  return findings.toSorted(
    (a, b) => weight[a.effect] - weight[b.effect] || severity[a.severity] - severity[b.severity],
  );
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
const capped = (items: readonly string[], count: number): string[] =>
  items.slice(0, count).map((item) => (item.length > 500 ? `${item.slice(0, 499)}…` : item));
