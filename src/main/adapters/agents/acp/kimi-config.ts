import { parse, stringify } from 'smol-toml';
import type { TomlTable } from 'smol-toml';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { Result } from '../../../../shared/kernel/result.ts';

/** Parts of a person's config.toml that say which model to use and how to reach it; nothing else is taken over. */
const carried = [
  'default_model',
  'default_provider',
  'providers',
  'models',
  'thinking',
  'services',
  'secondary_model',
] as const;

/**
 * Tools by which Kimi Code would work without being asked: its goal mode, its timer, its swarm, its way into plan mode, and the tools
 * without which it refuses background commands by itself.
 */
const disabledTools = [
  'CreateGoal',
  'GetGoal',
  'SetGoalBudget',
  'UpdateGoal',
  'CronCreate',
  'CronDelete',
  'CronList',
  'AgentSwarm',
  'EnterPlanMode',
  'TaskList',
  'TaskOutput',
  'TaskStop',
  'WaitFor',
] as const;

/** A hook sees the call as compact JSON on standard input; exit 2 refuses it with the words on standard error. */
const refuse = (field: string): string =>
  `grep -q '"${field}":true' && { echo "Work in the background is not allowed here; run it in the foreground." >&2; exit 2; } || exit 0`;

/**
 * The config.toml of a goal's own KIMI_CODE_HOME: the person's models and providers, and omk's limits on autonomy.
 *
 * @param own text of the person's config.toml, `null` when there is none
 */
export function kimiConfig(own: string | null): Result<string, { readonly message: string }> {
  let mine: TomlTable = {};
  try {
    mine = own === null ? {} : parse(own);
  } catch (error) {
    const line = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    return err({ message: `Kimi Code's config.toml cannot be read (${line}); correct it and try again.` });
  }
  const taken = Object.fromEntries(
    carried.flatMap((key) => (mine[key] === undefined ? [] : [[key, mine[key]] as const])),
  );
  return ok(
    stringify({
      ...taken,
      default_permission_mode: 'manual',
      telemetry: false,
      auto_session_title: false,
      loop_control: { max_attempts_per_step: 3 },
      background: { bash_auto_background_on_timeout: false, keep_alive_on_exit: false },
      tools: { disabled: [...disabledTools] },
      // A tool of omk's may wait for a person; omk has deadlines of its own.
      mcp: { tool_timeout_ms: 24 * 60 * 60 * 1_000 },
      hooks: [
        { event: 'PreToolUse', matcher: '^(Bash|Agent)$', command: refuse('run_in_background') },
        { event: 'PreToolUse', matcher: '^AskUserQuestion$', command: refuse('background') },
      ],
    }),
  );
}
