import { z } from 'zod';
import { AgentSpec, Budget, GoalPolicy, IsolationLevel } from '../goal/vocabulary.ts';
import { GoalId, QuestionId } from '../kernel/ids.ts';
import { query, stream } from '../rpc/contract.ts';

export const DetectedAgent = z.object({
  name: z.string(),
  title: z.string(),
  version: z.string().nullable(),
  protocol: z.enum(['wire', 'acp']),
  /** `null` when it cannot be used now; `problem` says why. */
  spec: AgentSpec.nullable(),
  login: z.enum(['signed_in', 'signed_out', 'unknown', 'not_needed']),
  problem: z.string().nullable(),
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

export const agentsApi = {
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
  /** Opens the system's folder dialog where the host has one; `null` when it was closed or the host has none. */
  pickFolder: query(z.object({}), z.object({ path: z.string().min(1).max(4_096) }).nullable()),
  /** From the window around the page; silent where there is none, and never ends by itself. */
  menuCommands: stream(z.object({}), AppCommand),
} as const;
