import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { foldGoal } from '../../shared/goal/evolve.ts';
import { GoalEvent } from '../../shared/goal/events.ts';
import type { Payload } from '../../shared/goal/events.ts';
import type { OpenGoal, Verification } from '../../shared/goal/state.ts';
import type { Failure } from '../../shared/goal/vocabulary.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import { redactText } from '../../shared/redact.ts';
import { createArtifacts } from '../adapters/artifacts/store.ts';
import { createGates } from '../adapters/gates/gates.ts';
import { createWorkspaces } from '../adapters/git/workspaces.ts';
import { isolationAvailable } from '../adapters/process/isolation.ts';
import { spawnManaged } from '../adapters/process/spawn.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { GateContext } from '../runtime/ports.ts';
import { compareRuns } from './rerun-compare.ts';

export type Rerun = {
  readonly commit: string;
  /** Gates whose outcome is what the proof says. */
  readonly same: readonly string[];
  /** What came out differently, one sentence each. */
  readonly problems: readonly string[];
  /** What differs without judging: tools, isolation. */
  readonly notes: readonly string[];
};

export type RerunOptions = {
  readonly proofPath: string;
  /** Where the commits are; `null`: the project the goal was opened on. */
  readonly repository: string | null;
  readonly path: string;
  readonly env: (names: readonly string[]) => Readonly<Record<string, string>>;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
};

/** The goal as the log beside a proof tells it; the caller has verified that log. */
export async function goalBeside(proofPath: string): Promise<OpenGoal | null> {
  const lines = (await readFile(join(dirname(proofPath), 'events.jsonl'), 'utf8')).trimEnd().split('\n');
  const state = foldGoal(lines.map((line) => GoalEvent.parse(JSON.parse(line))));
  return state.exists ? state : null;
}

/**
 * Runs every gate of a proof again: set up, on base, then on the recorded commit, in clean trees under a temporary folder, and
 * compares. Nothing of the state directory is used but the objects of the commit, so what is said does not lean on what was stored.
 */
export async function rerunProof(state: OpenGoal, o: RerunOptions): Promise<Result<Rerun, Failure>> {
  const recorded = state.verifications.at(-1);
  if (!recorded || !state.base || !state.oracle) return err(nothingToRun);
  const root = await realpath(await mkdtemp(join(tmpdir(), 'omk-rerun-')));
  const workspaces = createWorkspaces({
    workspaceRoot: join(root, 'work'),
    vaultRoot: join(root, 'vaults'),
    path: o.path,
  });
  try {
    const vault = join(dirname(o.proofPath), '..', '..', 'vaults', 'goals', state.goalId);
    const copied = await workspaces.adopt({
      goalId: state.goalId,
      repositories: [o.repository ?? state.opened.project.path, vault],
      commits: [state.base.commit, recorded.commit],
    });
    if (!copied.ok) return err(commitsMissing(recorded));
    const again = await runAgain(state, recorded, root, workspaces, o);
    return again.ok ? ok({ commit: recorded.commit, ...compareRuns(recorded, again.value) }) : again;
  } finally {
    workspaces.close();
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function runAgain(
  state: OpenGoal,
  recorded: Verification,
  root: string,
  workspaces: ReturnType<typeof createWorkspaces>,
  o: RerunOptions,
): Promise<Result<Omit<Payload<'candidate.verified'>, 'attemptId'>, Failure>> {
  const { base, oracle } = state;
  if (!base || !oracle) return err(nothingToRun);
  const gates = createGates({
    workspaces,
    artifacts: createArtifacts(join(root, 'artifacts')),
    spawn: spawnManaged,
    isolationAvailable,
    verifyRoot: join(root, 'verify'),
    cacheRoot: join(root, 'cache'),
    toolPath: o.path,
    forbiddenTools: [root],
    hidden: () => [join(root, 'vaults')],
    redact: (text) => redactText(text).text,
    platform: `${process.platform}-${process.arch}`,
    clock: systemClock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  const context: GateContext = {
    goalId: state.goalId,
    gates: oracle.gates.filter((gate) => gate.selected),
    baseTree: base.tree,
    oracleDigest: oracle.digest,
    isolation: state.opened.policy.isolation,
    env: o.env(oracle.gates.flatMap((gate) => gate.env)),
    signal: o.signal,
    progress: o.progress,
  };
  let sealed: Payload<'setup.sealed'> | null = null;
  if (context.gates.some((gate) => gate.kind === 'setup')) {
    const done = await gates.setup(context);
    if (!done.ok) return done;
    sealed = done.value;
  }
  const checked = await gates.checkBase({ ...context, sealed });
  if (!checked.ok) return checked;
  return gates.verify({
    ...context,
    sealed,
    base: checked.value,
    candidate: { commit: recorded.commit, tree: recorded.tree },
    policy: state.opened.policy,
    approvedOracles: state.approvedOracles.map((one) => one.digest),
    hideDirs: [],
    outside: state.candidates.findLast((one) => one.commit === recorded.commit)?.outside ?? [],
  });
}

const nothingToRun: Failure = {
  code: 'rerun.nothing',
  message: 'This proof verified nothing that could be run again.',
  retry: 'never',
  blame: 'person',
};

const commitsMissing = (recorded: Verification): Failure => ({
  code: 'rerun.commit_missing',
  message: `Commit ${recorded.commit} or its base is in no repository here. Name one that has both with --repo DIR.`,
  retry: 'never',
  blame: 'person',
});
