import { join } from 'node:path';
import { placesOf } from '../../../shared/agent-entry.ts';
import type { DetectedAgent } from '../../../shared/api/agents.ts';
import type { AgentSpec } from '../../../shared/goal/vocabulary.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { splitShellWords } from '../../../shared/kernel/shell-words.ts';
import type { AgentRegistry } from '../../runtime/ports.ts';
import type { ManagedProcess, SpawnOptions } from '../process/types.ts';
import { abilitiesOf } from './abilities.ts';
import { findProgram, trustedFolders } from './find-program.ts';
import { detectKimi } from './kimi.ts';
import { knownAgents, loginFromFiles } from './known-agents.ts';
import type { KnownAgent } from './known-agents.ts';
import type { PackageFolder } from './package-folders.ts';
import { createVersionProbe } from './program-version.ts';
import { withVersionNote } from './tested-versions.ts';

/** What a person configured under a name. */
export type ConfiguredAgent = {
  /** `wire:…` or `acp:…`. */
  readonly command: string;
  readonly env: readonly string[];
  /** Relative to their home. */
  readonly loginFiles?: readonly string[];
  readonly home?: 'user';
};

export type AgentRegistryDeps = {
  /** The person's PATH. */
  readonly path: string;
  readonly home: string;
  /** Where the person's own Kimi Code keeps its files, when that is not the usual place. */
  readonly kimiHome?: string;
  readonly spawn: (o: SpawnOptions) => ManagedProcess;
  /** The built-in demonstration agent. */
  readonly demo: AgentSpec;
  readonly configured: () => Readonly<Record<string, ConfiguredAgent>>;
  /** Folders of programs beyond the PATH: npm's, and those of omk's own install. */
  readonly packages?: readonly PackageFolder[];
  /** Node that could run agents written for it; by default the one that runs omk, unless that is Electron. */
  readonly ownNode?: { readonly path: string; readonly version: string } | null;
  readonly versionLimitMs?: number;
};

type Refusal = { readonly code: 'agent.unknown' | 'agent.unusable'; readonly message: string };

/** Finds the agents of this machine without running anything but `--version` of programs outside every project. */
export function createAgentRegistry(deps: AgentRegistryDeps): AgentRegistry {
  const probe = createVersionProbe({
    spawn: deps.spawn,
    path: deps.path,
    ...(deps.versionLimitMs === undefined ? {} : { limitMs: deps.versionLimitMs }),
  });
  const ownNode =
    deps.ownNode === undefined
      ? process.versions['electron'] === undefined
        ? { path: process.execPath, version: process.versions.node }
        : null
      : deps.ownNode;
  let known: Promise<readonly DetectedAgent[]> | null = null;

  const detect = async (): Promise<readonly DetectedAgent[]> => {
    const folders = trustedFolders(deps.path, deps.home);
    const packages = deps.packages ?? [];
    const places = [...folders, ...packages.map(({ dir }) => dir)];
    const sourceOf = (agent: DetectedAgent): DetectedAgent => {
      const program = agent.spec?.argv.find((word) => word.startsWith('/'));
      const dir = packages.find((one) => program?.startsWith(`${one.root}/`) === true);
      return dir === undefined ? agent : { ...agent, source: dir.source };
    };
    const configured = Object.entries(deps.configured()).map(([name, entry]) =>
      fromConfig(name, entry, deps.home),
    );
    const kimi = await detectKimi({
      folders: places,
      home: deps.home,
      kimiHome: deps.kimiHome ?? join(deps.home, '.kimi-code'),
      probe,
      ownNode,
    });
    const others = knownAgents.flatMap((agent) => detectKnown(agent, places, deps.home) ?? []);
    const named = new Set(configured.map(({ name }) => name));
    return [
      ...configured,
      ...[...[kimi, ...others].map(sourceOf).map(withVersionNote), demonstration(deps.demo)].filter(
        ({ name }) => !named.has(name),
      ),
    ];
  };

  const list = (refresh: boolean): Promise<readonly DetectedAgent[]> => {
    if (refresh || known === null) known = detect();
    return known;
  };

  return {
    list,
    async resolve(text) {
      const command = /^(wire|acp):(.*)$/s.exec(text.trim());
      if (command !== null)
        return fromCommand('custom', command[1] === 'wire' ? 'wire' : 'acp', command[2] ?? '', { env: [] });
      const agents = await list(false);
      const found = agents.find(({ name }) => name === text.trim());
      if (found === undefined) return refuse('agent.unknown', unknownAgent(text, agents));
      if (found.spec === null)
        return refuse('agent.unusable', found.problem ?? `${found.title} cannot be used now.`);
      return ok(found.spec);
    },
  };
}

