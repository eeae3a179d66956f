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

/** What a host can say of itself. Folder dialogs and menus belong to a window; the desktop answers for those itself. */
export function appHandlers(deps: { readonly info: () => Promise<AppInfo> }): Handlers<typeof api>['app'] {
  return {
    info: () => deps.info(),
    pickFolder: () => null,
    async *menuCommands(_input, signal) {
      yield* createLiveQueue<AppCommand>(signal).items;
    },
  };
}
