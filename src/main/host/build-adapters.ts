import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redactText } from '../../shared/redact.ts';
import { createAcpBackend } from '../adapters/agents/acp/backend.ts';
import { loginPlaces } from '../adapters/agents/login/logins.ts';
import { packageFolders } from '../adapters/agents/package-folders.ts';
import { createAgentRegistry } from '../adapters/agents/registry.ts';
import { createWireBackend } from '../adapters/agents/wire/backend.ts';
import { createGates } from '../adapters/gates/gates.ts';
import { unshimmedPath } from '../adapters/gates/tools.ts';
import { createProjects } from '../adapters/git/projects.ts';
import { gitVersion } from '../adapters/git/version.ts';
import { createWorkspaces } from '../adapters/git/workspaces.ts';
import { guardProcesses } from '../adapters/process/guard-processes.ts';
import { isolationAvailable } from '../adapters/process/isolation.ts';
import { spawnManaged } from '../adapters/process/spawn.ts';
import { movableAgentPlaces } from '../adapters/system/agent-places.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { AgentBackend } from '../runtime/agent-backend.ts';
import type {
  AgentPlaces,
  AgentRegistry,
  Artifacts,
  Gates,
  Log,
  Projects,
  Workspaces,
} from '../runtime/ports.ts';
import type { Config } from './config.ts';
import { demoAgentSpec } from './demo-agent-spec.ts';
import type { Paths } from './paths.ts';
import { omkVersion } from './version.ts';

export type Adapters = {
  readonly projects: Projects;
  readonly workspaces: Workspaces;
  readonly agentPlaces: AgentPlaces;
  readonly gates: Gates;
  readonly backends: Readonly<Record<'wire' | 'acp', AgentBackend>>;
  readonly registry: AgentRegistry;
  readonly gitVersion: () => Promise<string | null>;
  readonly close: () => Promise<void>;
};

export async function buildAdapters(o: {
  readonly config: Config;
  readonly paths: Paths;
  readonly artifacts: Artifacts;
  readonly log: Log;
  readonly configuredAgents: () => Config['agents'];
  /** Children must die with this host, and what one that died left is undone: only where it starts any. */
  readonly guard: boolean;
}): Promise<Adapters> {
  const { config, paths, artifacts, log } = o;
  const guard = o.guard
    ? await guardProcesses({
        watchdog: { execPath: process.execPath, script: watchdogScript() },
        journalPath: paths.processes,
      })
    : null;
  if (guard && guard.reaped > 0)
    log.warn('Processes of an earlier host were ended.', { count: guard.reaped });
  const userPath = withoutOwnPrograms(config.path);
  const personalExcludes = [join(config.home, '.config', 'git', 'ignore')];
  const kimiHome = kimiHomeOf(config);
  const projects = createProjects({ personalExcludes });
  const agentPlaces = movableAgentPlaces({
    root: paths.away,
    foldersOf: (goalId) => [
      join(paths.slices, goalId),
      join(paths.work, goalId),
      // Whatever an agent says stands in here, and the path follows from where it worked.
      join(paths.transcripts, goalId),
    ],
    log,
  });
  if (o.guard) agentPlaces.recover();
  const workspaces = createWorkspaces({
    workspaceRoot: paths.work,
    vaultRoot: paths.vaults,
    path: userPath,
    elsewhere: agentPlaces.elsewhere,
  });
  const gates = createGates({
    workspaces,
    artifacts,
    spawn: spawnManaged,
    isolationAvailable,
    verifyRoot: paths.verify,
    cacheRoot: paths.cache,
    toolPath: userPath,
    forbiddenTools: [paths.work, paths.verify],
    hidden: () =>
      [
        // Worktrees of every goal, and the homes and temporary folders of their agents.
        paths.work,
        paths.away,
        paths.vaults,
        paths.artifacts,
        paths.goals,
        paths.transcripts,
        paths.database,
        paths.socket,
        paths.logs,
        // An agent may write where its sign-in is renewed, and what runs here has no business with it.
        ...[
          ...loginPlaces,
          ...Object.values(o.configuredAgents()).flatMap(({ loginFiles = [] }) => loginFiles),
        ].map((path) => join(config.home, path)),
        kimiHome,
      ].filter((path, at, all) => all.indexOf(path) === at && existsSync(path)),
    redact: (text) => redactText(text).text,
    platform: `${process.platform}-${process.arch}`,
    clock: systemClock,
    log,
  });
  const toolServer = {
    argv: [process.execPath, toolServerScript()],
    env: named(config, nodeVariables),
  } as const;
  const agentDeps = {
    spawn: spawnManaged,
    baseEnv: { PATH: await unshimmedPath(userPath), LANG: config.env['LANG'] ?? 'C.UTF-8', TERM: 'dumb' },
    userHome: config.home,
    kimiHome,
    version: omkVersion,
    protect: [paths.root, dirname(config.configFile)],
  };
  return {
    projects,
    workspaces,
    agentPlaces,
    gates,
    backends: { acp: createAcpBackend({ ...agentDeps, toolServer }), wire: createWireBackend(agentDeps) },
    registry: createAgentRegistry({
      path: userPath,
      home: config.home,
      kimiHome,
      spawn: spawnManaged,
      demo: demoAgentSpec('honest'),
      configured: o.configuredAgents,
      packages: packageFolders(config.home, ownRoot()),
    }),
    gitVersion: () => gitVersion(userPath),
    close: async () => {
      // Its reader of objects would otherwise keep the process up until it has been idle for a while.
      workspaces.close();
      await guard?.close();
    },
  };
}

