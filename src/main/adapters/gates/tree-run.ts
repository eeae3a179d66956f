import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Failure, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { GoalId, Oid } from '../../../shared/kernel/ids.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { isCode } from '../../runtime/verification/locked.ts';
import type { Workspaces } from '../../runtime/ports.ts';
import { cancelled, guarded, missingEnv } from './failures.ts';
import type { Lanes } from './lane.ts';
import { applyOverlay, changedLocked } from './overlay.ts';
import type { Overlay } from './overlay.ts';
import { removeTree } from '../process/remove-tree.ts';
import { makePlace } from './place.ts';
import type { Place } from './place.ts';
import { runGate } from './run-gate.ts';
import type { Observer, RunDeps } from './run-gate.ts';
import { stamp, stampFiles, touched } from './seal.ts';

export type TreeRunDeps = RunDeps & {
  readonly workspaces: Pick<Workspaces, 'writeTree'>;
  /** Folder of ours, 0700, in which every run has a folder with a name nobody can guess. */
  readonly verifyRoot: string;
  /** Folders no gate may see, besides those of the goal: state, vault, other runs. */
  readonly hidden: () => readonly string[];
  readonly lanes: Lanes;
};

/** Puts dependencies that were prepared beforehand into a place; a `Failure` when they are not what was sealed. */
export type InstallDeps = (place: Place) => Promise<Result<readonly string[], Failure>>;

export type TreeRun = {
  readonly goalId: GoalId;
  readonly tree: Oid;
  readonly overlay: Overlay | null;
  readonly install: InstallDeps | null;
  readonly namespaces: boolean;
  readonly gate: GateSpec;
  readonly env: Readonly<Record<string, string>>;
  readonly hide: readonly string[];
  readonly observe?: Observer;
  readonly signal: AbortSignal;
};

/**
 * One gate, once, on a fresh tree (decisions X9). If omk dies in between, only a folder below the verification root is left,
 * which the next start removes.
 */
export async function runOnTree(deps: TreeRunDeps, o: TreeRun): Promise<Result<GateRun, Failure>> {
  const missing = o.gate.env.filter((name) => !Object.hasOwn(o.env, name));
  if (missing.length > 0) return err(missingEnv(o.gate.name, missing));
  const env = Object.fromEntries(o.gate.env.map((name) => [name, o.env[name] ?? '']));
  const once = (): Promise<Result<GateRun, Failure>> =>
    withPlace(deps, o, async (place) => {
      const written = await prepare(deps, o, place);
      if (!written.ok) return written;
      const judging = [...(o.overlay?.expected.keys() ?? [])].filter(isCode);
      const stamps = async (): Promise<ReadonlyMap<string, string>[]> => [
        // Bytes can be put back before anybody looks; the time of their last change cannot.
        await stampFiles(place.tree, judging),
        ...(await Promise.all(written.value.map(stamp))),
      ];
      const before = await stamps();
      const run = await runGate(deps, { ...o, place, env, hide: [...o.hide, ...deps.hidden()] });
      if (o.signal.aborted) return err(cancelled);
      if (!run.ok) return run;
      const after = await stamps();
      return ok({
        ...run.value,
        voided: run.value.voided ?? (await tampering(place, o.overlay, before, after)),
      });
    });
  return o.gate.exclusive ? deps.lanes(`gate ${o.gate.name}`, once) : once();
}

/** Makes the folders of a run, always removes them. Without namespaces all runs of a goal share one path, one at a time. */
export async function withPlace<T>(
  deps: TreeRunDeps,
  o: { readonly goalId: GoalId; readonly namespaces: boolean; readonly signal: AbortSignal },
  work: (place: Place) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  if (o.signal.aborted) return err(cancelled);
  const root = o.namespaces
    ? join(deps.verifyRoot, randomBytes(12).toString('hex'))
    : await goalRoot(deps.verifyRoot, o.goalId);
  const inPlace = async (): Promise<Result<T, Failure>> => {
    try {
      const done = await guarded(async () => work(await makePlace(root, o.namespaces)));
      return !done.ok && o.signal.aborted ? err(cancelled) : done;
    } finally {
      await removeTree(root).catch(() => undefined); // whatever is left is removed at the next start
    }
  };
  return o.namespaces ? inPlace() : deps.lanes(root, inPlace);
}

/** The same unguessable path for every run of a goal, also after a restart (decisions H2, H19). */
export async function goalRoot(verifyRoot: string, goalId: GoalId): Promise<string> {
  await mkdir(verifyRoot, { recursive: true, mode: 0o700 });
  const file = join(verifyRoot, '.names');
  await writeFile(file, randomBytes(32), { mode: 0o600, flag: 'wx' }).catch(() => undefined); // it exists already
  const name = createHmac('sha256', await readFile(file))
    .update(goalId)
    .digest('hex');
  return join(verifyRoot, name.slice(0, 24));
}

async function prepare(
  deps: TreeRunDeps,
  o: TreeRun,
  place: Place,
): Promise<Result<readonly string[], Failure>> {
  const { goalId, tree, signal } = o;
  const written = await deps.workspaces.writeTree({ goalId, tree, dir: place.tree, signal });
  if (!written.ok) return written;
  if (o.overlay !== null) await applyOverlay(place.tree, o.overlay);
  return o.install === null ? ok([]) : o.install(place);
}

async function tampering(
  place: Place,
  overlay: Overlay | null,
  before: readonly ReadonlyMap<string, string>[],
  after: readonly ReadonlyMap<string, string>[],
): Promise<string | null> {
  const locked = overlay === null ? [] : await changedLocked(place.tree, overlay);
  const deps = before.flatMap((stamps, index) => touched(stamps, after[index] ?? new Map()));
  const paths = [...locked, ...deps];
  return paths.length === 0
    ? null
    : `Files of the oracle changed while this gate ran (${paths.slice(0, 3).join(', ')}), so the run counts for nothing.`;
}