function fromCommand(
  name: string,
  protocol: 'wire' | 'acp',
  command: string,
  entry: Omit<ConfiguredAgent, 'command'>,
): Result<AgentSpec, Refusal> {
  const words = splitShellWords(command);
  if (!words.ok) return refuse('agent.unusable', words.error.message);
  if (words.value.length > 200) return refuse('agent.unusable', 'An agent command has at most 200 words.');
  // A kimi-cli typed by hand still needs its login; its command line is left as it is.
  const isKimiCli = protocol === 'wire' && words.value[0].split('/').at(-1) === 'kimi';
  return ok({
    name,
    protocol,
    argv: [...words.value],
    envNames: [...entry.env],
    quirks: isKimiCli ? 'kimi-cli' : 'generic',
    ...placesOf(entry),
  });
}

function fromConfig(name: string, entry: ConfiguredAgent, home: string): DetectedAgent {
  const command = /^(wire|acp):(.*)$/s.exec(entry.command.trim());
  const protocol = command?.[1] === 'wire' ? 'wire' : 'acp';
  const spec =
    command === null
      ? refuse('agent.unusable', `The command of "${name}" must begin with wire: or acp:.`)
      : fromCommand(name, protocol, command[2] ?? '', entry);
  return {
    name,
    title: name,
    version: null,
    protocol,
    spec: spec.ok ? spec.value : null,
    login: spec.ok ? loginFromFiles(home, spec.value) : 'unknown',
    problem: spec.ok ? null : spec.error.message,
    fixCommand: null,
    source: 'config',
    abilities: spec.ok ? abilitiesOf(spec.value) : null,
    demo: false,
  };
}

function detectKnown(agent: KnownAgent, folders: readonly string[], home: string): DetectedAgent | null {
  for (const name of agent.programs) {
    const program = findProgram(folders, name);
    if (program === null) continue;
    const spec: AgentSpec = {
      name: agent.name,
      protocol: 'acp',
      argv: [program.path, ...agent.args],
      envNames: [],
      quirks: agent.quirks,
    };
    return {
      name: agent.name,
      title: agent.title,
      version: program.npm?.version ?? null,
      protocol: 'acp',
      spec,
      login: loginFromFiles(home, spec),
      problem: null,
      fixCommand: null,
      source: 'path',
      abilities: abilitiesOf(spec),
      demo: false,
    };
  }
  return null;
}

const demonstration = (spec: AgentSpec): DetectedAgent => ({
  name: 'demo',
  title: 'Demonstration agent (scripted, knows only the sample repository)',
  version: null,
  protocol: spec.protocol,
  spec,
  login: 'not_needed',
  problem: null,
  fixCommand: null,
  source: 'built_in',
  abilities: abilitiesOf(spec),
  demo: true,
});

function unknownAgent(text: string, agents: readonly DetectedAgent[]): string {
  const usable = agents.filter(({ spec }) => spec !== null).map(({ name }) => name);
  return `There is no agent "${text.slice(0, 100)}". Use ${usable.join(', ')}, or a command such as "acp:kimi acp" or "wire:kimi --wire".`;
}

const refuse = (code: Refusal['code'], message: string): Result<never, Refusal> => err({ code, message });
