import { entryProblems, firstProblem } from '../../../shared/agent-entry.ts';
import type { AgentEntry } from '../../../shared/agent-entry.ts';
import type { api } from '../../../shared/api/index.ts';
import type { AppCommand, AppInfo, Check, TryItem } from '../../../shared/api/agents.ts';
import { err } from '../../../shared/kernel/result.ts';
import type { Handlers } from '../../../shared/rpc/serve.ts';
import type { AgentRegistry } from '../../runtime/ports.ts';
import type { ConfiguredAgents } from '../configured-agents.ts';
import { createLiveQueue } from '../live-queue.ts';

export function agentHandlers(deps: {
  readonly registry: AgentRegistry;
  readonly configured: ConfiguredAgents;
  readonly tryOut: (entry: AgentEntry, signal: AbortSignal) => AsyncIterable<TryItem>;
}): Handlers<typeof api>['agents'] {
  const { registry, configured } = deps;
  return {
    list: async ({ refresh }) => [...(await registry.list(refresh))],
    async parseCommand({ text }) {
      const resolved = await registry.resolve(text);
      return resolved.ok ? resolved : { ok: false, message: resolved.error.message };
    },
    tryOut: (entry, signal) => deps.tryOut(entry, signal),
    async save({ entry }) {
      // The same again, after a lost answer: it is there already.
      if (configured.has(entry)) return configured.saved();
      const taken = (await registry.list(false)).map(({ name }) => name);
      const problem = firstProblem(entryProblems(entry, taken));
      if (problem !== null) return err({ code: 'agent.invalid', message: problem });
      const saved = configured.add(entry);
      await registry.list(true);
      return saved;
    },
    async remove({ name }) {
      const removed = configured.remove(name);
      await registry.list(true);
      return removed;
    },
  };
}

/** What a host can say of itself. Folder dialogs and menus belong to a window; the desktop answers for those itself. */
export function appHandlers(deps: {
  readonly info: () => Promise<AppInfo>;
  readonly doctor: () => Promise<readonly Check[]>;
}): Handlers<typeof api>['app'] {
  return {
    info: () => deps.info(),
    doctor: async () => ({ checks: [...(await deps.doctor())] }),
    pickFolder: () => null,
    async *menuCommands(_input, signal) {
      yield* createLiveQueue<AppCommand>(signal).items;
    },
  };
}
