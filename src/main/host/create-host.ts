import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api } from '../../shared/api/index.ts';
import type { AppInfo } from '../../shared/api/agents.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { Transport } from '../../shared/rpc/frames.ts';
import { keepHeapSmall } from './small-heap.ts';
import { serve } from '../../shared/rpc/serve.ts';
import { createArtifacts } from '../adapters/artifacts/store.ts';
import { openEventStore } from '../adapters/sqlite/event-store.ts';
import { takeLock } from '../adapters/sqlite/lock.ts';
import { StoreError } from '../adapters/sqlite/store-error.ts';
import { sha256, systemClock, systemIds, systemTimers } from '../adapters/system/clock.ts';
import { createLog } from '../adapters/system/log.ts';
import { createReserve } from '../adapters/system/reserve.ts';
import { createEngine } from '../runtime/engine.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Log } from '../runtime/ports.ts';
import { confinement } from '../runtime/performers/confinement.ts';
import { salvage } from '../runtime/performers/salvage.ts';
import { createRunner } from '../runtime/runner.ts';
import type { Runner } from '../runtime/runner.ts';
import { archiveFinished } from './archive-finished.ts';
import { buildAdapters, named } from './build-adapters.ts';
import type { Config } from './config.ts';
import { createConfiguredAgents } from './configured-agents.ts';
import { doctorChecks, lookAround } from './doctor.ts';
import { downloadsFolder } from './downloads.ts';
import { createExporter } from './exporter.ts';
import { agentHandlers, appHandlers } from './handlers/agents.ts';
import { goalHandlers } from './handlers/goals.ts';
import { projectHandlers } from './handlers/projects.ts';
import { proofHandlers } from './handlers/proofs.ts';
import { issueProofs } from './issue-proofs.ts';
import { listenForOperators } from './operator-socket.ts';
import { pathsUnder, preparePaths } from './paths.ts';
import type { Paths } from './paths.ts';
import { buildPerformers } from './build-performers.ts';
import { ownPlaces } from './rooms.ts';
import { createSignalHub } from './signal-hub.ts';
import { createTrials } from './try-agent.ts';
import { omkVersion } from './version.ts';

export type HostError = { readonly code: 'host.already_running' | 'host.no_state'; readonly message: string };

export interface Host {
  readonly engine: Engine;
  readonly runner: Runner;
  readonly paths: Paths;
  readonly config: Config;
  readonly log: Log;
  /** Serves one client until its transport closes. */
  serve(transport: Transport): void;
  /** Says that this host listens on TCP, for everybody to see. */
  listening(address: string | null): void;
  /** Interrupts what runs, keeps what was done, gives the state directory back. Idempotent. */
  stop(): Promise<void>;
}

/** Agents and gates at once over all goals: a laptop has to stay usable. */
const CAPACITY = { agents: 16, gates: 2 };

/**
 * The composition root: the one host of a state directory. With `drive: false` it only reads and appends, starts no attempt and
 * listens nowhere.
 */
