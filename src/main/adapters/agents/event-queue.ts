import type { AgentEvent } from '../../runtime/agent-backend.ts';

export type EventQueue = {
  /** `false`: the reader is so far behind that the limit is reached; the event is not kept. */
  push(event: AgentEvent): boolean;
  /** No more events; what is queued is still delivered. */
  end(): void;
  readonly events: AsyncIterable<AgentEvent>;
};

/** Events waiting for a slow reader. Text that follows text of its kind is joined, so only real events count. */
const MAX_PENDING = 100_000;
const MAX_JOINED = 64 * 1024;

/** In-memory queue between an adapter and the one reader of its session. */
export function createEventQueue(maxPending = MAX_PENDING): EventQueue {
  const pending: AgentEvent[] = [];
  let first = 0;
  let ended = false;
  let wake: (() => void) | null = null;

  const rouse = (): void => {
    wake?.();
    wake = null;
  };

  return {
    push(event) {
      if (ended) return true;
      const last = pending.length > first ? pending.at(-1) : undefined;
      const joined = last === undefined ? null : join(last, event);
      if (joined !== null) {
        pending[pending.length - 1] = joined;
        return true;
      }
      if (pending.length - first >= maxPending) return false;
      pending.push(event);
      rouse();
      return true;
    },
    end() {
      ended = true;
      rouse();
    },
    events: {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const next = pending[first];
          if (next !== undefined) {
            first += 1;
            if (first > 1_000 && first * 2 > pending.length) {
              pending.splice(0, first);
              first = 0;
            }
            yield next;
            continue;
          }
          if (ended) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
    },
  };
}

function join(last: AgentEvent, event: AgentEvent): AgentEvent | null {
  if (last.type === 'alive' && event.type === 'alive') return last;
  if (last.type !== event.type) return null;
  if (
    (last.type !== 'text' && last.type !== 'thought') ||
    (event.type !== 'text' && event.type !== 'thought')
  )
    return null;
  if (last.delta.length + event.delta.length > MAX_JOINED) return null;
  return { type: last.type, delta: last.delta + event.delta };
}
