import type { AgentEvent } from '../../../runtime/agent-backend.ts';
import type { ToolBook } from './map.ts';

type ToolEvent = Extract<AgentEvent, { type: 'tool' }>;

/** Calls that were begun and not ended, those of sub-agents included. */
export type OpenTools = {
  see(event: AgentEvent): void;
  /** A cancelled or broken turn leaves calls that nobody ends: kimi sends no update for one that waited for a person. */
  fail(): readonly ToolEvent[];
};

export function createOpenTools(book: ToolBook): OpenTools {
  const open = new Map<string, ToolEvent>();
  return {
    see(event) {
      if (event.type !== 'tool') return;
      if (event.state === 'pending' || event.state === 'running') open.set(event.id, event);
      else open.delete(event.id);
    },
    fail() {
      return [...open.values()].map((event) => {
        const card = book.get(event.id);
        if (card !== undefined) book.set(event.id, { ...card, state: 'failed' });
        return { ...event, state: 'failed' };
      });
    },
  };
}
