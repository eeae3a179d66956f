import { formatDuration } from '../../../shared/goal/duration.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import type { Config } from '../../host/config.ts';
import { parseFlags } from '../args.ts';
import type { Io } from '../io.ts';
import { document } from '../output.ts';

/** `omk config`: what holds now, from defaults and the file; never the environment, which may hold secrets. */
export function showConfig(args: readonly string[], config: Config, io: Io): number {
  const flags = parseFlags(args, { json: { type: 'boolean' } }, { positionals: 0 });
  const { configFile, root, defaults, agents, timeouts } = config;
  if (flags.flag('json')) {
    document(io, { file: configFile, state_dir: root, defaults, agents, timeouts });
    return 0;
  }
  const { budget, policy } = defaults;
  const rows: readonly (readonly [string, string])[] = [
    ['File', configFile],
    ['State', root],
    ['goal.agent', defaults.agent ?? 'kimi'],
    ['goal.accept', policy.accept],
    ['goal.approvals', policy.approvals],
    ['goal.isolation', policy.isolation],
    ['goal.min_isolation', policy.minIsolation],
    ['goal.max_attempts', String(policy.maxAttempts)],
    ['goal.planning', policy.planning],
    ['goal.review', policy.review],
    ['budget.time', budget.timeMs === null ? 'no limit' : formatDuration(budget.timeMs)],
    ['budget.tokens', String(budget.tokens ?? 'no limit')],
    ['budget.usd', budget.usd === null ? 'no limit' : budget.usd.toFixed(2)],
    ['timeouts.handshake', formatDuration(timeouts.handshakeMs)],
    ['timeouts.stall', formatDuration(timeouts.stallMs)],
    ['timeouts.park', formatDuration(timeouts.parkMs)],
    ...Object.entries(agents).map(([name, { command }]) => [`agents.${name}`, command] as const),
  ];
  for (const [name, value] of rows) io.out(`${inertLine(name).padEnd(20)} ${inertLine(value)}\n`);
  return 0;
}
