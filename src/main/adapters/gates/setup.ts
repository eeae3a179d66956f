import { lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Payload } from '../../../shared/goal/events.ts';
import { GateRecord } from '../../../shared/goal/vocabulary.ts';
import type { Failure, GateSpec } from '../../../shared/goal/vocabulary.ts';
import { Digest } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { runPassed } from '../../runtime/verification/gate-run.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { recordOf } from '../../runtime/verification/gate-record.ts';
import { lockClass, manifestKind } from '../../runtime/verification/locked.ts';
import type { GateContext, Workspaces } from '../../runtime/ports.ts';
import { cancelled, missingEnv, sealBroken } from './failures.ts';
import { sha256 } from './sha256.ts';
import { removeTree } from '../process/remove-tree.ts';
import { judgedBy } from './judging.ts';
import { NEUTRAL_ROOT, removeEntry } from './place.ts';
import type { Place } from './place.ts';
import { runGate } from './run-gate.ts';
import { copyTree, digestTree } from './seal.ts';
import { goalRoot, withPlace } from './tree-run.ts';
import { registryNames } from './registry-names.ts';
import type { InstallDeps, TreeRunDeps } from './tree-run.ts';

export type SetupDeps = TreeRunDeps & {
  readonly workspaces: Pick<Workspaces, 'writeTree' | 'tree'>;
  readonly cacheRoot: string;
  readonly versions: (gates: readonly GateSpec[]) => Promise<Record<string, string>>;
  readonly platform: string;
};

type Sealed = Payload<'setup.sealed'>;
const Stored = z.object({ digest: Digest, paths: z.array(z.string()), gates: z.array(GateRecord) });

/**
 * Runs the setup gates on base and seals what they leave (decisions H1, H2). The cache is written beside and renamed into
 * place, so that a kill leaves either nothing or a whole seal.
 */
export async function setup(
  deps: SetupDeps,
  o: GateContext,
  namespaces: boolean,
): Promise<Result<Sealed, Failure>> {
  const gates = o.gates.filter((gate) => gate.kind === 'setup' && gate.selected);
  const key = await setupKey(deps, o, gates, namespaces);
  return deps.lanes(`setup ${key}`, async () => {
    const stored = await readSeal(deps.cacheRoot, key);
    if (stored !== null) return ok({ key, ...stored, fromCache: true });
    return withPlace(deps, { ...o, namespaces }, async (place) => {
      const ran = await runSetup(deps, o, gates, place, namespaces);
      if (!ran.ok) return ran;
      return ok({ key, ...(await seal(deps.cacheRoot, key, place, gates, ran.value)), fromCache: false });
    });
  });
}

async function setupKey(
  deps: SetupDeps,
  o: GateContext,
  gates: readonly GateSpec[],
  namespaces: boolean,
): Promise<Digest> {
  const entries = await deps.workspaces.tree(o.goalId, o.baseTree).all();
  const called = await judgedBy(deps.workspaces.tree(o.goalId, o.baseTree), gates);
  const inputs = entries
    .filter((entry) => {
      const kind = lockClass(entry.path);
      return (
        kind === 'lockfile' ||
        kind === 'package-manager' ||
        manifestKind(entry.path) !== null ||
        called.has(entry.path)
      );
    })
    .map((entry) => [entry.path, entry.oid]);
  return sha256(
    canonicalJson({
      gates: gates.map(({ argv, cwd, outputs, script }) => ({ argv, cwd, outputs, script })),
      inputs,
      versions: await deps.versions(gates),
      platform: deps.platform,
      path: namespaces ? NEUTRAL_ROOT : await goalRoot(deps.verifyRoot, o.goalId),
    }),
  );
}

