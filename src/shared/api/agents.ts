import { z } from 'zod';
import { AgentAbilities } from '../agent-abilities.ts';
import { AgentEntry } from '../agent-entry.ts';
import { AgentSpec, Budget, GoalPolicy, IsolationLevel } from '../goal/vocabulary.ts';
import { CommandId, GoalId, QuestionId } from '../kernel/ids.ts';
import { command, query, stream } from '../rpc/contract.ts';

export const DetectedAgent = z.object({
  name: z.string(),
  title: z.string(),
  version: z.string().nullable(),
  protocol: z.enum(['wire', 'acp']),
  /** `null` when it cannot be used now; `problem` says why. */
  spec: AgentSpec.nullable(),
  login: z.enum(['signed_in', 'signed_out', 'unknown', 'not_needed']),
  problem: z.string().nullable(),
  /** What to run in a terminal against the problem. */
  fixCommand: z.string().nullable(),
  /** Where it was found: on the PATH, among npm's packages, in omk's own install, in the configuration, or in omk itself. */
  source: z.enum(['path', 'npm', 'omk', 'config', 'built_in']),
  /** `null` when it cannot be used. */
  abilities: AgentAbilities.nullable(),
  /** Clearly labelled demonstration agent that ships with omk. */
  demo: z.boolean(),
});
export type DetectedAgent = z.infer<typeof DetectedAgent>;

export const AppInfo = z.object({
  version: z.string(),
  stateDir: z.string(),
  isolation: z.object({ level: IsolationLevel, note: z.string() }),
  git: z.string().nullable(),
  node: z.string(),
  platform: z.string(),
  defaults: z.object({ budget: Budget, policy: GoalPolicy }),
  workspaceBytes: z.number().nullable(),
  events: z.number(),
  /** Set when this host listens on TCP because somebody asked for it. */
  listening: z.string().nullable(),
});
export type AppInfo = z.infer<typeof AppInfo>;

/** What a person asked of the window from outside the page: its menu, the tray, a notification, a folder given at start. */
export const AppCommand = z.discriminatedUnion('command', [
  /** With a folder: the form opens with that repository filled in. */
  z.object({ command: z.literal('new-goal'), path: z.string().max(4_096).nullable() }),
  z.object({ command: z.literal('open-goal'), goalId: GoalId }),
  z.object({ command: z.literal('open-question'), goalId: GoalId, questionId: QuestionId }),
  /** The page's action of that name, if it has one now. The goal is the one on screen. */
  z.object({
    command: z.literal('run'),
    action: z.enum([
      'goals',
      'settings',
      'palette',
      'shortcuts',
      'toggle-theme',
      'goal-pause',
      'goal-resume',
      'goal-retry',
      'goal-cancel',
    ]),
  }),
]);
export type AppCommand = z.infer<typeof AppCommand>;

/** One thing that was looked at, with what to do about it. */
export const Check = z.object({
  id: z.string(),
  title: z.string(),
  /** `failed`: omk cannot work. `warning`: something is missing or weaker. */
  state: z.enum(['ok', 'warning', 'failed']),
  found: z.string(),
  fix: z.string().nullable(),
  /** What to run in a terminal. */
  command: z.string().nullable(),
});
export type Check = z.infer<typeof Check>;

export const tryStages = ['command', 'folder', 'handshake', 'turn', 'stop'] as const;

/** A trial as it goes: stages in order, each told when it begins and when it ends. */
export const TryItem = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stage'),
    stage: z.enum(tryStages),
    state: z.enum(['running', 'ok', 'warning', 'failed']),
    text: z.string(),
    fix: z.string().nullable(),
    ms: z.number().nullable(),
  }),
  z.object({
    type: z.literal('agent'),
    name: z.string(),
    version: z.string(),
    protocol: z.string(),
    isolated: z.enum(['namespaces', 'none']),
    abilities: AgentAbilities,
  }),
  z.object({ type: z.literal('ended'), ok: z.boolean(), ms: z.number() }),
]);
export type TryItem = z.infer<typeof TryItem>;

const Refused = z.object({ code: z.string(), message: z.string() });
const Saved = z.object({ file: z.string() });

export const agentsApi = {
  /** Runs a handshake and one harmless turn in a temporary folder. Ending the stream ends the trial. */
  tryOut: stream(AgentEntry, TryItem),
  /** Writes an agent into the person's configuration. */
  save: command(z.object({ commandId: CommandId, entry: AgentEntry }), Saved, Refused),
  remove: command(z.object({ commandId: CommandId, name: z.string().max(200) }), Saved, Refused),
  list: query(z.object({ refresh: z.boolean() }), z.array(DetectedAgent)),
  /** Splits a command line as a shell splits words; nothing is run. */
  parseCommand: query(
    z.object({ text: z.string().max(8_000) }),
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), value: AgentSpec }),
      z.object({ ok: z.literal(false), message: z.string() }),
    ]),
  ),
} as const;

export const appApi = {
  info: query(z.object({}), AppInfo),
  /** Looks at everything anew. */
  doctor: query(z.object({}), z.object({ checks: z.array(Check) })),
  /** Opens the system's folder dialog where the host has one; `null` when it was closed or the host has none. */
  pickFolder: query(z.object({}), z.object({ path: z.string().min(1).max(4_096) }).nullable()),
  /** From the window around the page; silent where there is none, and never ends by itself. */
  menuCommands: stream(z.object({}), AppCommand),
} as const;
