import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import type { OpenGoalInput } from '../../shared/api/goals.ts';
import { parseDuration } from '../../shared/goal/duration.ts';
import { GateSpec } from '../../shared/goal/vocabulary.ts';
import type { AgentSpec, Budget, GoalPolicy } from '../../shared/goal/vocabulary.ts';
import { CommandId } from '../../shared/kernel/ids.ts';
import { splitShellWords } from '../../shared/kernel/shell-words.ts';
import { money, oneOf, wholeNumber } from './args.ts';
import type { Parsed } from './args.ts';
import { misused } from './io.ts';
import type { CommandFailed } from './io.ts';
import { redactText } from '../../shared/redact.ts';

export const runOptions = {
  repo: { type: 'string' },
  'until-ready': { type: 'boolean' },
  agent: { type: 'string' },
  'agent-command': { type: 'string' },
  'agent-env': { type: 'string', multiple: true },
  'budget-time': { type: 'string' },
  'budget-tokens': { type: 'string' },
  'budget-usd': { type: 'string' },
  'max-agents': { type: 'string' },
  'max-attempts': { type: 'string' },
  gate: { type: 'string', multiple: true },
  probe: { type: 'string', multiple: true },
  from: { type: 'string' },
  kind: { type: 'string' },
  'tests-may-change': { type: 'boolean' },
  policy: { type: 'string' },
  'merge-policy': { type: 'string' },
  accept: { type: 'string' },
  approvals: { type: 'string' },
  isolation: { type: 'string' },
  'min-isolation': { type: 'string' },
  planning: { type: 'string' },
  review: { type: 'string' },
  'yes-plan': { type: 'boolean' },
  'trust-gates': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** A probe as a person writes it; see the README. */
const ProbeFile = z.strictObject({
  name: z.string().min(1).max(100),
  command: z.array(z.string()).min(1).max(200),
  stdin: z.string().max(1_000_000).optional(),
  timeout_secs: z.number().int().min(1).max(86_400).optional(),
  expect: z.strictObject({ stdout: z.string().optional(), exit: z.number().int().optional() }),
});

export const maxGoalBytes = 1_048_576;

const maxProbeBytes = 4 * 1024 * 1024;

export type RunRequest = Omit<OpenGoalInput, 'agent'>;

/** Checks every flag before anything is made. Throws `CommandFailed` (usage) with one sentence. */
export async function runRequest(
  flags: Parsed,
  cwd: string,
  defaults: { readonly budget: Budget; readonly policy: GoalPolicy },
  commandId: string,
): Promise<RunRequest> {
  const [text, ...rest] = flags.positionals;
  if (text === undefined || text.trim() === '')
    throw misused('Say what the goal is: omk goal run "<text>" --repo DIR.');
  if (rest.length > 0) throw misused(`Put the goal in quotes: "${rest[0]}" stands alone.`);
  if (Buffer.byteLength(text) > maxGoalBytes)
    throw misused(
      'The goal text is longer than 1 MiB. Put long material into a file of the repository and name it.',
    );
  const { policy, budget } = defaults;
  return {
    commandId: CommandId.parse(commandId),
    text,
    path: folderFlag(flags.text('repo'), cwd),
    budget: {
      timeMs: durationFlag('budget-time', flags.text('budget-time')) ?? budget.timeMs,
      tokens: wholeNumber('budget-tokens', flags.text('budget-tokens'), 1) ?? budget.tokens,
      usd: money('budget-usd', flags.text('budget-usd')) ?? budget.usd,
    },
    policy: {
      ...policy,
      accept: oneOf('accept', flags.text('accept'), ['manual', 'auto']) ?? policy.accept,
      yesPlan: flags.flag('yes-plan') || policy.yesPlan,
      trustGates: flags.flag('trust-gates') || policy.trustGates,
      from: oneOf('from', flags.text('from'), ['head', 'snapshot']) ?? policy.from,
      kind: oneOf('kind', flags.text('kind'), ['change', 'refactor', 'docs']) ?? policy.kind,
      testsMayChange: flags.flag('tests-may-change') || policy.testsMayChange,
      delivery: oneOf('policy', flags.text('policy'), ['local', 'draft-pr', 'auto-pr']) ?? policy.delivery,
      merge:
        oneOf('merge-policy', flags.text('merge-policy'), ['disabled', 'manual', 'gated']) ?? policy.merge,
      approvals: oneOf('approvals', flags.text('approvals'), ['manual', 'auto', 'never']) ?? policy.approvals,
      isolation: oneOf('isolation', flags.text('isolation'), ['namespaces', 'none']) ?? policy.isolation,
      minIsolation:
        oneOf('min-isolation', flags.text('min-isolation'), ['L0', 'L1', 'L2', 'L3']) ?? policy.minIsolation,
      planning: oneOf('planning', flags.text('planning'), ['agent', 'heuristic']) ?? policy.planning,
      review: oneOf('review', flags.text('review'), ['agent', 'none']) ?? policy.review,
      maxAgents: wholeNumber('max-agents', flags.text('max-agents'), 1, 16) ?? policy.maxAgents,
      maxAttempts: wholeNumber('max-attempts', flags.text('max-attempts'), 1, 20) ?? policy.maxAttempts,
    },
    gates: { added: flags.list('gate').map(gateFlag), selection: {} },
    trustedDigest: null,
    probes: await Promise.all(flags.list('probe').map((path) => probeFile(resolve(cwd, path)))),
  };
}

/** An empty `--repo` is a variable that was not set, never the current folder. */
function folderFlag(value: string | null, cwd: string): string {
  if (value === '') throw misused('--repo is empty. Name the folder of the repository.');
  return resolve(cwd, value ?? '.');
}

export function durationFlag(name: string, value: string | null): number | null {
  if (value === null) return null;
  const parsed = parseDuration(value);
  if (!parsed.ok) throw misused(`--${name}: ${parsed.error.message}`);
  return parsed.value;
}

function gateFlag(text: string): GateSpec {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const words = splitShellWords(text.slice(at + 1));
  if (at < 1 || name === '' || !words.ok || words.value.length === 0) {
    throw misused(`--gate takes NAME=COMMAND, such as "tests=npm test"; not "${text}".`);
  }
  const gate = GateSpec.safeParse({ name, kind: 'check', argv: words.value, source: '--gate' });
  if (!gate.success) throw misused(`--gate "${name.slice(0, 60)}": its name or its command is too long.`);
  refuseSecret(text, `--gate "${name}"`);
  return gate.data;
}

/** What is written into the log is redacted there, so a gate or an agent with a key in its command would not be what was meant. */
function refuseSecret(text: string, where: string): void {
  if (redactText(text).count === 0) return;
  throw misused(
    `${where} holds what looks like a key, and a goal keeps none. Put it into an environment variable and name that.`,
  );
}

/** Read once, before any agent runs; the bytes never go near an agent. */
async function probeFile(path: string): Promise<GateSpec> {
  const cannot = (why: string): CommandFailed => misused(`The probe ${path} cannot be read: ${why}.`);
  let text: string;
  let json: unknown;
  try {
    const file = await stat(path);
    // A pipe or a device would be read for ever.
    if (!file.isFile()) throw new Error('it is not a file');
    if (file.size > maxProbeBytes) throw new Error('it is larger than 4 MiB');
    text = await readFile(path, 'utf8');
    json = JSON.parse(text);
  } catch (cause) {
    throw cannot(cause instanceof Error ? cause.message : String(cause));
  }
  const parsed = ProbeFile.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw misused(`The probe ${path} is not valid: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
  }
  refuseSecret(text, `The probe ${path}`);
  const { name, command, stdin, timeout_secs, expect } = parsed.data;
  return GateSpec.parse({
    name,
    kind: 'probe',
    argv: command,
    ...(stdin === undefined ? {} : { stdin }),
    ...(timeout_secs === undefined ? {} : { timeoutMs: timeout_secs * 1_000 }),
    expect,
    source: `probe ${basename(path)}`.slice(0, 300),
    file: path,
  });
}

/** An agent as the person named it: a command, a name, or the configured default. */
export function agentText(flags: Parsed, configured: string | null): string {
  const command = flags.text('agent-command');
  const name = flags.text('agent');
  if (command !== null && name !== null) throw misused('Give --agent or --agent-command, not both.');
  if (command !== null && !/^(wire|acp):/.test(command)) {
    throw misused('--agent-command starts with the protocol: "wire:CMD" or "acp:CMD".');
  }
  if (command !== null) refuseSecret(command, '--agent-command');
  return command ?? name ?? configured ?? 'kimi';
}

/** Variables the person lets through to the agent, by name. */
export function envNames(flags: Parsed): readonly string[] {
  const names = flags.list('agent-env');
  const odd = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]{0,200}$/.test(name));
  if (odd === undefined) return names;
  throw misused(
    `--agent-env takes the name of a variable, such as API_KEY; not "${odd.split('=')[0]?.slice(0, 60)}".`,
  );
}

export const withEnvNames = (spec: AgentSpec, names: readonly string[]): AgentSpec => ({
  ...spec,
  envNames: [...new Set([...spec.envNames, ...names])],
});