async function runSetup(
  deps: SetupDeps,
  o: GateContext,
  gates: readonly GateSpec[],
  place: Place,
  namespaces: boolean,
): Promise<Result<readonly GateRun[], Failure>> {
  const written = await deps.workspaces.writeTree({
    goalId: o.goalId,
    tree: o.baseTree,
    dir: place.tree,
    signal: o.signal,
  });
  if (!written.ok) return written;
  const runs: GateRun[] = [];
  for (const [index, gate] of gates.entries()) {
    o.progress(`Setup: ${gate.name}`, index, gates.length);
    const missing = gate.env.filter((name) => !Object.hasOwn(o.env, name));
    if (missing.length > 0) return err(missingEnv(gate.name, missing));
    const names = [...registryNames, ...gate.env].filter((name) => Object.hasOwn(o.env, name));
    const run = await runGate(deps, {
      gate,
      place,
      namespaces,
      env: Object.fromEntries(names.map((name) => [name, o.env[name] ?? ''])),
      hide: deps.hidden(),
      signal: o.signal,
    });
    if (o.signal.aborted) return err(cancelled);
    if (!run.ok) return run;
    if (!runPassed(run.value)) return err(await setupFailed(deps, gate, run.value));
    runs.push(run.value);
  }
  return ok(runs);
}

/** What package managers say when they do not get through to where packages come from. */
const REACHING =
  /certificate|SELF_SIGNED|\bE40[137]\b|ENOTFOUND|ECONN(?:REFUSED|RESET)|ETIMEDOUT|EAI_AGAIN|could not resolve|name resolution|proxy|unauthorized/i;
const reaching =
  ' Setup has a home of its own: a mirror, a proxy or a certificate reaches it by variables (npm_config_registry, npm_config_cafile, PIP_INDEX_URL, HTTPS_PROXY, NODE_EXTRA_CA_CERTS and the like), a token by `env` on the setup gate.';

async function setupFailed(deps: SetupDeps, gate: GateSpec, run: GateRun): Promise<Failure> {
  const log = run.evidence[0];
  const read = log === undefined ? null : await deps.artifacts.read(log, 0, Number.MAX_SAFE_INTEGER);
  const lines = (read === null ? '' : new TextDecoder().decode(read.bytes)).trimEnd().split('\n');
  const how = run.notStarted ?? (run.timedOut ? 'it took too long' : `exit code ${run.exit ?? 'none'}`);
  return {
    code: 'setup.failed',
    message:
      `Preparing dependencies failed (${gate.argv.slice(0, 3).join(' ')}: ${how.replace(/\.$/, '')}); see its output, then resume.${REACHING.test(lines.slice(-60).join('\n')) ? reaching : ''}`.slice(
        0,
        2_000,
      ),
    retry: 'ask',
    blame: 'external',
    detail: {
      gate: gate.name,
      exit: run.exit,
      tail: lines.slice(-30).join('\n').slice(-4_000),
      evidence: [...run.evidence],
    },
  };
}

async function seal(
  cacheRoot: string,
  key: Digest,
  place: Place,
  gates: readonly GateSpec[],
  runs: readonly GateRun[],
): Promise<z.infer<typeof Stored>> {
  const temporary = join(cacheRoot, `${key}.new`);
  await removeTree(temporary);
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  const paths: string[] = [];
  for (const path of new Set(gates.flatMap(outputsOf))) {
    const from = realOutput(place, path);
    if ((await lstat(from).catch(() => null)) === null) continue;
    await mkdir(dirname(stored(temporary, path)), { recursive: true, mode: 0o700 });
    await copyTree(from, stored(temporary, path));
    paths.push(path);
  }
  const digest = sha256(canonicalJson(await digests(paths, (path) => stored(temporary, path))));
  const records = gates.map((gate, index) => recordOf(gate, runs.slice(index, index + 1), []));
  const content = { digest, paths, gates: records };
  await writeFile(join(temporary, 'seal.json'), canonicalJson(content), { mode: 0o400 });
  await removeTree(join(cacheRoot, key));
  await rename(temporary, join(cacheRoot, key));
  return content;
}

