import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IsolationLevel } from '../../../shared/goal/vocabulary.ts';
import type { Artifacts, Clock, Gates, Log, Workspaces } from '../../runtime/ports.ts';
import type { ManagedProcess, SpawnOptions } from '../process/types.ts';
import { checkBase } from './check-base.ts';
import { guarded } from './failures.ts';
import { findGates } from './find.ts';
import { createLanes } from './lane.ts';
import { oracleDigest } from './oracle-digest.ts';
import { removeTree } from '../process/remove-tree.ts';
import { installSetup, setup } from './setup.ts';
import { toolPath } from './tools.ts';
import type { ToolPath } from './tools.ts';
import type { VerifyDeps } from './session.ts';
import { verify } from './verify.ts';
import { createVersions } from './versions.ts';

export type GatesDeps = {
  readonly workspaces: Pick<Workspaces, 'tree' | 'writeTree' | 'diff'>;
  readonly artifacts: Artifacts;
  readonly spawn: (options: SpawnOptions) => ManagedProcess;
  /** What this system gives; asked once. */
  readonly isolationAvailable: () => Promise<{ readonly use: 'namespaces' | 'none'; readonly note: string }>;
  /** Folder for runs, owned by this host alone: what is in it at the start is left over and is removed. */
  readonly verifyRoot: string;
  /** Folder for prepared dependencies; kept. */
  readonly cacheRoot: string;
  /** The person's PATH. */
  readonly toolPath: string;
  /** Folders whose programs are never used: projects, worktrees. */
  readonly forbiddenTools: readonly string[];
  /** Folders no gate may see: state directory, vault. Must exist when asked for. */
  readonly hidden: () => readonly string[];
  readonly redact: (text: string) => string;
  readonly platform: string;
  readonly clock: Clock;
  readonly log: Log;
};

/** Implements the `Gates` port with real processes on clean trees. */
export function createGates(deps: GatesDeps): Gates {
  let tools: Promise<ToolPath> | null = null;
  let wired: Promise<VerifyDeps> | null = null;
  const theTools = (): Promise<ToolPath> => (tools ??= toolPath(deps.toolPath, deps.forbiddenTools));
  const ready = (): Promise<VerifyDeps> => (wired ??= wire(deps, theTools()));
  const reached = async (
    wanted: 'namespaces' | 'none',
  ): Promise<{ readonly level: IsolationLevel; readonly note: string }> => {
    const available = await deps.isolationAvailable();
    if (available.use === 'namespaces' && wanted === 'namespaces')
      return {
        level: 'L2',
        note: 'Gates run in namespaces of their own, where folders of agents do not exist.',
      };
    const why = available.use === 'none' ? available.note : 'Namespaces were switched off for this goal.';
    return {
      level: 'L0',
      note: `${why} Gates run in folders with random names; other agents may be running.`,
    };
  };
  return {
    find: async (tree) => findGates(tree, await theTools()),
    digest: (tree, gates) => oracleDigest(tree, gates),
    isolation: (wanted) => reached(wanted),
    setup: (o) => guarded(async () => setup(await ready(), o, (await reached(o.isolation)).level === 'L2')),
    checkBase: (o) => guarded(async () => checkBase(await ready(), o, (await reached(o.isolation)).level)),
    verify: (o) => guarded(async () => verify(await ready(), o, await reached(o.isolation))),
    installSetup: (o) => guarded(async () => installSetup(await ready(), o.sealed, o.dir)),
  };
}

async function wire(deps: GatesDeps, tools: Promise<ToolPath>): Promise<VerifyDeps> {
  mkdirSync(deps.verifyRoot, { recursive: true, mode: 0o700 });
  mkdirSync(deps.cacheRoot, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(deps.verifyRoot)) {
    if (name.startsWith('.')) continue;
    await removeTree(join(deps.verifyRoot, name)).catch(() => {
      deps.log.warn('A left-over verification folder could not be removed.', { name });
    });
  }
  const run = {
    spawn: deps.spawn,
    artifacts: deps.artifacts,
    tools: await tools,
    redact: deps.redact,
    monotonic: () => deps.clock.monotonic(),
  };
  return {
    ...run,
    workspaces: deps.workspaces,
    verifyRoot: deps.verifyRoot,
    cacheRoot: deps.cacheRoot,
    hidden: () => [...deps.hidden(), deps.verifyRoot, deps.cacheRoot],
    lanes: createLanes(),
    versions: createVersions(run),
    platform: deps.platform,
  };
}
