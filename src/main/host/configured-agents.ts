import type { AgentEntry } from '../../shared/agent-entry.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { addAgent, removeAgent } from './agent-config.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';

type Change = Result<{ file: string }, { code: string; message: string }>;

/** The agents of the person's configuration, as they are now: a host that runs learns of what it writes itself. */
export type ConfiguredAgents = {
  readonly current: () => Config['agents'];
  readonly has: (entry: AgentEntry) => boolean;
  readonly saved: () => Change;
  readonly add: (entry: AgentEntry) => Change;
  readonly remove: (name: string) => Change;
};

export function createConfiguredAgents(config: Config): ConfiguredAgents {
  let { agents } = config;
  const reread = (changed: Result<{ readonly file: string }, { code: string; message: string }>): Change => {
    if (!changed.ok) return changed;
    const read = readConfig(config.env);
    if (!read.ok) return err({ code: 'config.unreadable', message: read.error.message });
    ({ agents } = read.value);
    return ok({ file: changed.value.file });
  };
  /** Somebody may have changed the file since the host began; what it says cannot be built upon when it cannot be read. */
  const sound = (): Change => {
    const read = readConfig(config.env);
    return read.ok
      ? ok({ file: config.configFile })
      : err({ code: 'config.unreadable', message: read.error.message });
  };
  return {
    current: () => agents,
    has(entry) {
      const known = Object.hasOwn(agents, entry.name) ? agents[entry.name] : undefined;
      return (
        known !== undefined &&
        known.command === `${entry.protocol}:${entry.command.trim()}` &&
        known.env.join() === entry.env.join() &&
        (known.loginFiles ?? []).join() === (entry.loginFiles ?? []).join() &&
        known.home === entry.home
      );
    },
    saved: () => ok({ file: config.configFile }),
    add(entry) {
      const before = sound();
      return before.ok ? reread(addAgent(config.configFile, entry)) : before;
    },
    remove(name) {
      const before = sound();
      if (!before.ok) return before;
      if (!Object.hasOwn(agents, name))
        return err({
          code: 'agent.unknown',
          message: `Your configuration names no agent "${name.slice(0, 100)}".`,
        });
      return reread(removeAgent(config.configFile, name));
    },
  };
}