export async function createHost(
  config: Config,
  o: {
    readonly drive: boolean;
    /** Hears each finished step of the start, so that a start that hangs can say where. */
    readonly onPhase?: (done: string) => void;
  },
): Promise<Result<Host, HostError>> {
  const paths = pathsUnder(config.root);
  const prepared = preparePaths(paths);
  if (!prepared.ok) return err({ code: 'host.no_state', message: prepared.message });
  const phase = o.onPhase ?? (() => {});
  phase('state directory');
  let lock: ReturnType<typeof takeLock>;
  try {
    lock = takeLock(paths.lock);
  } catch (cause) {
    return err({ code: 'host.no_state', message: StoreError.from(cause).message });
  }
  if (!lock) return err({ code: 'host.already_running', message: runningMessage(paths) });
  let store: ReturnType<typeof openEventStore>;
  try {
    store = openEventStore(paths.database);
  } catch (cause) {
    lock.release();
    return err({ code: 'host.no_state', message: StoreError.from(cause).message });
  }

  phase('database');
  const log = createLog(join(paths.logs, 'host.jsonl'));
  const artifacts = createArtifacts(paths.artifacts);
  const engine = createEngine({
    store,
    clock: systemClock,
    ids: systemIds,
    digest: sha256,
    log,
    storeProblem: (cause) => {
      const problem = StoreError.from(cause);
      return { message: problem.message, tampered: problem.code === 'store.tampered' };
    },
  });
  if (o.drive) keepHeapSmall();
  const configured = createConfiguredAgents(config);
  const adapters = await buildAdapters({
    config,
    paths,
    artifacts,
    log,
    configuredAgents: configured.current,
    guard: o.drive,
  });
  phase('agents and gates');
  const hub = createSignalHub(systemTimers);
  const runner = createRunner({
    engine,
    performers: buildPerformers({
      config,
      paths,
      artifacts,
      log,
      adapters,
      clock: systemClock,
      timers: systemTimers,
    }),
    salvage: (goal, attempt) =>
      adapters.agentPlaces.inPlace(goal.goalId, () => salvage(adapters.workspaces, goal, attempt)),
    clock: systemClock,
    ids: systemIds,
    timers: systemTimers,
    reserve: createReserve(paths.reserve),
    digest: sha256,
    log,
    onSignal: (signal) => hub.publish(signal),
    parkAfterMs: config.timeouts.parkMs,
    capacity: CAPACITY,
  });
  const exporter = createExporter({ engine, store, goalDir: paths.goal, log });
  const stopIssuing = issueProofs({ engine, exporter, ids: systemIds, log });
  const stopArchiving = o.drive ? archiveFinished({ engine, ...adapters, paths, log }) : async () => {};
  let address: string | null = null;

  const info = async (): Promise<AppInfo> => ({
    version: omkVersion,
    stateDir: paths.root,
    isolation: await adapters.gates.isolation('namespaces'),
    git: await adapters.gitVersion(),
    node: process.versions.node,
    platform: process.platform,
    defaults: config.defaults,
    workspaceBytes: await adapters.workspaces.diskUse(),
    events: store.eventCount(),
    listening: address,
  });
  const doctor = async () => {
    const { configFile, env } = config;
    const looked = lookAround({ stateDir: paths.root, configFile, env });
    return doctorChecks({ ...looked, info: await info(), agents: await adapters.registry.list(true) });
  };
  // Left by a host that was killed: nobody tries anything in them now.
  if (o.drive) rmSync(paths.trials, { recursive: true, force: true });
  const tryOut = createTrials({
    backends: adapters.backends,
    registry: adapters.registry,
    root: paths.trials,
    hide: () => ownPlaces(paths),
    isolation: () => confinement(adapters.gates, config.defaults.policy),
    env: (names) => named(config, names),
    handshakeMs: config.timeouts.handshakeMs,
  });
  const handlers = {
    app: appHandlers({ info, doctor }),
    goals: goalHandlers({
      engine,
      runner,
      store,
      hub,
      workspaces: adapters.workspaces,
      projects: adapters.projects,
      artifacts,
      clock: systemClock,
      ids: systemIds,
    }),
    proofs: proofHandlers({
      engine,
      workspaces: adapters.workspaces,
      exporter,
      store,
      artifacts: paths.artifacts,
      downloads: () => downloadsFolder(config) ?? paths.exports,
    }),
    projects: projectHandlers({ engine, projects: adapters.projects, gates: adapters.gates }),
    agents: agentHandlers({ registry: adapters.registry, configured, tryOut }),
  };
  const serveOne = (transport: Transport): void =>
    serve(api, handlers, transport, {
      version: omkVersion,
      checkOutputs: config.env['NODE_ENV'] === 'test',
      onInternal: (path, cause) =>
        log.error('A handler failed.', {
          path,
          cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
        }),
    });

  let operators: Awaited<ReturnType<typeof listenForOperators>> | null = null;
  if (o.drive) {
    writeFileSync(paths.hostFile, `${JSON.stringify({ pid: process.pid, version: omkVersion })}\n`, {
      mode: 0o600,
    });
    operators = await listenForOperators({
      socketPath: paths.socket,
      challengeDir: paths.challenges,
      privateRoots: [paths.work, paths.verify],
      log,
      onOperator: serveOne,
    });
    runner.start();
  }
  phase('host');
  log.info('The host started.', { version: omkVersion, drive: o.drive, goals: engine.goals().length });

  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await operators?.close();
    await runner.stop();
    stopIssuing();
    await stopArchiving();
    await exporter.stop();
    await adapters.close();
    store.close();
    lock.release();
  };
  return ok({
    engine,
    runner,
    paths,
    config,
    log,
    serve: serveOne,
    listening: (at) => void (address = at),
    stop: () => (stopping ??= stop()),
  });
}

function runningMessage(paths: Paths): string {
  try {
    const owner = JSON.parse(readFileSync(paths.hostFile, 'utf8')) as { pid?: unknown };
    return `omk already runs on ${paths.root} (process ${String(owner.pid)}). Use that one, or set OMK_HOME to another folder.`;
  } catch {
    return `omk already runs on ${paths.root}. Use that one, or set OMK_HOME to another folder.`;
  }
}
