import type { api } from '../../../shared/api/index.ts';
import type { AppCommand, AppInfo } from '../../../shared/api/agents.ts';
import type { Handlers } from '../../../shared/rpc/serve.ts';
import type { AgentRegistry } from '../../runtime/ports.ts';
import { createLiveQueue } from '../live-queue.ts';

export function agentHandlers(deps: { readonly registry: AgentRegistry }): Handlers<typeof api>['agents'] {
  return {
    list: async ({ refresh }) => [...(await deps.registry.list(refresh))],
    async parseCommand({ text }) {
      const resolved = await deps.registry.resolve(text);
      return resolved.ok ? resolved : { ok: false, message: resolved.error.message };
    },
  };
}

export function appHandlers(deps: {
  readonly info: () => Promise<AppInfo>;
  /** Where the host has a window; elsewhere there is no dialog to open. */
  readonly pickFolder: (() => Promise<string | null>) | null;
}): Handlers<typeof api>['app'] {
  return {
    info: () => deps.info(),
    async pickFolder() {
      const path = deps.pickFolder ? await deps.pickFolder() : null;
      return path === null ? null : { path };
    },
    async *menuCommands(_input, signal) {
      yield* createLiveQueue<AppCommand>(signal).items;
    },
  };
}
