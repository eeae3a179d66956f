import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { createArtifacts } from '../../src/main/adapters/artifacts/store.ts';
import { createGates } from '../../src/main/adapters/gates/gates.ts';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import type { Artifacts, GateContext, Gates } from '../../src/main/runtime/ports.ts';
import { defaultPolicy } from '../../src/shared/goal/vocabulary.ts';
import type { GateSpec, GoalPolicy } from '../../src/shared/goal/vocabulary.ts';
import type { Payload } from '../../src/shared/goal/events.ts';
import { goalIdFrom } from '../../src/shared/kernel/ids.ts';
import type { Digest, Oid } from '../../src/shared/kernel/ids.ts';
import { redactText } from '../../src/shared/redact.ts';
import { testRepository } from './git-workspaces.ts';
import type { Files, TestRepository } from './git-workspaces.ts';

// Every test here starts dozens of processes; a busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

export type GateWorld = {
  readonly repo: TestRepository;
  readonly gates: Gates;
  readonly artifacts: Artifacts;
  readonly root: string;
  /** What the person's PATH would be: system programs and the Node that runs these tests. */
  readonly base: { readonly commit: Oid; readonly tree: Oid };
  readonly found: readonly GateSpec[];
  readonly context: (overrides?: Partial<GateContext>) => GateContext;
  readonly prepare: () => Promise<{ sealed: Payload<'setup.sealed'> | null; base: Payload<'base.checked'> }>;
  /** Verifies base plus these changes. */
  readonly verify: (
    change: Files,
    o?: VerifyChange,
  ) => Promise<Omit<Payload<'candidate.verified'>, 'attemptId'>>;
  readonly remove: () => void;
};
export type VerifyChange = {
  readonly policy?: Partial<GoalPolicy>;
  readonly approvedOracles?: readonly Digest[];
  readonly hideDirs?: readonly string[];
};

export const goalId = goalIdFrom(Date.UTC(2026, 0, 1), '0a1b2c3d');

export type WorldOptions = {
  readonly isolation?: 'namespaces' | 'none';
  /** Gates as a person would write them, instead of what is found. */
  readonly gates?: readonly GateSpec[];
  readonly toolPath?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How much faster than real time gates seem to take, for those that should seem slow. */
  readonly haste?: number;
};

/** A repository with real gates on it; everything lives below one temporary folder. */
export async function gateWorld(files: Files, o: WorldOptions = {}): Promise<GateWorld> {
  const root = mkdtempSync(join(tmpdir(), 'omk-gates-'));
  const repo = testRepository();
  const base = repo.commit(files);
  const artifacts = createArtifacts(join(root, 'artifacts'));
  const state = join(root, 'state');
  mkdirSync(state);
  const gates = createGates({
    workspaces: repo,
    artifacts,
    spawn: spawnManaged,
    isolationAvailable,
    verifyRoot: join(root, 'verify'),
    cacheRoot: join(root, 'cache'),
    toolPath: o.toolPath ?? process.env['PATH'] ?? '/usr/bin:/bin',
    forbiddenTools: [repo.dir],
    hidden: () => [state],
    redact: (text) => redactText(text).text,
    platform: `${process.platform}-${process.arch}`,
    clock: { now: () => Date.now(), monotonic: () => performance.now() * (o.haste ?? 1) },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const tree = repo.tree(goalId, base.tree);
  const oracle = await gates.find(tree);
  const found = o.gates ?? (oracle.type === 'found' ? oracle.gates : []);
  const digest = await gates.digest(tree, found);
  const context = (overrides: Partial<GateContext> = {}): GateContext => ({
    goalId,
    gates: found.filter((gate) => gate.selected),
    baseTree: base.tree,
    oracleDigest: digest,
    isolation: o.isolation ?? 'namespaces',
    env: o.env ?? {},
    signal: new AbortController().signal,
    progress: () => undefined,
    ...overrides,
  });
  let prepared: Promise<{ sealed: Payload<'setup.sealed'> | null; base: Payload<'base.checked'> }> | null =
    null;
  const prepare = async (): Promise<{
    sealed: Payload<'setup.sealed'> | null;
    base: Payload<'base.checked'>;
  }> => {
    const needed = found.some((gate) => gate.kind === 'setup' && gate.selected);
    const setup = needed ? await gates.setup(context()) : null;
    if (setup !== null && !setup.ok)
      throw new Error(`${setup.error.message} ${JSON.stringify(setup.error.detail)}`);
    const checked = await gates.checkBase({ ...context(), sealed: setup?.value ?? null });
    if (!checked.ok) throw new Error(checked.error.message);
    return { sealed: setup?.value ?? null, base: checked.value };
  };
  return {
    repo,
    gates,
    artifacts,
    root,
    base,
    found,
    context,
    prepare: () => (prepared ??= prepare()),
    async verify(change, options = {}) {
      const ready = await (prepared ??= prepare());
      repo.checkout(base.commit);
      const candidate = repo.commit(change);
      const verified = await gates.verify({
        ...context(),
        ...ready,
        candidate,
        policy: { ...defaultPolicy, ...options.policy },
        approvedOracles: options.approvedOracles ?? [],
        hideDirs: options.hideDirs ?? [repo.dir],
        outside: [],
      });
      if (!verified.ok) throw new Error(`${verified.error.code}: ${verified.error.message}`);
      return verified.value;
    },
    remove() {
      repo.remove();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
