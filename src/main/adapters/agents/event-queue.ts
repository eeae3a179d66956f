import type { AgentEvent } from '../../runtime/agent-backend.ts';

export type EventQueue = {
  /** `false`: the reader is so far behind that the limit is reached; the event is not kept. */
  push(event: AgentEvent): boolean;
  /** No more events; what is queued is still delivered. */
  end(): void;
  readonly events: AsyncIterable<AgentEvent>;
};

/** What may wait for a slow reader. Text that follows text of its kind is joined, so only real events count. */
export type QueueLimits = { readonly events: number; readonly characters: number };

const queueLimits: QueueLimits = { events: 100_000, characters: 64 * 1024 * 1024 };
const read: AgentEvent = { type: 'alive' };
const MAX_JOINED = 64 * 1024;

/** In-memory queue between an adapter and the one reader of its session. */
export function createEventQueue(limits: QueueLimits = queueLimits): EventQueue {
  const pending: AgentEvent[] = [];
  let first = 0;
  let held = 0;
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
      const weight = weigh(event);
      if (held + weight > limits.characters) return false;
      if (joined !== null) {
        pending[pending.length - 1] = joined;
        held += weight;
        return true;
      }
      if (pending.length - first >= limits.events) return false;
      pending.push(event);
      held += weight;
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
            // What was read must not be held: a flood of it would outlive every young collection.
            pending[first] = read;
            first += 1;
            held -= weigh(next);
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

/** Characters of foreign text in an event; the rest is small. */
function weigh(event: AgentEvent): number {
  switch (event.type) {
    case 'text':
    case 'thought':
      return event.delta.length;
    case 'notice':
      return event.text.length;
    case 'tool':
      return (event.output?.length ?? 0) + (event.command?.length ?? 0) + event.paths.join('').length;
    case 'plan':
      return event.items.reduce((sum, item) => sum + item.title.length, 0);
    case 'usage':
    case 'context':
    case 'retry':
    case 'autonomous_turn':
    case 'unmapped':
    case 'alive':
    case 'streamed':
      return 0;
  }
}

function join(last: AgentEvent, event: AgentEvent): AgentEvent | null {
  if (last.type === 'alive' && event.type === 'alive') return last;
  if (last.type === 'streamed' && event.type === 'streamed')
    return { type: 'streamed', bytes: last.bytes + event.bytes };
  if (last.type !== event.type) return null;
  if (
    (last.type !== 'text' && last.type !== 'thought') ||
    (event.type !== 'text' && event.type !== 'thought')
  )
    return null;
  if (last.delta.length + event.delta.length > MAX_JOINED) return null;
  return { type: last.type, delta: last.delta + event.delta };
}
