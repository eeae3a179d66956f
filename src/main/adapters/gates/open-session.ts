import type { ChangedFile, Failure, Finding, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Digest } from '../../../shared/kernel/ids.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { reportedFiles } from '../../runtime/verification/base-result.ts';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import { matchingPaths } from '../../runtime/verification/match-paths.ts';
import { planOracle, withTheirs } from '../../runtime/verification/oracle-plan.ts';
import { readBaseEvidence } from './base-evidence.ts';
import { inOrder } from './check-base.ts';
import { runFinding } from './decide.ts';
import { dependencies } from './dependencies.ts';
import { examine } from './examine.ts';
import type { Examined } from './examine.ts';
import { furtherLocked } from './further-locked.ts';
import { baseGone, isUnwritable } from './failures.ts';
import { runGateOn } from './golden-run.ts';
import { fixtureFiles, judgedBy, lockedByPerson } from './judging.ts';
import { baseOverlay } from './overlay.ts';
import type { Overlay } from './overlay.ts';
import { refineGates } from './refine.ts';
import type { Session, VerifyDeps, VerifyOptions } from './session.ts';
import { changedRunners, installer, setup } from './setup.ts';
import { withPlace } from './tree-run.ts';

const MAX_PATCH = 20 * 1024 * 1024;

export type Opened = {
  readonly session: Session;
  /** The oracle of the deciding run. */
  readonly overlay: Overlay;
  readonly examined: Examined;
  /** Locked paths that a person approved as the slice has them; empty when nothing was. */
  readonly approved: ReadonlySet<string>;
  readonly findings: Finding[];
  readonly changed: readonly Omit<ChangedFile, 'locked'>[];
  readonly patch: Digest;
};

/** Reads base's results and the change, and settles which oracle decides: base's, or the one a person approved for this change. */
export async function openSession(
  deps: VerifyDeps,
  o: VerifyOptions,
  namespaces: boolean,
): Promise<Result<Opened, Failure>> {
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
  const gates = await refineGates(base, o.gates);
  const called = await judgedBy(base, gates);
  const further = await furtherLocked({ base, baseEntries, theirEntries, called, gates: stored.gates });
  // What a person locked is locked too where it is new, and what is new in a fixture would be expected of the change itself.
  const added = (await lockedByPerson(base)).flatMap((glob) => matchingPaths(glob, theirEntries));
  const plan = planOracle(
    baseEntries,
    theirEntries,
    new Set([...called, ...further.locked, ...added, ...fixtureFiles(gates, theirEntries)]),
    await dependencies(base, baseEntries),
  );
  const look = (writtenTree: string | null): Promise<Examined> =>
    examine({
      base,
      theirs,
      baseEntries,
      theirEntries,
      plan,
      changed: diff.value.files,
      outside: o.outside,
      calledScripts: calledScripts(o.gates),
      testsMayChange: o.policy.testsMayChange,
      reported: reportedFiles(stored.gates),
      gates,
      writtenTree,
    });
  // Targets of links are read from a written tree: nothing else says what a system makes of them.
  const examined = theirEntries.some((entry) => entry.mode === '120000')
    ? await withPlace(deps, { ...o, namespaces }, async (place) => {
        const dir = place.tree;
        const written = await deps.workspaces.writeTree({ ...o, tree: o.candidate.tree, dir });
        if (written.ok) return ok(await look(dir));
        // What no tree may hold is found by its name alone, and its links then count as leading out.
        return isUnwritable(written.error) ? ok(await look(null)) : written;
      })
    : ok(await look(null));
  if (!examined.ok) return examined;

  const { proposedOracle, needApproval } = examined.value;
  const isApproved = proposedOracle !== null && o.approvedOracles.includes(proposedOracle);
  const approved = new Set(isApproved ? needApproval : []);
  const findings = examined.value.findings.map((one) => (isApproved ? acceptedByPerson(one) : one));
  const overlay = await baseOverlay(isApproved ? withTheirs(plan, approved) : plan, base, theirs);
  for (const path of further.helpers) findings.push(changedHelper(path));
  for (const path of overlay.unrestorable) findings.push(unrestorable(path));

  let sealed = o.sealed;
  if (
    plan.changed.some((change) => change.kind === 'lockfile' && approved.has(change.path)) &&
    sealed !== null
  ) {
    o.progress('Setup with the approved dependencies', null, null);
    const fresh = await setup(deps, { ...o, baseTree: o.candidate.tree }, namespaces);
    if (!fresh.ok) return fresh;
    const runners = await changedRunners(deps, sealed, fresh.value);
    if (runners.length > 0)
      findings.push(
        runFinding(
          'oracle.runner_package',
          runners[0] ?? '',
          `With the new dependencies the test runner itself would be another (${runners.join(', ')}).`,
        ),
      );
    sealed = fresh.value;
  }
  const session: Session = {
    deps,
    gates: inOrder(gates),
    o,
    base,
    theirs,
    plan,
    gateBases: new Map(stored.gates.map((gate) => [gate.name, withoutFiles(gate, approved)])),
    run: (gate, tree, its) =>
      runGateOn(deps, {
        goalId: o.goalId,
        tree,
        overlay: its,
        install: installer(deps, tree === o.baseTree ? o.sealed : sealed),
        base: { tree: o.baseTree, install: installer(deps, o.sealed) },
        namespaces,
        gate,
        env: o.env,
        hide: o.hideDirs,
        signal: o.signal,
      }),
  };
  return ok({
    session,
    overlay,
    examined: examined.value,
    approved,
    findings,
    changed: diff.value.files,
    patch: patch.value,
  });
}

/** It may be the product itself, so it stays as the change has it, and only a person can say whether that is right. */
function changedHelper(path: string): Finding {
  return {
    rule: 'test.helper',
    severity: 'blocker',
    effect: 'question',
    file: path.slice(0, 1_000),
    line: null,
    message: 'Tests call assertions in this file, no product code uses it, and the change alters it.',
  };
}

function unrestorable(path: string): Finding {
  return {
    rule: 'oracle.unrestorable',
    severity: 'blocker',
    effect: 'breach',
    file: path.slice(0, 1_000),
    line: null,
    message: 'This file of the oracle was changed, and its kind or name does not let it be put back.',
  };
}

function withoutFiles(base: GateBase, files: ReadonlySet<string>): GateBase {
  if (files.size === 0) return base;
  // A case names the folder of its fixture.
  const folders = new Set([...files].flatMap(foldersOf));
  const expected = base.expected.filter((test) => !files.has(test.file) && !folders.has(test.file));
  const brokenFiles = base.brokenFiles.filter((file) => !files.has(file));
  const stillRed = brokenFiles.length > 0 || expected.some((test) => test.outcome === 'failed');
  // Red under another oracle is not red under this one: only what is left of it may go green.
  const colour = base.colour === 'red' && !stillRed ? 'unsettled' : base.colour;
  return { ...base, colour, expected, brokenFiles };
}

const foldersOf = (path: string): string[] =>
  path
    .split('/')
    .map((_, index, parts) => parts.slice(0, index).join('/'))
    .filter((folder) => folder !== '');

/** A person approved the oracle with these changes in it. */
function acceptedByPerson(finding: Finding): Finding {
  const oracle = finding.rule.startsWith('oracle.') || finding.rule.startsWith('test.');
  return oracle && finding.rule !== 'oracle.shadow'
    ? { ...finding, severity: 'note', effect: 'none' }
    : finding;
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
