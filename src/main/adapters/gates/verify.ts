import type { Payload } from '../../../shared/goal/events.ts';
import type { Failure, Finding, GateRecord, IsolationLevel } from '../../../shared/goal/vocabulary.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { isBuildDefinition } from '../../runtime/verification/judge-paths.ts';
import { reviewSections } from '../../runtime/verification/review/sections.ts';
import { candidatePassed, reasonsAgainst } from '../../runtime/verification/assess.ts';
import { runEvidence } from './base-evidence.ts';
import { inOrder } from './check-base.ts';
import { decide } from './decide.ts';
import type { Decided } from './decide.ts';
import { changedGoldens, changedTestQuestions, redIsExplained } from './explained.ts';
import { openSession } from './open-session.ts';
import { ownTestPaths, runOwnTests } from './own-tests.ts';
import type { OwnTests } from './own-tests.ts';
import { GATES_FILE } from './toml.ts';
import type { VerifyDeps, VerifyOptions } from './session.ts';

type Verified = Omit<Payload<'candidate.verified'>, 'attemptId'>;

/**
 * The deciding run: the candidate's product files under base's oracle, plus what can be read off the change itself. Returns a
 * `Failure` only when no verdict could be reached; a candidate that does not pass is a value.
 */
export async function verify(
  deps: VerifyDeps,
  o: VerifyOptions,
  isolation: { readonly level: IsolationLevel; readonly note: string },
): Promise<Result<Verified, Failure>> {
  const opened = await openSession(deps, o, isolation.level === 'L2');
  if (!opened.ok) return opened;
  const { session, overlay, examined, approved, findings } = opened.value;
  const decided = await decide(session, overlay, approved);
  if (!decided.ok) return decided;
  findings.push(...decided.value.findings);

  const { comparisons } = decided.value;
  const firstLook = {
    records: comparisons.map((one) => one.record),
    findings,
    greenToRed: comparisons.flatMap((one) => one.greenToRed),
    ownRecords: [],
  };
  const explained = redIsExplained(session, comparisons, findings);
  const byOracle = unique(comparisons.flatMap((one) => one.redToGreen));
  const own = ownTestPaths(session.plan, approved);
  const wanted = candidatePassed(firstLook) || explained;
  const ownTests =
    wanted && own.size > 0 ? await runOwnTests(session, own, byOracle.length === 0) : ok(noTests);
  if (!ownTests.ok) return ownTests;
  // Tests that a person approved are the oracle, and what they show on base product code is red first.
  const approvedTests =
    wanted && approved.size > 0 && byOracle.length === 0
      ? await runOwnTests(session, approved, true)
      : ok(noTests);
  if (!approvedTests.ok) return approvedTests;
  byOracle.push(...approvedTests.value.redToGreen);

  // Red because of what is recorded, and green with what the change records instead: a person decides on the difference.
  const goldens = wanted ? new Set<string>() : changedGoldens(session.plan, approved, findings);
  const rerecorded = goldens.size > 0 ? await runOwnTests(session, goldens, false) : ok(noTests);
  if (!rerecorded.ok) return rerecorded;
  const byGoldens =
    rerecorded.value.records.length > 0 &&
    rerecorded.value.records.every((record) => record.outcome === 'passed') &&
    firstLook.records.every((record) => record.kind !== 'probe' || record.outcome === 'passed');

  const assessment = { ...firstLook, ownRecords: ownTests.value.records };
  const redToGreen = byOracle.length > 0 ? byOracle : ownTests.value.redToGreen;
  const passed = candidatePassed(assessment);
  const breach = findings.some((finding) => finding.effect === 'breach');
  const asks =
    passed ||
    (explained && ownTests.value.records.every((record) => record.outcome === 'passed')) ||
    (!breach && byGoldens) ||
    // Other gates than those that are red now: whoever wrote them must say so to a person.
    (!breach && approved.size === 0 && session.plan.changed.some((change) => change.path === GATES_FILE)) ||
    // What is built may have to change with the product; with the definitions of base red says nothing.
    (!breach &&
      approved.size === 0 &&
      session.plan.changed.some(({ kind, path }) => kind === 'runner' && isBuildDefinition(path))) ||
    // Other dependencies need a fresh setup, which only a person may allow; until then red says nothing.
    (!breach && approved.size === 0 && session.plan.changed.some((change) => change.kind === 'lockfile'));
  // Red with the base oracle, and a person may decide it: said by a finding, so that nobody takes it for a pass.
  if (explained && asks) findings.push(...changedTestQuestions(session.plan));
  const evidence = await deps.artifacts.put(
    evidenceOf(o, isolation.level, decided.value, [ownTests.value, rerecorded.value], findings),
  );
  if (!evidence.ok) return evidence;
  const records = assessment.records.map((record) => withOwn(record, assessment.ownRecords));
  const asked = asks ? examined.proposedOracle : null;
  const lockedPatch = asked === null ? ok('') : await patchOf(deps, o, examined.needApproval);
  if (!lockedPatch.ok) return lockedPatch;
  const locked = new Set([...session.plan.changed.map((change) => change.path), ...examined.needApproval]);
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
    sections: reviewSections({ ...assessment, base: o.base.gates, reviewed: examined.reviewed }),
    changed: opened.value.changed.slice(0, 200).map((file) => ({ ...file, locked: locked.has(file.path) })),
    changedCount: opened.value.changed.length,
    diff: opened.value.patch,
    lockedChanged: examined.needApproval.slice(0, 100).map((path) => path.slice(0, 1_000)),
    ...(lockedPatch.value !== '' && { lockedPatch: lockedPatch.value }),
    proposedOracle: asked,
    reasons: reasonsAgainst(assessment),
    evidence: unique([evidence.value, ...records.flatMap((record) => record.evidence)]).slice(0, 200),
    toolVersions: await deps.versions(inOrder(o.gates)),
  });
}

const MAX_LOCKED_PATCH = 12_000;

/** The change of the oracle itself, for the question whether it may be. */
async function patchOf(
  { workspaces }: VerifyDeps,
  o: VerifyOptions,
  paths: readonly string[],
): Promise<Result<string, Failure>> {
  const diff = await workspaces.diff({
    goalId: o.goalId,
    from: o.baseTree,
    to: o.candidate.tree,
    paths,
    maxPatchBytes: MAX_LOCKED_PATCH,
  });
  if (!diff.ok) return diff;
  return ok(
    diff.value.truncated ? `${diff.value.patch}… The rest is in the diff of the result.\n` : diff.value.patch,
  );
}

const noTests: OwnTests = { records: [], runs: [], redToGreen: [] };

function evidenceOf(
  o: VerifyOptions,
  isolation: IsolationLevel,
  decided: Decided,
  extra: readonly OwnTests[],
  findings: readonly Finding[],
): string {
  return canonicalJson({
    v: 1,
    tree: o.candidate.tree,
    baseTree: o.baseTree,
    oracleDigest: o.oracleDigest,
    isolation,
    gates: decided.runs.map(({ gate, runs, canary }) => ({
      name: gate.name,
      argv: gate.argv,
      runs: runs.map(runEvidence),
      canary: canary === null ? null : { ...canary, runs: canary.runs.map(runEvidence) },
    })),
    own: extra.flatMap((one) => one.runs).map(runEvidence),
    findings,
  });
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