/** In the packaged application the demonstration agent is run by Electron, which has to be told to be Node. */
const FIXED: Readonly<Record<string, string>> = { ELECTRON_RUN_AS_NODE: '1' };

/** Names without which this program does not run scripts. */
const nodeVariables = process.versions['electron'] === undefined ? [] : ['ELECTRON_RUN_AS_NODE'];

/** Where the person's own Kimi Code keeps its configuration and sign-in: where their environment says, as it reads it itself. */
export function kimiHomeOf({ env, home }: Pick<Config, 'env' | 'home'>): string {
  const said = env['KIMI_CODE_HOME'];
  return said !== undefined && isAbsolute(said) ? said : join(home, '.kimi-code');
}

/** Values of the variables that a person, a gate or an agent named. */
export function named(config: Pick<Config, 'env'>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = FIXED[name] ?? config.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/**
 * `npx omk` and `npm start` put omk's own `node_modules/.bin` first. What a project is built with is the person's, never a
 * program that came with omk.
 */
export function withoutOwnPrograms(path: string): string {
  const own = ownRoot();
  return path
    .split(':')
    .filter(
      (dir) =>
        dir.startsWith('/') && dir !== join(own, 'node_modules', '.bin') && !dir.endsWith('/node-gyp-bin'),
    )
    .join(':');
}

/** The folder that holds omk's package.json. */
function ownRoot(): string {
  for (const up of ['../..', '../../..']) {
    const dir = fileURLToPath(new URL(up, import.meta.url));
    if (existsSync(join(dir, 'package.json'))) return dir.replace(/\/$/, '');
  }
  return fileURLToPath(new URL('.', import.meta.url));
}

/** `watchdog.js` and the like beside the built entries, their sources where omk runs from sources. */
function entryScript(built: string, source: string): string {
  const found = [built, `../${built}`, source]
    .map((one) => fileURLToPath(new URL(one, import.meta.url)))
    .find((one) => existsSync(one));
  return found ?? fileURLToPath(new URL(built, import.meta.url));
}

const watchdogScript = (): string => entryScript('watchdog.js', '../adapters/process/watchdog.ts');
const toolServerScript = (): string => entryScript('tool-server.js', '../adapters/agents/tool-server.ts');
