import type { AgentEvent } from '../../runtime/agent-backend.ts';

type ToolEvent = Extract<AgentEvent, { type: 'tool' }>;

/** Calls that were begun and not ended, those of sub-agents included. */
export type OpenTools = {
  see(event: AgentEvent): void;
  /**
   * A cancelled or broken turn leaves calls that nobody ends: Kimi Code sends no update for one that waited for a person, kimi-cli
   * no result of a command it cut off.
   */
  fail(): readonly ToolEvent[];
};

/** @param mark the call has failed, should anything more be said about it */
export function createOpenTools(mark: (failed: ToolEvent) => void): OpenTools {
  const open = new Map<string, ToolEvent>();
  return {
    see(event) {
      if (event.type !== 'tool') return;
      if (event.state === 'pending' || event.state === 'running') open.set(event.id, event);
      else open.delete(event.id);
    },
    fail() {
      return [...open.values()].map((event) => {
        const failed: ToolEvent = { ...event, state: 'failed' };
        mark(failed);
        return failed;
      });
    },
  };
}