async function readSeal(cacheRoot: string, key: Digest): Promise<z.infer<typeof Stored> | null> {
  try {
    const text = await readFile(join(cacheRoot, key, 'seal.json'), 'utf8');
    const found = Stored.parse(JSON.parse(text));
    const now = sha256(
      canonicalJson(await digests(found.paths, (path) => stored(join(cacheRoot, key), path))),
    );
    return now === found.digest ? found : null;
  } catch {
    return null; // not there or not whole: prepared again
  }
}

/** Copies what was sealed into a run's place and proves that it is that; returns the folders to watch while a gate runs. */
export function installer(deps: SetupDeps, sealed: Sealed | null): InstallDeps | null {
  if (sealed === null || sealed.paths.length === 0) return null;
  return async (place) => {
    for (const path of sealed.paths) await install(deps, sealed, path, realOutput(place, path), place.tree);
    const now = sha256(canonicalJson(await digests(sealed.paths, (path) => realOutput(place, path))));
    if (now !== sealed.digest) return err(sealBroken);
    // Build folders and module caches change by being used; installed packages do not.
    return ok(
      sealed.paths
        .filter((path) => /(?:^|\/)(?:node_modules|\.venv|venv|vendor)$/.test(path))
        .map((path) => realOutput(place, path)),
    );
  };
}

/** For an agent's worktree: only what lies in the tree; its HOME is its own. Replaces what is there. */
export async function installSetup(
  deps: SetupDeps,
  sealed: Sealed,
  dir: string,
): Promise<Result<null, Failure>> {
  for (const path of sealed.paths)
    if (!path.startsWith('~/')) await install(deps, sealed, path, join(dir, path), dir);
  const inTree = sealed.paths.filter((path) => !path.startsWith('~/'));
  const [wanted, now] = [
    await digests(inTree, (path) => stored(join(deps.cacheRoot, sealed.key), path)),
    await digests(inTree, (path) => join(dir, path)),
  ];
  return canonicalJson(wanted) === canonicalJson(now) ? ok(null) : err(sealBroken);
}

const RUNNERS =
  'vitest,@vitest,vite,jest,jest-cli,@jest,jest-circus,expect,mocha,chai,ava,tap,@tapjs,jasmine,jasmine-core,karma,playwright,@playwright,cypress,typescript,tsx,ts-node,eslint'
    .split(',')
    .map((name) => `node_modules/${name}`);

/** Packages that run or judge tests and differ between two seals (decisions X11). */
export async function changedRunners(deps: SetupDeps, a: Sealed, b: Sealed): Promise<string[]> {
  const changed: string[] = [];
  const digest = async (sealed: Sealed, path: string): Promise<string | null> => {
    const where = stored(join(deps.cacheRoot, sealed.key), path);
    return (await lstat(where).catch(() => null)) === null ? null : digestTree(where);
  };
  for (const path of RUNNERS) {
    const was = await digest(a, path);
    if (was !== null && was !== (await digest(b, path))) changed.push(path);
  }
  return changed;
}

async function install(
  deps: SetupDeps,
  sealed: Sealed,
  path: string,
  to: string,
  tree: string,
): Promise<void> {
  // A tree may bring a link of that name; nothing is ever written through one.
  if (!path.startsWith('~/')) await removeEntry(tree, path);
  await mkdir(dirname(to), { recursive: true });
  await copyTree(stored(join(deps.cacheRoot, sealed.key), path), to);
}

async function digests(
  paths: readonly string[],
  where: (path: string) => string,
): Promise<(readonly [string, string])[]> {
  const list: (readonly [string, string])[] = [];
  for (const path of paths) list.push([path, await digestTree(where(path))]);
  return list;
}

const outputsOf = (gate: GateSpec): string[] =>
  gate.outputs.map((path) => (path.startsWith('~/') || gate.cwd === '' ? path : `${gate.cwd}/${path}`));

const realOutput = (place: Place, path: string): string =>
  path.startsWith('~/') ? join(place.home, path.slice(2)) : join(place.tree, path);

const stored = (root: string, path: string): string =>
  path.startsWith('~/') ? join(root, 'home', path.slice(2)) : join(root, 'tree', path);
